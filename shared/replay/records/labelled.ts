import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { replay } from '../../bounds.js';
import { firehose } from '../../limits.js';
import { decodeData } from '../../record/decode.js';
import { gunzip, isGzip } from '../../record/gzip.js';
import { type Alerts, hasPlainHeader, labelMember, readLabel, withoutLabel } from '../../record/label.js';
import type { StatedIdentity } from '../../record/recordName.js';
import type { FoundObject } from '../ports.js';
import type { SourceRecord } from './sourceRecord.js';

/** How the records of a replay are labelled. */
export interface Labelling {
  readonly alerts: Alerts;
  /** Of the deployment, the newest first: it signs; all of them are believed. */
  readonly keys: readonly [string, ...string[]];
}

/** A record for the stream, or why it can't be put there. */
export type Labelled = { readonly data: Buffer } | { readonly problem: string };

/**
 * The record with its content as it was, and a label that says that it is replayed, what becomes of alerts, and what tells it
 * from all other records however often it is put back: the object it is from and its place there.
 *
 * @param position in the object, from 0
 */
export function labelled(record: SourceRecord, object: FoundObject, position: number, by: Labelling): Labelled {
  const { data } = record;
  const read = readLabel(data, by.keys);
  // Rows that an invocation had put back: they go to the store as they are, and have been past the rules. With a key that was
  // not told here the transform says so once more, until it is.
  if (read?.label.kind === 'partition') return { data };
  const decoded = decodeData(withoutLabel(data), []);
  if (decoded.kind === 'undecodable') return { problem: decoded.reason };
  if (decoded.kind === 'text' && ownRow.test(decoded.data.toString('latin1', 0, LONGEST_ROW_START))) {
    return {
      problem:
        'it holds rows of the transform, which would be taken for lines; it failed behind the transform: put what rawData holds under logs/ (docs/replay.md)',
    };
  }
  const identity = read?.kind === 'ours' ? read.label.identity : identityOf(record, object, position);
  return fitted(withoutLabel(data), (member) =>
    labelMember(member, { kind: 'replay', identity, alerts: by.alerts }, by.keys[0]),
  );
}

/** How a row begins and ends, which no collector's envelope does (shared/line/rowText.ts). */
const ownRow = /^\{"ts":"[^"\n]*"[^\n]*"record":"[\w-]{21}","line":\d/;
const LONGEST_ROW_START = 65_536;

function identityOf(
  { arrival }: SourceRecord,
  { bucket, key, etag, modified }: FoundObject,
  position: number,
): StatedIdentity {
  const digest = createHash('sha256').update(`${bucket}\n${key}\n${etag}\n${position}`).digest('base64url');
  return { name: digest.slice(0, 16), time: arrival ?? modified };
}

/** Compressed anew only where it has to be: without room for a label, or without a header for one. */
function fitted(data: Buffer, label: (member: Buffer) => Buffer): Labelled {
  const fits = (member: Buffer) => member.length <= firehose.maxRecordBytes;
  const asItIs = hasPlainHeader(data) ? label(data) : undefined;
  if (asItIs && fits(asItIs)) return { data: asItIs };
  const content = isGzip(data) ? gunzip(data) : data;
  for (const level of asItIs ? [9] : [replay.gzipLevel, 9]) {
    const member = label(gzipSync(content, { level }));
    if (fits(member)) return { data: member };
  }
  return { problem: 'it is as large as a record can be, and has no room for its label' };
}
