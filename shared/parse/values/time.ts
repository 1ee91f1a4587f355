/**
 * Times as logs write them. Every function gives milliseconds since the epoch (UTC), or undefined when the text is
 * not such a time or names no zone: a line without a zone is dated by its collector, and keeps its text in `fields`.
 */

/**
 * ISO 8601 and RFC 3339, with `T` or a space, `.` or `,` before the fraction, and a zone. Its parts stand where they
 * stand, so they are read in place: groups of the expression took over twice as long.
 */
export function parseIsoTime(text: string): number | undefined {
  if (!iso.test(text)) return undefined;
  const fraction = text.charCodeAt(19);
  const ms = fraction === DOT || fraction === COMMA ? thousandths(text, 20) : 0;
  const zone = isDigit(text.charCodeAt(text.length - 1)) ? text.slice(signIndex(text)) : 'Z';
  return utc(
    numberAt(text, 0, 4),
    numberAt(text, 5, 2),
    numberAt(text, 8, 2),
    numberAt(text, 11, 2),
    numberAt(text, 14, 2),
    numberAt(text, 17, 2),
    ms,
    zone,
  );
}

/** The number whose digits stand there. */
export function numberAt(text: string, start: number, length: number): number {
  let number = 0;
  for (let at = start; at < start + length; at++) number = number * 10 + text.charCodeAt(at) - ZERO;
  return number;
}

/** Of the digits of a fraction, those of the milliseconds. */
function thousandths(text: string, start: number): number {
  let ms = 0;
  for (let at = start, unit = 100; unit >= 1 && isDigit(text.charCodeAt(at)); at++, unit /= 10) {
    ms += (text.charCodeAt(at) - ZERO) * unit;
  }
  return ms;
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Where an offset from UTC starts. */
function signIndex(text: string): number {
  return Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
}

/** `22/Nov/2026:16:41:02 +0000`, the time of the common log format; some servers add a fraction or name the zone. */
export function parseClfTime(text: string): number | undefined {
  const match = clf.exec(text);
  if (!match) return undefined;
  const [, day, name, year, hour, minute, second, fraction = '', zone] = match;
  const month = months.indexOf(name ?? '') + 1;
  if (month === 0) return undefined;
  const ms = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return utc(Number(year), month, Number(day), Number(hour), Number(minute), Number(second), ms, zone ?? '');
}

/**
 * Times with the name of the month: RFC 1123 (`Sun, 22 Nov 2026 16:41:02 GMT`), PHP's `22-Nov-2026 16:41:02 UTC`,
 * Java's `Nov 22, 2026 4:41:02 PM UTC`, date's `Sun Nov 22 16:41:02 UTC 2026`.
 */
export function parseNamedTime(text: string): number | undefined {
  const groups = (dayFirst.exec(text) ?? monthFirst.exec(text) ?? yearLast.exec(text))?.groups;
  if (!groups?.zone) return undefined;
  const { day, month, year, hour = '', minute, second, fraction = '', half, zone } = groups;
  const number = months.indexOf(month ?? '') + 1;
  if (half && !(Number(hour) >= 1 && Number(hour) <= 12)) return undefined;
  const hours = half ? (Number(hour) % 12) + (half === 'PM' ? 12 : 0) : Number(hour);
  const ms = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return utc(Number(year), number, Number(day), hours, Number(minute), Number(second), ms, zone);
}

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by their size. */
export function parseEpoch(value: number): number | undefined {
  for (const unit of [1000, 1, 1e-3, 1e-6]) {
    const ms = value * unit;
    // Seconds with a fraction come out a hair below the millisecond they mean.
    if (ms >= earliest && ms < latest) return Math.floor(ms + 0.001);
  }
  return undefined;
}

/** Any of the above. */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value !== 'string') return undefined;
  const separator = value.charCodeAt(4);
  // Behind the year: no other layout has it there.
  if (separator === DASH || separator === SLASH) {
    return namesZone(value) ? (parseIsoTime(value) ?? parseLooseTime(value)) : undefined;
  }
  return (
    parseClfTime(value) ?? (epochDigits.test(value) ? parseEpoch(Number(value)) : undefined) ?? parseNamedTime(value)
  );
}

/** Spares the times of most text logs the expressions. Behind the hour, a sign stands only before an offset. */
function namesZone(text: string): boolean {
  if (!isDigit(text.charCodeAt(text.length - 1))) return true;
  for (let at = text.length - 1; at > LAST_OF_DATE; at--) {
    const code = text.charCodeAt(at);
    if (code === PLUS || code === DASH) return true;
  }
  return false;
}

/** ISO 8601 with a comma behind the date, as Airflow writes it, or with a day or hour of one digit. */
function parseLooseTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', zone] = looseIso.exec(text) ?? [];
  if (zone === undefined) return undefined;
  const ms = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return utc(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ms, zone);
}

const looseIso =
  /^(\d{4})[-/](\d\d?)[-/](\d\d?)(?:T|,? )(\d\d?):(\d\d):(\d\d)([.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$/;
const iso = /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$/;
const clf = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(\.\d{1,9})? ([+-]\d\d:?\d\d|Z|UTC|GMT)$/;
const dayFirst =
  /^(?:\w{3},? )?(?<day>\d\d?)[ -](?<month>[A-Z][a-z]{2})[ -](?<year>\d{4})[ :]\s?(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?<fraction>[.,]\d{1,9})?(?:\s(?<half>[AP]M))?\s?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)$/;
const monthFirst =
  /^(?:\w{3},? )?(?<month>[A-Z][a-z]{2})[a-z]{0,6} (?<day>\d\d?), (?<year>\d{4}),? (?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?<fraction>[.,]\d{1,9})?(?:\s(?<half>[AP]M))?\s(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)$/;
const yearLast =
  /^\w{3} (?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d\d?) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?<fraction>[.,]\d{1,9})? (?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d) (?<year>\d{4})$/;
const epochDigits = /^\d{9,19}(\.\d+)?$/;
/** Where the second dash of `2026-11-22` stands. */
const LAST_OF_DATE = 7;
const PLUS = 43;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const ZERO = 48;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A log line from before 2000 or after 2100 has a broken clock or is no time at all. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
  zone: string,
): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms) - zoneOffset(zone);
  return time >= earliest && time < latest ? time : undefined;
}

function zoneOffset(zone: string): number {
  if (zone[0] !== '+' && zone[0] !== '-') return 0;
  return (
    (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)) * 60_000
  );
}
