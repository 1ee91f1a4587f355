import { createHash } from 'node:crypto';

/** Where a line came from: with the number of its lines, and of its part where it was cut, what identifies a row. */
export interface Place {
  /** The name of its record (record/recordName.ts). */
  readonly record: string;
  /** Its number there, from 1, in the order read; of several lines that of the first. */
  readonly line: number;
  /** How many lines of the log it is joined from, mostly 1. */
  readonly lines: number;
}

/** The place of lines that are joined: that of the first, in a record named by those of all of them. */
export function joinedPlace(places: readonly [Place, ...Place[]]): Place {
  const lines = places.reduce((sum, each) => sum + each.lines, 0);
  return { ...places[0], record: joinedRecord(places.map(({ record }) => record)), lines };
}

/**
 * The name for lines of several records: the hour of the first, and a digest of all. One of them may come again beside
 * other ones and be joined with their lines, which must not be taken for the lines that it was joined with before.
 */
export function joinedRecord(records: readonly string[]): string {
  const [first = '', ...others] = new Set(records);
  if (others.length === 0) return first;
  const digest = createHash('sha256')
    .update([first, ...others].join(' '))
    .digest('base64url');
  return first.slice(0, HOUR_DIGITS) + digest.slice(0, first.length - HOUR_DIGITS);
}

/** A record's name starts with its hour. */
const HOUR_DIGITS = 5;
