/**
 * Moves every time in a line by one constant, so that a recording looks as if it were made just now: logs of another day
 * would be filed by their arrival, and "the last 15 minutes" would be empty.
 *
 * @param offsetMs taken to the second.
 */
export function retime(line: string, offsetMs: number): string {
  const offset = Math.round(offsetMs / 1000) * 1000;
  return forms.reduce(
    (text, { pattern, read, write }) =>
      text.replace(pattern, (...found: string[]) => {
        const time = read(found);
        return Number.isNaN(time) ? (found[0] ?? '') : write(found, new Date(time + offset));
      }),
    line,
  );
}

/** The first time in a line that `retime` would move, ms since the epoch; one without a zone is taken for UTC. */
export function timeIn(line: string): number | undefined {
  let first: { readonly at: number; readonly time: number } | undefined;
  for (const { pattern, read } of forms) {
    for (const found of line.matchAll(pattern)) {
      const time = read(found) - zoneAfter(line.slice(found.index + found[0].length));
      if (!Number.isNaN(time) && (first === undefined || found.index < first.at)) first = { at: found.index, time };
      break;
    }
  }
  return first?.time;
}

/** How a time is written. Dates and times only: fractions and zones behind them stay as they are. */
interface TimeForm {
  readonly pattern: RegExp;
  /** As if it were in UTC; NaN when it is no time. */
  read(found: readonly string[]): number;
  write(found: readonly string[], moved: Date): string;
}

const forms: readonly TimeForm[] = [
  // 2026-11-22T16:41:02, 2026/11/22 16:41:02
  {
    pattern: /\b(\d{4})([-/])(\d\d)\2(\d\d)([T ])(\d\d:\d\d:\d\d)/g,
    read: ([, year, , month, day, , time]) => Date.parse(`${year}-${month}-${day}T${time}Z`),
    write: ([, , separator = '-', , , t], moved) =>
      `${moved.toISOString().slice(0, 10).replaceAll('-', separator)}${t}${clock(moved)}`,
  },
  // 22/Nov/2026:16:41:02, of access logs
  {
    pattern: /\b(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)/g,
    read: ([, day, month, year, time]) => Date.parse(`${day} ${month} ${year} ${time} UTC`),
    write: (_, moved) => `${digits(moved.getUTCDate())}/${monthName(moved)}/${moved.getUTCFullYear()}:${clock(moved)}`,
  },
  // Sun Nov 22 16:41:02.469 2026, of Apache's error log
  {
    pattern: /\b(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)(\.\d+)? (\d{4})\b/g,
    read: ([, month, day, time, , year]) => Date.parse(`${day} ${month} ${year} ${time} UTC`),
    write: ([, , , , fraction = ''], moved) =>
      `${moved.toUTCString().slice(0, 3)} ${monthName(moved)} ${digits(moved.getUTCDate())} ${clock(moved)}${fraction} ${moved.getUTCFullYear()}`,
  },
  // Nov 22 16:41:02, at the start of a line of syslog
  {
    pattern: /^(<\d{1,3}>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d)\b/g,
    read: ([, , month, day, time]) => lastOf((year) => Date.parse(`${day} ${month} ${year} ${time} UTC`)),
    write: ([, priority = ''], moved) =>
      `${priority}${monthName(moved)} ${String(moved.getUTCDate()).padStart(2)} ${clock(moved)}`,
  },
  // E1122 16:41:02, of Kubernetes
  {
    pattern: /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d)\b/g,
    read: ([, , month, day, time]) => lastOf((year) => Date.parse(`${year}-${month}-${day}T${time}Z`)),
    write: ([, level], moved) =>
      `${level}${digits(moved.getUTCMonth() + 1)}${digits(moved.getUTCDate())} ${clock(moved)}`,
  },
  // "time":1795365696256, "ts":1795365696.25
  {
    pattern: /("(?:time|timestamp|ts)": ?)(\d{13}|\d{10})(?!\d)/g,
    read: ([, , digits = '']) => Number(digits) * (digits.length === 10 ? 1000 : 1),
    write: ([, key, digits = ''], moved) => `${key}${moved.getTime() / (digits.length === 10 ? 1000 : 1)}`,
  },
];

/** Milliseconds by which a zone that follows a time, behind its fraction, is ahead of UTC. */
function zoneAfter(text: string): number {
  const [, sign, hours, minutes] = /^(?:[.,]\d+)? ?([+-])(\d\d):?(\d\d)\b/.exec(text) ?? [];
  return sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A date without a year is the last one of its kind; a day's grace is for clocks and zones that are ahead. */
function lastOf(inYear: (year: number) => number): number {
  const now = new Date();
  const thisYear = inYear(now.getUTCFullYear());
  return thisYear > now.getTime() + 86_400_000 ? inYear(now.getUTCFullYear() - 1) : thisYear;
}

function clock(time: Date): string {
  return time.toISOString().slice(11, 19);
}

function monthName(time: Date): string {
  return time.toUTCString().slice(8, 11);
}

function digits(number: number): string {
  return String(number).padStart(2, '0');
}
