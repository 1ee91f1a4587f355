import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isGzip } from '../../record/gzip.js';

/** An object holds no lines that can be read. The message says what it is. */
export class NotLinesError extends Error {
  override readonly name = 'NotLinesError';
}

/**
 * The content of an object that is gzip or not, as its first bytes tell: names and headers can't be relied on.
 *
 * @throws NotLinesError for what is neither gzip nor text.
 */
export async function* inflated(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const start = await firstBytes(iterator);
  const form = foreignForm(start);
  if (form !== undefined) {
    await iterator.return?.();
    throw new NotLinesError(`it is ${form}; only lines of text can be put on the stream, gzipped or not`);
  }
  const whole = continued(start, iterator);
  if (!isGzip(start)) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // What fails ends the iteration below as well, which tells it.
  const filling = pipeline(Readable.from(whole), gunzip).catch(() => undefined);
  for await (const chunk of gunzip) yield chunk as Uint8Array;
  await filling;
}

/** Enough to tell what it is. */
async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < LONGEST_MARK) {
    const next = await iterator.next();
    if (next.done) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* continued(start: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

/** What files that people keep beside logs begin with, in hexadecimal digits. */
const marks: readonly (readonly [string, string])[] = [
  ['28b52ffd', 'zstd'],
  ['504b0304', 'a zip file'],
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['50415231', 'Parquet'],
  ['4f5243', 'ORC'],
  ['4f626a01', 'Avro'],
  ['ff060000734e61507059', 'snappy'],
];
const LONGEST_MARK = 10;

function foreignForm(start: Buffer): string | undefined {
  const hex = start.subarray(0, LONGEST_MARK).toString('hex');
  const [form] = marks.flatMap(([mark, name]) => (hex.startsWith(mark) ? [name] : []));
  return form;
}
