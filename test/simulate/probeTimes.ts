import type { Random } from '../oncall/random.js';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/**
 * How a line comes that people must be told of. `alone`: nobody was told of any other for longer than a group of alerts stays open.
 * `in a row`: the five minutes before had one, too, of another service. `in a storm`: with many others.
 */
export type ProbeKind = 'alone' | 'in a row' | 'in a storm';

export interface ProbeTime {
  readonly kind: ProbeKind;
  /** Ms since the epoch. */
  readonly written: number;
}

/** Lines of a storm, and how far apart they are, milliseconds. */
export const storm = { lines: 60, apart: 2000 } as const;

/** Twice `group_interval` and more: what comes then is no part of what came before. */
const apart = 20 * minute;

/**
 * When such lines are written: one in each twenty minutes until the storm, when five eighths of the time are over, and from three quarters
 * on one in each five minutes. All of them are sent before the time is over.
 *
 * @param start ms since the epoch. @param flush seconds until a line is sent, at the most
 */
export function probeTimes(start: number, hours: number, flush: number, random: Random): readonly ProbeTime[] {
  const last = start + hours * hour - (flush + 1) * second;
  const at = (part: number) => start + part * (last - start);
  const stormAt = at(5 / 8);
  const between = Math.min(storm.apart, (last - stormAt) / storm.lines);
  // Each within the first minutes of its twenty, so that the one before was long ago.
  const spread = Math.min(5 * minute, (stormAt - start) / 2);
  return [
    ...every(apart, start, stormAt, () => random.next() * spread).map(timeOf('alone')),
    ...every(5 * minute, at(3 / 4), last, () => random.next() * 5 * minute).map(timeOf('in a row')),
    ...every(between, stormAt, stormAt + storm.lines * between, () => 0).map(timeOf('in a storm')),
  ].filter(({ kind, written }) => written < (kind === 'alone' ? stormAt : last));
}

function every(interval: number, from: number, to: number, offset: () => number): number[] {
  const count = Math.ceil((to - from) / interval - 1e-9);
  return Array.from({ length: count }, (_, index) => from + index * interval + offset());
}

function timeOf(kind: ProbeKind) {
  return (written: number): ProbeTime => ({ kind, written });
}
