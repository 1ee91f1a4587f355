import type { Range } from './engine.js';
import { recordHourOf } from './windows.js';

/**
 * Where the identities of a record's rows are kept: with those of its hour, as `record` begins with it, see recordHourOf. A
 * manifest that met every hour that clocks can show would write as many files, so hours far from its window share an index with
 * those around them.
 */
export function indexOf(recordHour: string, own: Range): string {
  return hours.test(recordHour) && recordHour >= own.first && recordHour <= own.last
    ? recordHour
    : sharedIndexOf(recordHour);
}

/** The index of some eleven days, `7a3` for `7a3f0`, which a manifest also looks at: to an earlier one the hour may have been far. */
function sharedIndexOf(recordHour: string): string {
  const shared = recordHour.slice(0, sharedDigits);
  return hours.test(recordHour) && shared >= sharedHours.first && shared <= sharedHours.last ? shared : otherHours;
}

export const sharedDigits = 3;

const hours = /^[0-9a-f]{5}$/;

/** The first and last that there are; other hours are of clocks that were never set, or of nobody's. */
export const sharedHours: Range = {
  first: recordHourOf(Date.parse('2020-01-01T00:00:00Z')).slice(0, sharedDigits),
  last: recordHourOf(Date.parse('2040-01-01T00:00:00Z')).slice(0, sharedDigits),
};

/** The index of all other hours. */
export const otherHours = 'other';

/** Whether an index is one of several hours. */
export function isShared(index: string): boolean {
  return !hours.test(index);
}

/** The index of each hour, and the one that it shared with others where it was far from the window. */
export function indexesBeside(ofHours: readonly string[]): readonly string[] {
  return [...new Set([...ofHours, ...ofHours.map(sharedIndexOf)])];
}
