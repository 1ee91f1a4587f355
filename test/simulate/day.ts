import { load } from '../oncall/traffic.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Bursts of every day: an hour of it in which twice as much is logged for ten minutes. */
const bursts = [9, 13, 20].map((at) => ({ from: at * hour + 30 * minute, to: at * hour + 40 * minute, factor: 1.5 }));

/** The mean of the curve over a day, so that a day has the bytes that were asked for. */
const mean = meanOf((at) => shape(at));

/** How much is logged at a time of the day, 1 on the mean: quiet nights, busy noons, short bursts. @param at ms since the epoch */
export function busyness(at: number): number {
  return shape(at) / mean;
}

/** The busiest minute of a day, by its mean. */
export const peak = Math.max(...minutes().map(busyness));

function shape(at: number): number {
  const time = at % day;
  const burst = bursts.find(({ from, to }) => time >= from && time < to);
  return load(at) * (burst?.factor ?? 1);
}

function meanOf(value: (at: number) => number): number {
  return minutes().reduce((sum, at) => sum + value(at), 0) / (day / minute);
}

function minutes(): number[] {
  return Array.from({ length: day / minute }, (_, index) => index * minute);
}
