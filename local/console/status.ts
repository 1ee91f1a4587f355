import type { Buffered } from '../firehose/stream/ledger.js';

/** What `GET /status` answers: for those who wait for their lines. */
export interface Status {
  /** Milliseconds after which a line can be queried at the latest, apart from the time that the function takes. */
  readonly queryableWithin: number;
  /** What was accepted and can't be queried yet. */
  readonly buffered: Buffered;
}

/**
 * Asks a running `firesplit up`.
 *
 * @param console its address; undefined for none.
 * @returns undefined when it does not run.
 */
export async function askStatus(console: string | undefined): Promise<Status | undefined> {
  if (console === undefined) return undefined;
  try {
    const response = await fetch(`${console}/status`);
    return response.ok ? ((await response.json()) as Status) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Resolves once nothing is buffered any more, or when it should have been by now.
 *
 * @param longest the buffering time, in milliseconds, that is waited for; a stream that takes longer is only asked.
 */
export async function untilStored(
  console: string,
  longest: number,
  pause: (ms: number) => Promise<unknown>,
): Promise<Status | undefined> {
  let status = await askStatus(console);
  if (status === undefined || status.queryableWithin > longest) return status;
  for (let waited = 0; status && status.buffered.items > 0 && waited < longest + grace; waited += pollInterval) {
    await pause(pollInterval);
    status = await askStatus(console);
  }
  return status;
}

/** For the function, whose first invocation takes longest: milliseconds. */
const grace = 10_000;
const pollInterval = 100;
