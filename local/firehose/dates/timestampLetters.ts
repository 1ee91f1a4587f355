import type { ZonedTime } from './zonedTime.js';
import { localizedOffset, offsetText, zoneName } from './zoneText.js';

export type Format = (time: ZonedTime) => string;

/**
 * What a run of one letter means in a pattern of Java's DateTimeFormatter, in English and with the weeks of the US.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/time/format/DateTimeFormatterBuilder.html#appendPattern(java.lang.String)
 * @throws Error for a letter, or a number of them, that Firehose refuses.
 */
export function letterFormat(letter: string, count: number): Format {
  const format = letters.get(letter)?.(count);
  if (format) return format;
  const problem = letters.has(letter) ? `${count} times "${letter}"` : `the letter "${letter}"`;
  throw new Error(`${problem} means nothing in a timestamp pattern; text that is no pattern goes in single quotes.`);
}

/** A format for each number of letters that is allowed. */
type Letter = (count: number) => Format | undefined;

/** V and p are Java's as well, but Firehose refuses them. */
const letters: ReadonlyMap<string, Letter> = new Map<string, Letter>([
  ['G', text(['AD'], ['Anno Domini'], ['A'], () => 0)],
  ['u', year(({ local }) => local.getUTCFullYear())],
  ['y', year(({ local }) => local.getUTCFullYear())],
  ['Y', year(weekBasedYear)],
  ['D', (count) => (count <= 3 ? padded(dayOfYear, count) : undefined)],
  ['M', monthOrQuarter(({ local }) => local.getUTCMonth(), names('month', 12))],
  ['L', monthOrQuarter(({ local }) => local.getUTCMonth(), names('month', 12))],
  ['Q', monthOrQuarter(quarter, quarterNames())],
  ['q', monthOrQuarter(quarter, quarterNames())],
  ['w', twoDigits(weekOfYear)],
  ['W', (count) => (count === 1 ? padded(weekOfMonth, 1) : undefined)],
  ['d', twoDigits(({ local }) => local.getUTCDate())],
  ['F', (count) => (count === 1 ? padded(({ local }) => Math.ceil(local.getUTCDate() / 7), 1) : undefined)],
  ['g', (count) => (count <= 19 ? padded((time) => epochDay(time) + modifiedJulianDayOfEpoch, count) : undefined)],
  ['E', text(...names('weekday', 7), dayOfWeek)],
  ['e', (count) => (count <= 2 ? padded((time) => dayOfWeek(time) + 1, count) : weekdayText(count))],
  [
    'c',
    (count) => (count === 1 ? padded((time) => dayOfWeek(time) + 1, 1) : count === 2 ? undefined : weekdayText(count)),
  ],
  ['a', (count) => (count === 1 ? ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM') : undefined)],
  ['B', dayPeriod],
  ['H', twoDigits(({ local }) => local.getUTCHours())],
  ['k', twoDigits(({ local }) => local.getUTCHours() || 24)],
  ['K', twoDigits(({ local }) => local.getUTCHours() % 12)],
  ['h', twoDigits(({ local }) => local.getUTCHours() % 12 || 12)],
  ['m', twoDigits(({ local }) => local.getUTCMinutes())],
  ['s', twoDigits(({ local }) => local.getUTCSeconds())],
  ['S', (count) => (count <= 9 ? (time) => nanoOfSecond(time).padStart(9, '0').slice(0, count) : undefined)],
  ['n', (count) => (count <= 19 ? (time) => nanoOfSecond(time).padStart(count, '0') : undefined)],
  ['A', (count) => (count <= 19 ? padded(milliOfDay, count) : undefined)],
  // Nanoseconds of a day are below 2^53.
  ['N', (count) => (count <= 19 ? padded((time) => milliOfDay(time) * 1e6, count) : undefined)],
  ['X', offsetText('X')],
  ['x', offsetText('x')],
  ['Z', offsetText('Z')],
  ['O', localizedOffset],
  ['z', zoneName('z')],
  ['v', zoneName('v')],
]);

/** 1 January 1970 in days since 17 November 1858. */
const modifiedJulianDayOfEpoch = 40_587;

const dayMs = 86_400_000;

function padded(value: (time: ZonedTime) => number, width: number): Format {
  return (time) => String(value(time)).padStart(width, '0');
}

function twoDigits(value: (time: ZonedTime) => number): Letter {
  return (count) => (count <= 2 ? padded(value, count) : undefined);
}

/** Two letters are the last two digits; a year longer than its four or more letters gets a sign. */
function year(value: (time: ZonedTime) => number): Letter {
  return (count) => {
    if (count > 19) return undefined;
    if (count === 2) return padded((time) => value(time) % 100, 2);
    return (time) => {
      const digits = String(value(time)).padStart(count, '0');
      return count >= 4 && digits.length > count ? `+${digits}` : digits;
    };
  };
}

function text(
  short: readonly string[],
  full: readonly string[],
  narrow: readonly string[],
  index: (time: ZonedTime) => number,
): Letter {
  return (count) => {
    const style = count <= 3 ? short : count === 4 ? full : count === 5 ? narrow : undefined;
    return style && ((time) => style[index(time)] ?? '');
  };
}

type Names = readonly [short: readonly string[], full: readonly string[], narrow: readonly string[]];

function monthOrQuarter(index: (time: ZonedTime) => number, [short, full, narrow]: Names): Letter {
  const named = text(short, full, narrow, index);
  return (count) => (count <= 2 ? padded((time) => index(time) + 1, count) : named(count));
}

function weekdayText(count: number): Format | undefined {
  return text(...names('weekday', 7), dayOfWeek)(count);
}

/** English names of the months from January, or of the days of the week from Sunday. */
function names(field: 'month' | 'weekday', count: number): Names {
  // 1 January 2023 was a Sunday.
  const days = Array.from({ length: count }, (_, index) =>
    field === 'month' ? Date.UTC(2023, index, 1) : Date.UTC(2023, 0, 1 + index),
  );
  const named = (style: 'short' | 'long' | 'narrow') => {
    const format = new Intl.DateTimeFormat('en-US', { [field]: style, timeZone: 'UTC' });
    return days.map((day) => format.format(day));
  };
  return [named('short'), named('long'), named('narrow')];
}

function quarterNames(): Names {
  return [
    ['Q1', 'Q2', 'Q3', 'Q4'],
    ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'],
    ['1', '2', '3', '4'],
  ];
}

/** Day periods of English: https://unicode.org/cldr/charts/latest/supplemental/day_periods.html */
function dayPeriod(count: number): Format | undefined {
  if (count !== 1 && count !== 4 && count !== 5) return undefined;
  const [midnight, noon] = count === 5 ? ['mi', 'n'] : ['midnight', 'noon'];
  return (time) => {
    const minute = Math.floor(milliOfDay(time) / 60_000);
    if (minute === 0) return midnight;
    if (minute === 12 * 60) return noon;
    const hour = time.local.getUTCHours();
    if (hour < 6 || hour >= 21) return 'at night';
    if (hour < 12) return 'in the morning';
    return hour < 18 ? 'in the afternoon' : 'in the evening';
  };
}

function epochDay({ local }: ZonedTime): number {
  return Math.floor(local.getTime() / dayMs);
}

function milliOfDay(time: ZonedTime): number {
  return time.local.getTime() - epochDay(time) * dayMs;
}

function nanoOfSecond({ local }: ZonedTime): string {
  return String(local.getUTCMilliseconds() * 1e6);
}

function dayOfYear(time: ZonedTime): number {
  return epochDay(time) - startOfYear(time.local.getUTCFullYear()) + 1;
}

/** In days since the epoch. */
function startOfYear(year: number): number {
  return Date.UTC(year, 0, 1) / dayMs;
}

function quarter({ local }: ZonedTime): number {
  return Math.floor(local.getUTCMonth() / 3);
}

/** From Sunday, 0. */
function dayOfWeek({ local }: ZonedTime): number {
  return local.getUTCDay();
}

/** A week begins on Sunday, and the one with 1 January is the first of its year. */
function weekBasedYear(time: ZonedTime): number {
  const saturday = new Date(time.local.getTime() + (6 - dayOfWeek(time)) * dayMs);
  return saturday.getUTCFullYear();
}

function weekOfYear(time: ZonedTime): number {
  const newYear = startOfYear(weekBasedYear(time));
  const firstSunday = newYear - new Date(newYear * dayMs).getUTCDay();
  return Math.floor((epochDay(time) - firstSunday) / 7) + 1;
}

function weekOfMonth(time: ZonedTime): number {
  const date = time.local.getUTCDate();
  const weekdayOfFirst = (((dayOfWeek(time) - (date - 1)) % 7) + 7) % 7;
  return Math.floor((date - 1 + weekdayOfFirst) / 7) + 1;
}
