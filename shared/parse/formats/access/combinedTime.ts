import type { Fields } from '../../../line/parsed.js';
import { parseTime } from '../../values/time.js';

/** Where a combined line's time stands. */
export interface BracketedTime {
  /** Its opening bracket. */
  readonly start: number;
  /** Its closing bracket. */
  readonly end: number;
}

/** A time that names a zone, or as a field of the line. Undefined for a text in brackets that is no time. */
export function readTime(line: string, start: number, end: number): { ms?: number; fields: Fields } | undefined {
  const text = line.slice(start, end);
  const ms = parseTime(text);
  if (ms !== undefined) return { ms, fields: [] };
  return namesNoZone.test(text) ? { fields: [['time', text]] } : undefined;
}

/** Without an offset, or with the name of a zone that stands for several. */
const namesNoZone = /^[^+Z]*\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: (?!UTC|GMT)[A-Z]{2,4})?$/;
