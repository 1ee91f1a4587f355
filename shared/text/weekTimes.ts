import { instantAt, isTimeZone, wallClock, weekdayOf } from './wallClock.js';

const DAY_MINUTES = 24 * 60;

/** A time of the week on the wall clock of a zone: `mon-fri 08:00-18:00 Asia/Tokyo`, or `daily by 03:30 Europe/Berlin`. */
export type WeekTime = WeekSpan | WeekDeadline;

interface OnDays {
  /** As it was written. */
  readonly text: string;
  /** On which it begins, 0 for Sunday. */
  readonly days: readonly number[];
  /** IANA name; UTC when none is written. */
  readonly zone: string;
}

/** From one minute of the day to another; to the next day when it is no later. */
interface WeekSpan extends OnDays {
  readonly from: number;
  readonly to: number;
}

/** A minute of the day. */
interface WeekDeadline extends OnDays {
  readonly by: number;
}

/** Reads a time of the week; a text says what is wrong with it. */
export function parseWeekTime(text: string): WeekTime | string {
  const { days, by, from, to, zone = 'UTC' } = form.exec(text.trim())?.groups ?? {};
  if (by === undefined && from === undefined) return `${JSON.stringify(text)} is no time of the week; ${advice}`;
  const on = days === undefined ? everyDay : daysOf(days.toLowerCase());
  if (!on) return `unknown days ${JSON.stringify(days)}; ${advice}`;
  if (!isTimeZone(zone)) return `unknown time zone "${zone}"; write an IANA name such as Europe/Berlin or UTC`;
  const times = [by, from, to].map((time) => (time === undefined ? 0 : minutesOf(time)));
  if (times.some((time) => time === undefined)) return `${JSON.stringify(text)} has no such hour; ${advice}`;
  const [deadline = 0, start = 0, end = 0] = times as number[];
  const common = { text: text.trim(), days: on, zone };
  return by === undefined ? { ...common, from: start, to: end } : { ...common, by: deadline };
}

const advice = 'write for example "mon-fri 08:00-18:00 Asia/Tokyo", or "daily by 03:30 Europe/Berlin"';
const form =
  /^(?:(?<days>[a-z][a-z,-]*)\s+)?(?:by\s+(?<by>\d\d:\d\d)|(?<from>\d\d:\d\d)\s*-\s*(?<to>\d\d:\d\d))(?:\s+(?<zone>\S+))?$/i;

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** `mon-fri,sun`: `sat-mon` goes over the end of the week. */
function daysOf(text: string): number[] | undefined {
  if (text === 'daily') return everyDay;
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = -1, last = first, ...more] = part.split('-').map((name) => dayNames.indexOf(name));
    if (first < 0 || last < 0 || more.length > 0) return undefined;
    for (let step = 0; step <= (last - first + 7) % 7; step++) days.add((first + step) % 7);
  }
  return [...days];
}

function minutesOf(time: string): number | undefined {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= DAY_MINUTES ? total : undefined;
}

/**
 * The first instant, not before `from`, that is a deadline, or by which a span was open for `length` milliseconds without a break;
 * infinite when no span is as long.
 */
export function nextAfter(times: readonly WeekTime[], length: number, from: number): number {
  const deadlines = times.flatMap((time) => ('by' in time ? occurrences(time, time.by, from) : []));
  const ends = spansAround(times, from).map(({ from: opens, to: closes }) => {
    const first = Math.max(from, opens + length);
    return first <= closes ? first : Number.POSITIVE_INFINITY;
  });
  return Math.min(...ends, ...deadlines.filter((deadline) => deadline >= from), Number.POSITIVE_INFINITY);
}

/** When the span that is open at an instant ends, those that touch it included; undefined when none is open. */
export function openUntil(times: readonly WeekTime[], now: number): number | undefined {
  return spansAround(times, now).find(({ from, to }) => from <= now && now < to)?.to;
}

/** From the days before an instant to as long after it as every span and deadline has come again. */
const around = { before: 3, after: 9 };

function spansAround(times: readonly WeekTime[], now: number): { from: number; to: number }[] {
  const spans = times.flatMap((time) => {
    if ('by' in time) return [];
    const end = time.to > time.from ? time.to : time.to + DAY_MINUTES;
    const ends = occurrences(time, end, now);
    return occurrences(time, time.from, now).map((from, at) => ({ from, to: ends[at] ?? from }));
  });
  return joined(spans.sort((a, b) => a.from - b.from));
}

/** Spans that touch are one. */
function joined(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const all: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else all.push({ ...span });
  }
  return all;
}

/** When a minute of its days comes, around an instant. */
function occurrences({ days, zone }: WeekTime, minute: number, now: number): number[] {
  const today = wallClock(zone, now).day;
  return Array.from({ length: around.before + around.after + 1 }, (_, at) => today - around.before + at)
    .filter((day) => days.includes(weekdayOf(day)))
    .map((day) => instantAt(zone, { day, minute }));
}
