import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * The lines of an object of gzip members, in order, as binary strings (shared/text/binary.ts).
 *
 * @param take gets each line, without its line break
 *
 * @returns how many bytes the lines were
 */
export async function readLines(object: Readable, take: (line: string) => void): Promise<number> {
  let bytes = 0;
  await pipeline(object, createGunzip({ chunkSize: CHUNK }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const lines of wholeLines(chunks)) {
      bytes += lines.length;
      takeLines(lines.toString('latin1'), take);
    }
  });
  return bytes;
}

/** The same bytes in pieces that end with a line; the last one may lack its line break. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer | undefined;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      rest = rest ? Buffer.concat([rest, chunk]) : chunk;
      continue;
    }
    const whole = chunk.subarray(0, end);
    yield rest ? Buffer.concat([rest, whole]) : whole;
    rest = end < chunk.length ? chunk.subarray(end) : undefined;
  }
  if (rest) yield rest;
}

function takeLines(text: string, take: (line: string) => void): void {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end > start) take(text.slice(start, end));
    start = end + 1;
  }
}

/** Large pieces make few turns of the event loop; those in use stay in the processor's cache. */
const CHUNK = 1 << 18;
const LINE_FEED = 10;

/** Event time of a row as it is stored, `{"ts":"2026-11-22 16:03:01.250",…`; ms since the epoch, NaN when it is no row. */
export function timeOf(line: string): number {
  // Rows of one second come together, and Date.parse costs a third of parsing a row.
  if (!line.startsWith(latest.head)) {
    const [head, date = '', time = ''] = rowHead.exec(line) ?? [];
    if (head === undefined) return Number.NaN;
    latest.head = head;
    latest.time = Date.parse(`${date}T${time}Z`);
  }
  return latest.time + Number(line.slice(latest.head.length, latest.head.length + 3));
}

const rowHead = /^\{"ts":"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\./;
/** Of the row before, up to its milliseconds. */
const latest = { head: '{"ts":"0000-00-00 00:00:00.', time: Number.NaN };
