import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { record } from '../limits.js';
import { type Partition, parsePartitionPath, partitionPath } from '../line/partition.js';

const compress = promisify(gzip);

/** RFC 1952: a member starts with ID1 ID2 and the only method there is. */
export function isGzip(data: Uint8Array): boolean {
  return data.length >= HEADER && data[0] === 0x1f && data[1] === 0x8b && data[2] === 8;
}

/** One gzip member; the work is done on libuv's pool, off the thread that parses. */
export function gzipMember(rows: Uint8Array, level: number): Promise<Buffer> {
  return compress(rows, { level });
}

/** Inflates one or more concatenated members. Throws on anything broken, and beyond `record.maxInflatedBytes`. */
export function gunzip(data: Uint8Array): Buffer {
  return gunzipSync(data, { maxOutputLength: record.maxInflatedBytes, chunkSize: inflatedChunk(data) });
}

/** Room for all that the last member says it holds (RFC 1952, ISIZE), so that one piece is inflated instead of dozens. */
function inflatedChunk(data: Uint8Array): number {
  const size = new DataView(data.buffer, data.byteOffset + data.length - 4).getUint32(0, true) + 1;
  return Math.max(MIN_CHUNK, Math.min(size, MAX_CHUNK));
}

/** zlib's least. */
const MIN_CHUNK = 64;
/** What a member says can't be relied on. */
const MAX_CHUNK = 2 ** 20;

/**
 * A member that carries its partition in the header's extra field (RFC 1952, FEXTRA), so that the transform
 * recognises it when it comes back on the stream and passes it through. To every reader it stays the same gzip file.
 */
export function labelMember(member: Uint8Array, partition: Partition): Buffer {
  const label = Buffer.from(partitionPath(partition), 'ascii');
  const header = Buffer.from(member.subarray(0, HEADER));
  header[FLAGS] = FEXTRA;
  const extra = Buffer.alloc(2 + SUBFIELD);
  extra.writeUInt16LE(SUBFIELD + label.length, 0);
  extra.write(SUBFIELD_ID, 2, 'ascii');
  extra.writeUInt16LE(label.length, 4);
  return Buffer.concat([header, extra, label, member.subarray(HEADER)]);
}

/** The partition that {@link labelMember} wrote, or undefined for any other data. */
export function readLabel(data: Buffer): Partition | undefined {
  if (!isGzip(data) || data[FLAGS] !== FEXTRA || data.length < HEADER + 2 + SUBFIELD) return undefined;
  if (data.toString('latin1', HEADER + 2, HEADER + 4) !== SUBFIELD_ID) return undefined;
  const start = HEADER + 2 + SUBFIELD;
  const end = start + data.readUInt16LE(HEADER + 4);
  // Ours is the only subfield of a member we wrote.
  if (end !== HEADER + 2 + data.readUInt16LE(HEADER) || end > data.length) return undefined;
  return parsePartitionPath(data.toString('latin1', start, end));
}

const HEADER = 10;
const FLAGS = 3;
const FEXTRA = 4;
/** SI1 SI2 and the length of the subfield's data. */
const SUBFIELD = 4;
const SUBFIELD_ID = 'FS';
