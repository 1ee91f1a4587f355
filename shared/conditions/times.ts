import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';

const HOUR = 3_600_000;

/** Event time of the newest line; none counts as later than the clock. */
export function newestOf(signals: Readonly<Group<Signal>>, now: number): number {
  return Math.min(now, Math.max(...signals.map(({ last }) => last)));
}

/** From the first to the last line by event time, none later than the clock. */
export function spanOf(signals: Readonly<Group<Signal>>, now: number): { first: number; last: number } {
  return { first: Math.min(now, ...signals.map(({ first }) => first)), last: newestOf(signals, now) };
}

/** Whether what was stored about a key is recent enough not to be written again. */
export function isFresh(stored: number, newest: number, remember: number): boolean {
  return newest - stored < Math.min(remember / 10, HOUR);
}
