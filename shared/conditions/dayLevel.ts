import { addLines, type Levels, levelBytes, oldestOf, type StepLines } from './levels.js';

/** How many lines each hour of the last day had. */
export interface Day {
  /** When the key was first seen, ms since the epoch: its first hour is a part of one. */
  readonly since: number;
  readonly hours: Levels;
}

const hour = 3_600_000;

/** Less of an hour tells nothing of all of it. */
const leastOfHour = hour / 4;

/** Of the day before, the same hour and as many on both of its sides: an outage or a burst of two hours is not the middle of five. */
const beside = 2;

/** Hours that are remembered: a day, and those beside the same hour of the day before. */
const hoursKept = 24 + beside + 1;

/** As JSON at most. */
export const dayBytes = 100 + hoursKept * levelBytes;

/** The day with more lines. @param first when the first of them was, ms since the epoch */
export function addToDay(day: Day | undefined, lines: readonly StepLines[], first: number): Day | undefined {
  const hourly = lines.map(({ at, count }) => ({ at: startOf(at), count }));
  const hours = addLines(day?.hours, hour, hoursKept, hourly);
  return hours && { since: Math.min(day?.since ?? first, first), hours };
}

/**
 * How many lines a window has as a rule: in the middle one of the hours of the last day, or in that of the same hour of the day before and those
 * beside it, whichever has more. So a load test or a scraper of some hours makes nothing usual, and neither does the night make it usual that
 * little comes by day. Hours without a line tell nothing. Undefined while no hour before is known.
 *
 * @param end when the window ends, ms since the epoch; its own hour does not count.
 */
export function usualOfDay(day: Day | undefined, end: number, window: number): number | undefined {
  if (!day) return undefined;
  const own = startOf(end);
  const recent = middle(hoursOf(day, own - 24 * hour, own - hour));
  const sameHour = middle(hoursOf(day, own - (24 + beside) * hour, own - (24 - beside) * hour));
  return recent === undefined ? undefined : (Math.max(recent, sameHour ?? 0) * window) / hour;
}

/** Lines of each hour from one to another that had any. Of the first hour of a key they are what the whole would have had. */
function hoursOf({ since, hours }: Day, from: number, to: number): number[] {
  return hours.counts.flatMap((count, index) => {
    const at = oldestOf(hours) + index * hour;
    const known = Math.min(hour, at + hour - since);
    return count > 0 && known >= leastOfHour && at >= from && at <= to ? [(count * hour) / known] : [];
  });
}

/** The lower one of two. */
function middle(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}

function startOf(time: number): number {
  return Math.floor(time / hour) * hour;
}
