import type { Group } from '../rules/groupBy.js';
import type { Sample, Signal } from '../signals.js';

/** Samples that are kept of all the matches of a message. */
const maxSamples = 5;

/** How many matches, and from when to when by their event times (ms since the epoch). */
export interface Span {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Matches of one rule and key, added up. */
export interface Tally extends Span {
  /** The values of the rule's `by` columns. */
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

/** Adds up the signals of one rule and key; the latest minutes give the samples. */
export function tallyOf(signals: Readonly<Group<Signal>>): Tally {
  const byTime: Group<Signal> = [...signals];
  const [newest, ...older] = byTime.sort((a, b) => b.minute - a.minute);
  return older.reduce<Tally>(addTally, withoutNames(newest));
}

/** Adds earlier matches to a tally, which keeps its labels and shows its own samples first. */
export function addTally(tally: Tally, earlier: Span & Partial<Tally>): Tally {
  return {
    labels: tally.labels,
    ...addSpan(tally, earlier),
    samples: [...tally.samples, ...(earlier.samples ?? [])].slice(0, maxSamples),
  };
}

export function addSpan(a: Span, b: Span | undefined): Span {
  if (!b) return { count: a.count, first: a.first, last: a.last };
  return { count: a.count + b.count, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

function withoutNames({ labels, count, first, last, samples }: Signal): Tally {
  return { labels, count, first, last, samples };
}
