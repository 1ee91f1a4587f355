const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What the clock on the wall of a time zone shows. */
export interface WallClock {
  /** Days since 1970-01-01, by the calendar of the zone. */
  readonly day: number;
  /** Since midnight, as the clock shows it: an hour that comes twice has the same minutes twice. */
  readonly minute: number;
}

export function wallClock(zone: string, now: number): WallClock {
  const shown = shownAt(zone, now);
  const day = Math.floor(shown / DAY);
  return { day, minute: Math.floor((shown - day * DAY) / MINUTE) };
}

/** The day of the week, 0 for Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * When the clock on the wall of a zone shows a time, ms since the epoch: the first time of an hour that comes twice. In an hour that
 * is left out, as many minutes after the clock was put forward as it would have been into that hour.
 *
 * @param minute since midnight; more than a day's belong to the days after.
 */
export function instantAt(zone: string, { day, minute }: WallClock): number {
  const key = `${zone} ${day} ${minute}`;
  let instant = instants.get(key);
  if (instant === undefined) {
    if (instants.size >= maxInstants) instants.clear();
    instant = findInstant(zone, day * DAY + minute * MINUTE);
    instants.set(key, instant);
  }
  return instant;
}

/** Rules ask for the same few times again and again, and to find one takes some 20 µs. */
const instants = new Map<string, number>();
const maxInstants = 4096;

/** @param shown what the clock shows, as if it were UTC */
function findInstant(zone: string, shown: number): number {
  // No zone changes its clock twice within two days.
  const [before, after] = [shown - DAY, shown + DAY].map((near) => shown - (shownAt(zone, near) - near)) as [
    number,
    number,
  ];
  const found = [before, after].filter((instant) => shownAt(zone, instant) === shown);
  return found.length > 0 ? Math.min(...found) : before;
}

/** What the clock shows, as ms since the epoch if it were that of UTC; whole seconds. */
function shownAt(zone: string, now: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(now)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** To make one takes a hundred times as long as to use it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone: zone },
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether there is such a time zone, by its IANA name. */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}
