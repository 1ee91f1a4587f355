import type { Top } from '../signals/signal.js';
import { joinTop, topBytes } from '../signals/top.js';

/** The most frequent values of the lines of the last one or two windows that are in no notice yet. */
export interface RecentTop {
  /** When the window began, by event time, ms since the epoch. */
  readonly at: number;
  readonly values?: Top;
  /** Of the window before. */
  readonly before?: Top;
}

/** Of them as JSON at most. */
export const recentTopBytes = 60 + 2 * topBytes;

/** @param at event time of the lines, ms since the epoch. */
export function withTop(recent: RecentTop | undefined, top: Top | undefined, at: number, window: number) {
  if (!top) return recent;
  if (!recent || at >= recent.at + 2 * window) return { at, values: top };
  if (at < recent.at + window) return { ...recent, values: joinTop(top, recent.values) ?? top };
  return { at, values: top, ...(recent.values ? { before: recent.values } : {}) };
}

export function topOf(recent: RecentTop | undefined): Top | undefined {
  return joinTop(recent?.values, recent?.before);
}
