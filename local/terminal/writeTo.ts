import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes text no faster than it is read.
 *
 * @returns whether all was read: `firesplit … | head` closes the pipe when it has enough, which is no error
 */
export async function writeTo(output: NodeJS.WritableStream, text: AsyncIterable<string>): Promise<boolean> {
  try {
    await pipeline(Readable.from(text), output, { end: false });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && isClosed(error.code)) return false;
    throw error;
  }
}

function isClosed(code: unknown): boolean {
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
