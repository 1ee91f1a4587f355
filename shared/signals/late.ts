import type { Group } from '../text/groupBy.js';
import type { Signal } from './signal.js';

/** Lines that came late: how many, and how far the first of them was behind its event time, in milliseconds. */
export interface Late {
  readonly count: number;
  readonly behind: number;
}

/**
 * From how far behind their event time people are told that lines came late, in milliseconds. Firehose hands a line over within
 * two minutes of its arrival when all is well (infra/resources/firehose.yml); what takes longer waited somewhere.
 */
export const lateFrom = 5 * 60_000;

/** The lines of one signal as late ones, when they are. @param now on the clock, ms since the epoch */
export function lateOf({ count, first, last }: Signal, now: number): Late | undefined {
  return count > 0 && now - last > lateFrom ? { count, behind: now - first } : undefined;
}

/** The late lines of several signals, as the part of a tally; nothing when there are none. */
export function lateIn(signals: Readonly<Group<Signal>>, now: number): { readonly late?: Late } {
  return lateField(signals.reduce<Late | undefined>((sum, signal) => joinLate(sum, lateOf(signal, now)), undefined));
}

export function lateField(late: Late | undefined): { readonly late?: Late } {
  return late ? { late } : {};
}

export function joinLate(a: Late | undefined, b: Late | undefined): Late | undefined {
  return a && b ? { count: a.count + b.count, behind: Math.max(a.behind, b.behind) } : (a ?? b);
}
