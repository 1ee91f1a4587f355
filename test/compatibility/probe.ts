/** One thing that a client may want of an operation. */
export interface Probe<Client> {
  readonly operation: string;
  /** As a table tells it. */
  readonly what: string;
  /**
   * Rejects with the service's error for what is not implemented, as `Promise.any` does when that goes for several things,
   * or with anything else when it isn't as it should be.
   */
  run(client: Client): Promise<unknown>;
  /** Set when `run` does what it says here: how that differs from AWS. */
  readonly differs?: string;
}

/** What came of a probe, as the files in docs/compatibility have it. */
export interface Finding {
  readonly operation: string;
  readonly what: string;
  readonly result: 'works' | 'refused' | 'differs';
  readonly note?: string;
}

/** @throws whatever the probe rejected with, unless that is a refusal. */
export async function findingOf<Client>(
  { operation, what, run, differs }: Probe<Client>,
  client: Client,
  isRefusal: (error: unknown) => boolean,
): Promise<Finding> {
  try {
    await run(client);
    if (differs !== undefined) return { operation, what, result: 'differs', note: differs };
    return { operation, what, result: 'works' };
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    if (errors.every(isRefusal)) return { operation, what, result: 'refused' };
    throw new Error(`${operation}, ${what}: ${errors.join('; ')}`, { cause: error });
  }
}
