import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { record } from '../bounds.js';

const compress = promisify(gzip);

/** RFC 1952: a member starts with ID1 ID2 and the only method there is. */
export function isGzip(data: Uint8Array): boolean {
  return data.length >= HEADER && data[0] === 0x1f && data[1] === 0x8b && data[2] === 8;
}

/** One gzip member; the work is done on libuv's pool, off the thread that parses. */
export function gzipMember(rows: Uint8Array, level: number): Promise<Buffer> {
  return compress(rows, { level });
}

/**
 * Inflates one or more concatenated members, with or without NUL padding between and behind them.
 *
 * @throws Error for anything else, and beyond `record.maxInflatedBytes`.
 */
export function gunzip(data: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let room: number = record.maxInflatedBytes;
  for (let start = 0; start < data.length; ) {
    const { inflated, length } = inflate(data.subarray(start), room);
    pieces.push(inflated);
    room -= inflated.length;
    start = paddingEnd(data, start + length);
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}

/** Members up to the first padding: zlib takes that for the end of the file, and says nothing of what follows. */
function inflate(data: Buffer, room: number): { readonly inflated: Buffer; readonly length: number } {
  const options = { maxOutputLength: Math.max(room, 1), chunkSize: inflatedChunk(data), info: true } as const;
  const { buffer, engine } = gunzipSync(data, options) as unknown as GunzipInfo;
  return { inflated: buffer, length: engine.bytesWritten };
}

/** What gunzipSync gives with `info`, which the types leave out: https://nodejs.org/api/zlib.html#class-options */
interface GunzipInfo {
  readonly buffer: Buffer;
  /** Of these, so many bytes were read. */
  readonly engine: { readonly bytesWritten: number };
}

function paddingEnd(data: Buffer, start: number): number {
  let end = start;
  while (end < data.length && data[end] === 0) end++;
  return end;
}

/** Room for all that the last member says it holds (RFC 1952, ISIZE), so that one piece is inflated instead of dozens. */
function inflatedChunk(data: Buffer): number {
  const size = data.length < ISIZE ? 0 : data.readUInt32LE(data.length - ISIZE) + 1;
  return Math.max(MIN_CHUNK, Math.min(size, MAX_CHUNK));
}

/** Bytes at the end of a member that say how much it holds; before them stand as many with its CRC-32. */
const ISIZE = 4;

/**
 * CRC-32 of what the data holds, as its trailer says and zlib has checked; undefined when that is about a part of it.
 *
 * @param length of all that it holds
 */
export function statedChecksum(data: Buffer, length: number): number | undefined {
  const end = data.length - ISIZE;
  return data.readUInt32LE(end) === length ? data.readUInt32LE(end - 4) : undefined;
}
/** zlib's least. */
const MIN_CHUNK = 64;
/** What a member says can't be relied on. */
const MAX_CHUNK = 2 ** 20;

/** Bytes of the header without what its flags announce. */
const HEADER = 10;
