import type { IncomingHttpHeaders } from 'node:http';
import type { Precondition, StoredObject } from '../store/objectFolder.js';
import { noSuchKey, notImplemented, preconditionFailed } from './s3Error.js';

export type ReadVerdict =
  | { readonly kind: 'answer' }
  | { readonly kind: 'not modified' }
  | { readonly kind: 'failed'; readonly condition: string };

/**
 * What the conditions of a read come to. If-Match goes before If-Unmodified-Since, If-None-Match before If-Modified-Since.
 *
 * @param prefix of the headers' names: those of a copy's source begin with `x-amz-copy-source-`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function readVerdict(headers: IncomingHttpHeaders, object: Tagged, prefix = ''): ReadVerdict {
  const header = (name: string) => textOf(headers[`${prefix}${name}`]);
  const [match, unmodifiedSince] = [header('if-match'), timeOf(header('if-unmodified-since'))];
  if (match !== undefined) {
    if (!matches(match, object)) return { kind: 'failed', condition: 'If-Match' };
  } else if (unmodifiedSince !== undefined && seconds(object.modified) > unmodifiedSince) {
    return { kind: 'failed', condition: 'If-Unmodified-Since' };
  }
  const [noneMatch, modifiedSince] = [header('if-none-match'), timeOf(header('if-modified-since'))];
  if (noneMatch !== undefined) return matches(noneMatch, object) ? { kind: 'not modified' } : { kind: 'answer' };
  const unmodified = modifiedSince !== undefined && seconds(object.modified) <= modifiedSince;
  return unmodified ? { kind: 'not modified' } : { kind: 'answer' };
}

/** @throws S3Error when the source of a copy is not as the client wants it: there is no 304 for it. */
export function checkCopySource(headers: IncomingHttpHeaders, source: Tagged): void {
  const verdict = readVerdict(headers, source, 'x-amz-copy-source-');
  if (verdict.kind === 'answer') return;
  const condition = verdict.kind === 'failed' ? verdict.condition : 'If-None-Match';
  throw preconditionFailed(`x-amz-copy-source-${condition}`);
}

/**
 * What has to hold of the object that a write replaces.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function writeCondition(headers: IncomingHttpHeaders, key: string): Precondition {
  const [match, noneMatch] = [textOf(headers['if-match']), textOf(headers['if-none-match'])];
  if (noneMatch !== undefined && noneMatch.trim() !== '*') {
    throw notImplemented('A write with If-None-Match and anything but *', { Header: 'if-none-match' });
  }
  return (current) => {
    if (noneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
    if (match === undefined) return;
    if (!current) throw noSuchKey(key);
    if (!matches(match, current)) throw preconditionFailed('If-Match');
  };
}

/** What has to hold of the object that a delete removes; that there is none is as the client wants it. */
export function deleteCondition(match: string | undefined): Precondition | undefined {
  if (match === undefined) return undefined;
  return (current) => {
    if (current && !matches(match, current)) throw preconditionFailed('If-Match');
  };
}

type Tagged = Pick<StoredObject, 'modified' | 'description'>;

/** A list of ETags in quotes or without, or `*` for any. */
function matches(list: string, { description }: Tagged): boolean {
  const etags = list.split(',').map((etag) => etag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'));
  return etags.some((etag) => etag === '*' || etag === description.etag);
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}

/** A date that can't be read sets no condition (RFC 9110, 13.1.3). */
function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : seconds(time);
}

/** HTTP's dates have no more. */
function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
