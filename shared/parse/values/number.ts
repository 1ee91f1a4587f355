import type { AccessColumns, Fields } from '../../line/parsed.js';

type NumberColumn = 'status' | 'bytes' | 'duration_ms';

/** A whole number of at least 0, exactly; undefined for any other text and for one beyond what a double holds. */
export function readCount(text: string): number | undefined {
  const value = whole.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A finite number as decimal digits tell it; undefined for any other text and for one of more digits than a double holds. */
export function readDecimal(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Puts a number that a line has as text into its column. A text that the column can't hold exactly is kept whole in
 * `fields`, under the column's name; `-` and nothing stand for no value.
 *
 * @param scale makes the column's value of the number
 */
export function putNumber(
  columns: AccessColumns,
  fields: Fields,
  column: NumberColumn,
  text: string,
  scale: (value: number) => number = asIs,
): void {
  if (text === '' || text === '-') return;
  const value = readers[column](text);
  const scaled = value === undefined ? undefined : scale(value);
  if (scaled !== undefined && Number.isFinite(scaled)) columns[column] = scaled;
  else fields.push([column, text]);
}

/** Three digits, as HTTP has them, or 0 for a request that was never answered. */
export function readStatus(text: string): number | undefined {
  return statusCode.test(text) ? Number(text) : undefined;
}

function asIs(value: number): number {
  return value;
}

const readers: Readonly<Record<NumberColumn, (text: string) => number | undefined>> = {
  status: readStatus,
  bytes: readCount,
  duration_ms: readDecimal,
};
const whole = /^\d{1,16}$/;
const decimal = /^-?\d{1,15}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/;
const statusCode = /^(?:\d{3}|0)$/;
