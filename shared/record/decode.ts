import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { record } from '../bounds.js';
import type { Partition } from '../line/partition.js';
import { gunzip, isGzip, statedChecksum } from './gzip.js';
import { type Alerts, readLabel } from './label.js';
import type { Nameable } from './recordName.js';

/** What a Firehose record turned out to hold. */
export type Decoded =
  /** A partition's lines that an earlier invocation put back on the stream: stored as they are. */
  | { readonly kind: 'partition'; readonly partition: Partition; readonly data: Buffer }
  /** Lines of UTF-8; of a record that is replayed, what its label says. */
  | ({ readonly kind: 'text'; readonly alerts?: Alerts } & Nameable)
  | { readonly kind: 'undecodable'; readonly reason: string };

/**
 * Decodes the base64 `data` of a Firehose record. Never throws.
 *
 * @param labelKeys keys by which a label is known to be ours
 */
export function decodeRecord(base64: string, labelKeys: readonly string[]): Decoded {
  const data = Buffer.from(base64, 'base64');
  // Buffer skips what is not base64, so what was skipped shows as missing bytes.
  if (data.length !== Buffer.byteLength(base64, 'base64')) return undecodable('the data is not base64');
  return decodeData(data, labelKeys);
}

/** The same for its bytes. */
export function decodeData(data: Buffer, labelKeys: readonly string[]): Decoded {
  if (data.length === 0) return undecodable('the record is empty');

  const foreign = foreignCompression(data);
  if (foreign)
    return undecodable(`the data is compressed with ${foreign}; set "compression gzip" in the Fluent Bit output`);
  if (!isGzip(data)) return textOf(data, crc32(data));

  try {
    const inflated = gunzip(data);
    const read = readLabel(data, labelKeys);
    if (read?.kind === 'forged') return undecodable(forgedLabel);
    if (read?.label.kind === 'partition') return { kind: 'partition', partition: read.label.partition, data };
    const text = textOf(inflated, statedChecksum(data, inflated.length) ?? crc32(inflated));
    return text.kind === 'text' && read ? { ...text, identity: read.label.identity, alerts: read.label.alerts } : text;
  } catch (error) {
    return undecodable(`the gzip data is broken: ${error instanceof Error ? error.message : error}`);
  }
}

const forgedLabel =
  'the label of Firesplit that it has was not signed with a key of this deployment; set PUT_BACK_KEYS to the keys that it had, newest first, and replay';

function textOf(data: Buffer, checksum: number): Decoded {
  if (!hasMoreLines(data, record.maxLines)) return { kind: 'text', data: asUtf8(data), checksum };
  return undecodable(
    `the record holds more than ${record.maxLines.toLocaleString('en')} lines, which would keep its neighbours waiting; send fewer in one record`,
  );
}

function hasMoreLines(data: Buffer, limit: number): boolean {
  // So many lines need as many bytes, at least.
  if (data.length <= limit) return false;
  let lines = 0;
  for (let at = data.indexOf(LINE_FEED); at >= 0; at = data.indexOf(LINE_FEED, at + 1))
    if (++lines > limit) return true;
  return false;
}

const LINE_FEED = 0x0a;

/** Lines that are not UTF-8 are read as Latin-1, which gives every byte a character and so loses none. */
function asUtf8(data: Buffer): Buffer {
  if (isUtf8(data)) return data;
  const lines: Buffer[] = [];
  for (let start = 0; start < data.length; ) {
    const newline = data.indexOf(LINE_FEED, start);
    const end = newline < 0 ? data.length : newline + 1;
    const line = data.subarray(start, end);
    lines.push(isUtf8(line) ? line : Buffer.from(line.toString('latin1'), 'utf8'));
    start = end;
  }
  return Buffer.concat(lines);
}

/** Formats that a collector can be told to send and that Node 20 can't read. */
function foreignCompression(data: Buffer): string | undefined {
  if (data.length < 4) return undefined;
  if (data.readUInt32BE(0) === 0x28b52ffd) return 'zstd';
  if (data.toString('latin1', 4, 10) === 'sNaPpY') return 'snappy';
  return undefined;
}

function undecodable(reason: string): Decoded {
  return { kind: 'undecodable', reason };
}
