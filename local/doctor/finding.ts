/**
 * What an examination comes to. `fail`: AWS refuses it, or nothing comes of it. `warn`: it is taken, and will hurt. `unknown`: it could
 * not be looked at, which says nothing about it.
 */
export const results = ['fail', 'unknown', 'warn', 'pass'] as const;
export type Result = (typeof results)[number];

/** One thing that is wrong, or that could not be looked at. */
export interface Finding {
  readonly result: Exclude<Result, 'pass'>;
  /** Such as `infra/resources/queue.yml:4 SignalsQueue.VisibilityTimeout`. */
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
  /** Address of the page that says so. */
  readonly source?: string;
}

/** What was looked at together, such as all queues. */
export interface Examination {
  /** Such as `queues`. */
  readonly name: string;
  /** What holds when there is no finding. */
  readonly about: string;
  readonly findings: readonly Finding[];
}

/** The gravest of its findings. */
export function resultOf({ findings }: Examination): Result {
  return results.find((result) => findings.some((finding) => finding.result === result)) ?? 'pass';
}
