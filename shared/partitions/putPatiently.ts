import type { RecordStream } from './storage.js';

/**
 * Puts records, and those again that were refused: what was accepted once must not arrive twice. Resolves to what the stream
 * still refuses in the end.
 *
 * @param delays between the attempts, ms
 * @param failed told of an attempt that failed as a whole
 */
export async function putPatiently(
  records: readonly Uint8Array[],
  stream: RecordStream,
  delays: readonly number[],
  pause: (ms: number) => Promise<unknown>,
  failed: (error: unknown) => void = () => undefined,
): Promise<readonly Uint8Array[]> {
  const attempt = (batch: readonly Uint8Array[]) =>
    stream.putBatch(batch).catch((error: unknown) => {
      failed(error);
      return batch;
    });
  let refused = await attempt(records);
  for (const delay of delays) {
    if (refused.length === 0) break;
    await pause(delay);
    refused = await attempt(refused);
  }
  return refused;
}
