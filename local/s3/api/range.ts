import { notImplemented, S3Error } from './s3Error.js';

/** Bytes of an object, the last included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes that a Range header asks for; undefined when it asks for none: S3 answers with the whole object to what is no
 * range (RFC 9110, 14.2).
 *
 * @throws S3Error when the object has none of these bytes.
 */
export function requestedRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const set = /^\s*bytes\s*=\s*(.*?)\s*$/i.exec(header)?.[1];
  if (set === undefined) return undefined;
  if (set.includes(',')) throw notImplemented('A Range of several parts', { Header: 'range' });
  const [, first = '', last = ''] = /^(\d*)\s*-\s*(\d*)$/.exec(set) ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: Math.min(last === '' ? size - 1 : Number(last), size - 1) };
  if (range.start > range.end) throw notSatisfiable(header, size);
  return range;
}

function notSatisfiable(header: string, size: number): S3Error {
  return new S3Error(
    'InvalidRange',
    'The requested range is not satisfiable',
    416,
    { RangeRequested: header, ActualObjectSize: size },
    { 'content-range': `bytes */${size}` },
  );
}
