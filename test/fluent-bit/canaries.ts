import type { Canary } from '../../shared/record/canary.js';

/** What the canaries of a scenario say, as far as they came. */
export interface CanaryTally {
  /** Runs of the router of which one came. */
  readonly runs: number;
  /** The highest number of each run, added up. */
  readonly numbered: number;
  readonly missing: number;
  readonly doubled: number;
  /** Lines that the routers read, and lines that they gave up, as their last canaries that came have it. */
  readonly lines: number;
  readonly dropped: number;
}

/** Counts canaries in any order. */
export class Canaries {
  private readonly runs = new Map<number, { readonly seen: Set<number>; last: Canary }>();
  private all = 0;

  add(canary: Canary): void {
    const { run, number } = canary;
    const known = this.runs.get(run) ?? { seen: new Set(), last: canary };
    this.runs.set(run, known);
    known.seen.add(number);
    if (number > known.last.number) known.last = canary;
    this.all++;
  }

  tally(): CanaryTally {
    const runs = [...this.runs.values()];
    const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((total, run) => total + of(run), 0);
    const came = sum(({ seen }) => seen.size);
    const numbered = sum(({ last }) => last.number);
    return {
      runs: runs.length,
      numbered,
      missing: numbered - came,
      doubled: this.all - came,
      lines: sum(({ last }) => last.now?.lines ?? 0),
      dropped: sum(({ last }) => last.now?.dropped ?? 0),
    };
  }
}

/** `58 of 60 (2 runs), 1 twice, 3 dropped`: without what is zero. */
export function canaryText({ runs, numbered, missing, doubled, dropped, lines }: CanaryTally): string {
  return [
    `${numbered - missing} of ${numbered}${runs === 1 ? '' : ` (${runs} runs)`}`,
    ...(doubled > 0 ? [`${doubled} twice`] : []),
    `${lines} read`,
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
  ].join(', ');
}
