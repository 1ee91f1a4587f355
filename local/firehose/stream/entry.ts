import { crc32 } from 'node:zlib';

/** A record that was accepted and is not transformed yet. */
export interface SourceRecord {
  /** Unique in this data folder and rising: the order of arrival. */
  readonly sequence: number;
  /** ms since the epoch. */
  readonly arrival: number;
  readonly data: Buffer;
}

/** What a transformed record adds to an object. */
export interface Output {
  readonly sequence: number;
  /** When its source record arrived; the oldest one names and dates the object. */
  readonly arrival: number;
  readonly kind: 'lines' | 'failure';
  /** The partition's prefix; see PrefixExpression.partitionFor. */
  readonly prefix: string;
  readonly data: Buffer;
}

/**
 * One step of the stream, written as a whole or not at all.
 * - opened: first in each segment, so that sequences never start again when older segments are gone.
 * - accepted: acknowledged to the sender. With `invocations`, put back by a transform that is still running, one of
 *   these: the records count only once a `transformed` entry names one, else its retry would put them back twice.
 * - sealed: these records go to the transform together. After a crash exactly the same set goes again, so that what
 *   the transform names after its record ids (signals, fallback objects) is named the same.
 * - transformed: the sealed batch became these outputs.
 * - delivered: the outputs are in the staged file, which is to be the object `key`.
 * - backedUp: the same for source records on their way to the backup, for those that were accepted with `backup`.
 */
export type Entry =
  | { readonly kind: 'opened'; readonly nextSequence: number }
  | {
      readonly kind: 'accepted';
      readonly records: readonly SourceRecord[];
      readonly invocations?: readonly string[];
      readonly backup?: true;
    }
  | { readonly kind: 'sealed'; readonly batch: number; readonly records: readonly number[] }
  | {
      readonly kind: 'transformed';
      readonly batch: number;
      readonly invocations: readonly string[];
      readonly outputs: readonly Output[];
    }
  | { readonly kind: 'delivered'; readonly outputs: readonly number[]; readonly object: StagedObject }
  | { readonly kind: 'backedUp'; readonly records: readonly number[]; readonly object: StagedObject };

/** A staged file and the object that it is to be. */
export interface StagedObject {
  readonly bucket: string;
  readonly staged: string;
  readonly key: string;
  readonly contentEncoding?: string;
}

export interface Decoded {
  readonly entries: readonly Entry[];
  /** Bytes of whole, intact entries; what follows was torn by a crash. */
  readonly length: number;
}

/** Frame: length of the body, CRC-32 of the body (both unsigned 32-bit big-endian), body. */
const frameBytes = 8;
/** Body: length of the header, header (JSON), the data of the header's records end to end. */
const headerLengthBytes = 4;

/** Data in more pieces than this is joined: to check and write it piece by piece takes longer than to copy it. */
const maxPieces = 16;

/** The entry as buffers to write one after the other. */
export function encodeEntry(entry: Entry): Buffer[] {
  const data = blobsOf(entry);
  const header = JSON.stringify(withoutData(entry));
  const head = Buffer.from(`${header}\n${JSON.stringify(data.map((blob) => blob.length))}`);
  const blobs = data.length > maxPieces ? [Buffer.concat(data)] : data;
  const start = Buffer.allocUnsafe(frameBytes + headerLengthBytes);
  start.writeUInt32BE(head.length, frameBytes);
  let checksum = crc32(head, crc32(start.subarray(frameBytes)));
  let length = headerLengthBytes + head.length;
  for (const blob of blobs) {
    checksum = crc32(blob, checksum);
    length += blob.length;
  }
  start.writeUInt32BE(length, 0);
  start.writeUInt32BE(checksum, 4);
  return [start, head, ...blobs];
}

/** Reads entries up to the first one that is cut short or damaged. */
export function decodeEntries(bytes: Buffer): Decoded {
  const entries: Entry[] = [];
  let offset = 0;
  while (offset + frameBytes + headerLengthBytes <= bytes.length) {
    const length = bytes.readUInt32BE(offset);
    const body = bytes.subarray(offset + frameBytes, offset + frameBytes + length);
    // A length of zero is the zeros that some file systems leave behind a power cut; their CRC would be right.
    if (length <= headerLengthBytes || body.length < length || crc32(body) !== bytes.readUInt32BE(offset + 4)) break;
    entries.push(decodeBody(body));
    offset += frameBytes + length;
  }
  return { entries, length: offset };
}

function decodeBody(body: Buffer): Entry {
  const headEnd = headerLengthBytes + body.readUInt32BE(0);
  const [header = '', sizes = '[]'] = body.toString('utf8', headerLengthBytes, headEnd).split('\n');
  let offset = headEnd;
  const blobs = (JSON.parse(sizes) as number[]).map((size) => {
    offset += size;
    // Copied, so that one pending record does not keep a whole segment in memory.
    return Buffer.from(body.subarray(offset - size, offset));
  });
  const entry = JSON.parse(header) as Entry;
  const withData = <T extends { data: Buffer }>(items: readonly T[]) =>
    items.map((item, index) => ({ ...item, data: blobs[index] ?? Buffer.alloc(0) }));
  if (entry.kind === 'accepted') return { ...entry, records: withData(entry.records) };
  if (entry.kind === 'transformed') return { ...entry, outputs: withData(entry.outputs) };
  return entry;
}

/** Not left to a replacer of JSON.stringify: Buffer.toJSON would list each byte before the replacer drops it. */
function withoutData(entry: Entry): object {
  if (entry.kind === 'accepted') {
    return { ...entry, records: entry.records.map(({ sequence, arrival }) => ({ sequence, arrival })) };
  }
  if (entry.kind === 'transformed') {
    return { ...entry, outputs: entry.outputs.map(({ data, ...output }) => output) };
  }
  return entry;
}

function blobsOf(entry: Entry): Buffer[] {
  if (entry.kind === 'accepted') return entry.records.map((record) => record.data);
  if (entry.kind === 'transformed') return entry.outputs.map((output) => output.data);
  return [];
}
