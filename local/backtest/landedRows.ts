import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { chunkSize, linesIn } from './lines.js';

/**
 * The lines of a landed object, as compaction reads it: gzip members where its key ends with `.gz`, plain text otherwise. The
 * object may fail before anyone asks for a line; the error waits for whoever does.
 *
 * @throws Error when it is no whole gzip file
 */
export function landedLines(object: Readable, key: string): AsyncGenerator<readonly string[]> {
  const content = key.endsWith('.gz') ? createGunzip({ chunkSize }) : new PassThrough();
  // Whoever reads the content has the error.
  pipeline(object, content, () => undefined);
  return linesIn(content);
}

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
