import { parseTime } from '../values/time.js';
import { isObject, type JsonObject } from './object.js';

/**
 * A time as JSON has it, ms since the epoch: a text, a number, or an object of seconds and nanoseconds (Google's and
 * log4j2's) or of `$date` (MongoDB's extended JSON).
 */
export function parseInstant(value: unknown): number | undefined {
  return isObject(value) ? instantOf(value) : parseTime(value);
}

function instantOf(object: JsonObject): number | undefined {
  const { $date: date } = object;
  if (date !== undefined) return parseTime(isObject(date) ? date.$numberLong : date);
  const seconds = numberOf(object.seconds ?? object._seconds ?? object.epochSecond);
  const nanos = numberOf(object.nanos ?? object._nanoseconds ?? object.nanoOfSecond ?? 0);
  if (seconds === undefined || nanos === undefined || !(nanos >= 0 && nanos < 1e9)) return undefined;
  const start = parseTime(seconds);
  // Only a count of seconds is taken by its size for one.
  return start === seconds * 1000 ? start + Math.floor(nanos / 1e6) : undefined;
}

/** Protocol buffers write a 64-bit integer as a text. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
