/**
 * The lines of a text in UTF-8, in order, without their line breaks and without empty ones, as binary strings
 * (shared/text/binary.ts), some at a time.
 */
export async function* linesIn(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  for await (const lines of wholeLines(chunks)) {
    yield lines
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '');
  }
}

/** The same bytes in pieces that end with a line; the last one may lack its line break. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest.push(chunk);
      continue;
    }
    yield Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = [chunk.subarray(end)];
  }
  yield Buffer.concat(rest);
}

/** Large pieces make few turns of the event loop; those in use stay in the processor's cache. */
export const chunkSize = 1 << 18;

const LINE_FEED = 10;
