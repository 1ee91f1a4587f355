import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { record } from '../../shared/bounds.js';
import { isGzip } from '../../shared/record/gzip.js';
import { billedBytes } from '../ship/shipper.js';
import type { LineUsage } from './usage.js';

/** Looks into records, gzipped or not, for their lines; what is broken counts as one line. Never rejects. */
export async function linesOf(records: readonly Uint8Array[]): Promise<LineUsage> {
  const found: LineUsage = { sentBytes: 0, lines: 0, rawBytes: 0, billedBytes: 0 };
  for (const data of records) {
    found.sentBytes += data.length;
    count(isGzip(data) ? await inflate(data) : data, found);
  }
  return found;
}

function count(text: Uint8Array, found: LineUsage): void {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf(NEWLINE, start);
    const end = newline === -1 ? text.length : newline + 1;
    // Fluent Bit ends an aggregate with a blank line, which is nobody's record.
    if (end - start > 1 || text[start] !== NEWLINE) {
      found.lines++;
      found.rawBytes += end - start;
      found.billedBytes += billedBytes(end - start);
    }
    start = end;
  }
}

const NEWLINE = 0x0a;

/** On libuv's pool, off the thread that takes the puts. */
const inflateMembers = promisify(gunzip);

async function inflate(data: Uint8Array): Promise<Uint8Array> {
  return inflateMembers(data, { maxOutputLength: record.maxInflatedBytes }).catch(() => data);
}
