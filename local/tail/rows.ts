import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { TailedRow } from '../console/tail.js';

/** Rows, or how many objects full of them were left out because they came faster than they were read. */
export type Tailed = TailedRow | { readonly missed: number };

/**
 * What the `up` behind a console stores from now on, until it stops or the signal is aborted.
 *
 * @throws Error when nothing answers there.
 */
export async function* tailedRows(console: string, signal: AbortSignal): AsyncGenerator<Tailed> {
  const response = await fetch(`${console}/tail`, { signal });
  if (!response.ok || response.body === null) {
    throw new Error(`${console} answered ${response.status}: is that the console of a current "firesplit up"?`);
  }
  const body = Readable.fromWeb(response.body as ReadableStream);
  try {
    for await (const line of createInterface({ input: body })) yield JSON.parse(line) as Tailed;
  } catch (error) {
    if (!signal.aborted && !isEnd(error)) throw error;
  }
}

/** An `up` that stops, or is killed, ends its answers in the middle. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && /terminated|aborted|other side closed/.test(error.message);
}
