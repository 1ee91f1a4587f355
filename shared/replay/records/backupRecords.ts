import { crc32, inflateRawSync } from 'node:zlib';
import { record, replay } from '../../bounds.js';
import { firehose } from '../../limits.js';
import { isGzip } from '../../record/gzip.js';
import { aggregated } from './importedRecords.js';
import { NotLinesError } from './inflated.js';
import { linesOf } from './lines.js';
import type { Found } from './sourceRecord.js';

/**
 * The records of Firehose's source backup, which it joins without anything between them. A gzip member is a record as its
 * collector sent it. What stands between members is text: the lines of one record or of several, which nothing tells apart, so
 * they are put together anew. An object that Firehose compressed once more holds all of that within.
 */
export async function* backupRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  yield* recordsIn(await wholeOf(chunks));
}

async function* recordsIn(data: Buffer): AsyncGenerator<Found> {
  for (let start = 0; start < data.length; ) {
    // Padding, as some collectors put behind a member.
    if (data[start] === 0) {
      start++;
      continue;
    }
    const member = memberAt(data, start);
    if (member) {
      yield* unpacked(data.subarray(start, member.end), member.content);
      start = member.end;
      continue;
    }
    const end = textEnd(data, start);
    if (end === start) {
      yield { problem: 'a gzip member is broken; what follows it up to the next one is passed over' };
      start = nextMember(data, start + 1);
      continue;
    }
    yield* aggregated(linesOf(once(data.subarray(start, end))));
    start = end;
  }
}

/** A record; or what Firehose put into one member: records once more, or more text than a record may hold. */
async function* unpacked(member: Buffer, content: Buffer): AsyncGenerator<Found> {
  if (content.includes(GZIP)) yield* recordsIn(content);
  else if (content.length <= record.maxInflatedBytes && member.length <= firehose.maxRecordBytes)
    yield { data: member };
  else yield* aggregated(linesOf(once(content)));
}

/** The gzip member that begins there, with its end; undefined when none does, or it is broken. */
function memberAt(data: Buffer, start: number): { readonly content: Buffer; readonly end: number } | undefined {
  const rest = data.subarray(start);
  const header = isGzip(rest) ? headerLength(rest) : undefined;
  if (header === undefined) return undefined;
  try {
    const options = { info: true, maxOutputLength: replay.maxObjectBytes } as const;
    const { buffer, engine } = inflateRawSync(rest.subarray(header), options) as unknown as InflateInfo;
    const trailer = start + header + engine.bytesWritten;
    const isSound = trailer + TRAILER <= data.length && data.readUInt32LE(trailer) === crc32(buffer);
    return isSound ? { content: buffer, end: trailer + TRAILER } : undefined;
  } catch {
    return undefined;
  }
}

/** What inflateRawSync gives with `info`, which the types leave out: https://nodejs.org/api/zlib.html#class-options */
interface InflateInfo {
  readonly buffer: Buffer;
  /** Of the input, so many bytes were read: up to the end of the deflated data. */
  readonly engine: { readonly bytesWritten: number };
}

/** RFC 1952, section 2.3: ten bytes, then what the flags announce; undefined when that goes beyond the data. */
function headerLength(data: Buffer): number | undefined {
  const flags = data[3] ?? 0;
  let at = 10;
  if (flags & FEXTRA) at += data.length < at + 2 ? data.length : 2 + data.readUInt16LE(at);
  for (const flag of [FNAME, FCOMMENT]) {
    if (!(flags & flag)) continue;
    const end = data.indexOf(0, at);
    at = end < 0 ? data.length : end + 1;
  }
  if (flags & FHCRC) at += 2;
  return at < data.length ? at : undefined;
}

/** UTF-8 never holds what a gzip member begins with, so text ends there. */
function textEnd(data: Buffer, start: number): number {
  const next = isGzip(data.subarray(start)) ? start : nextMember(data, start);
  const padding = data.indexOf(0, start);
  return padding < 0 ? next : Math.min(next, padding);
}

function nextMember(data: Buffer, start: number): number {
  const next = data.indexOf(GZIP, start);
  return next < 0 ? data.length : next;
}

async function wholeOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > replay.maxObjectBytes) {
      throw new NotLinesError(
        `it holds more than ${replay.maxObjectBytes} bytes, which is more than Firehose backs up in one object`,
      );
    }
    pieces.push(chunk);
  }
  return Buffer.concat(pieces, bytes);
}

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}

const GZIP = Buffer.from([0x1f, 0x8b, 8]);
/** RFC 1952: behind the deflated data stand the CRC-32 of the content and its length. */
const TRAILER = 8;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
