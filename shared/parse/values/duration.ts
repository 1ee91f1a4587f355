/** Seconds as text to milliseconds, without the noise of binary fractions. */
export function toMilliseconds(text: string | number): number {
  return Math.round(Number(text) * 1e6) / 1e3;
}

/** The same to the nanosecond, for any unit. @param unit milliseconds in one of `value` */
export function scaleToMilliseconds(value: number, unit: number): number {
  // 15 digits are what a double holds for certain: what comes behind them is noise of the multiplication.
  return Number((value * unit).toPrecision(15));
}

/** `4.1ms`, `120µs`, `0.5s`, `1m2.5s`: how Go and others print a duration, in milliseconds; undefined for a bare number. */
export function parseLoggedDuration(text: string): number | undefined {
  if (!duration.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(part)) total += Number(number) * (units[unit] ?? 0);
  return scaleToMilliseconds(total, 1);
}

/** A number and the unit that stands apart from it, as {@link parseLoggedDuration} reads them; undefined for other words. */
export function joinUnit(number: string, unit: string): string | undefined {
  const name = unitNames.get(unit);
  return name !== undefined && numberAtEnd.test(number) ? number + name : undefined;
}

/** Alone or behind a key: `took=3.5`. */
const numberAtEnd = /^(?:[A-Za-z_][\w.-]{0,63}=)?\d{1,15}(?:\.\d{1,12})?$/;
const unitNames: ReadonlyMap<string, string> = new Map([
  ...['ms', 'msec', 'msecs', 'millis', 'milliseconds'].map((name): [string, string] => [name, 'ms']),
  ...['s', 'sec', 'secs', 'seconds'].map((name): [string, string] => [name, 's']),
  ...['us', '\u00b5s', '\u03bcs', 'usec', 'usecs', 'micros', 'microseconds'].map((name): [string, string] => [
    name,
    'us',
  ]),
  ...['ns', 'nanoseconds'].map((name): [string, string] => [name, 'ns']),
]);

/** At most one part of each unit, so that no digit can be read in two ways. */
const duration = /^(?=\d)(?:\d{1,9}h)?(?:\d{1,9}m(?!s))?(?:\d{1,15}(?:\.\d{1,12})?(?:s|ms|[uµμ]s|ns))?$/;
const part = /(\d+(?:\.\d+)?)(h|ms|m|s|[uµμ]s|ns)/g;
/** Micro is written with the sign U+00B5 or with the Greek letter U+03BC. */
const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ns: 1e-6,
};
