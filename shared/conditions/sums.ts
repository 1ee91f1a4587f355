import type { Signal } from '../signals/signal.js';
import { allTypes } from './index.js';

/** What the signals of all types carry beside the number of their lines. Each has fields of its own. */
const sums = allTypes.flatMap(({ sum }) => sum ?? []);
const lineCounts = sums.flatMap(({ lines }) => lines ?? []);

/** What two signals of one rule carry beside the number of their lines, added up; the earlier one comes first. */
export function joinSums(a: Signal, b: Signal): object {
  return Object.assign({}, ...sums.map(({ join }) => join(a, b)));
}

/** The lines that a signal is about: those that it counts, or more where its type says so. */
export function linesIn(signal: Signal): number {
  return lineCounts.reduce((most, lines) => Math.max(most, lines(signal)), signal.count);
}

/** A signal without what says nothing of several keys, for which it will be one of. */
export function withoutKey(signal: Signal): Signal {
  return sums.reduce((rest, sum) => sum.withoutKey?.(rest) ?? rest, signal);
}
