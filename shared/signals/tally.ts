import type { Group } from '../text/groupBy.js';
import { joinLate, type Late, lateField } from './late.js';
import { joinOwn, type OwnTimes, ownField } from './ownTimes.js';
import type { Sample, Signal, Top } from './signal.js';
import { joinTop } from './top.js';
import type { Trend } from './trend.js';

/** Samples that are kept of all the lines of a message. */
const maxSamples = 3;

/** How many lines, and from when to when by their event times (ms since the epoch). */
export interface Span {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Those of them that came late; absent when none did. */
  readonly late?: Late;
  /** The times that those are stored with whose clock is off; absent when there are none. */
  readonly own?: OwnTimes;
}

/** What people see of lines. */
export interface Shown {
  readonly samples: readonly Sample[];
  /** The most frequent values of columns; absent in what was stored before they were counted. */
  readonly top?: Top;
  /** Of a type that looks at windows, when there were windows before. */
  readonly trend?: Trend;
}

/** Lines of one rule and key, added up. */
export interface Tally extends Span, Shown {
  /** The values of the rule's `by` columns. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Adds up the signals of one rule and key; the latest buckets give the samples. */
export function tallyOf(signals: Readonly<Group<Signal>>): Tally {
  const byTime: Group<Signal> = [...signals];
  const [newest, ...older] = byTime.sort((a, b) => b.bucket - a.bucket);
  return older.reduce<Tally>(addTally, withoutNames(newest));
}

/** Adds earlier lines to a tally, which keeps its labels and shows its own samples first. */
export function addTally(tally: Tally, earlier: Span & Partial<Tally>): Tally {
  return {
    labels: tally.labels,
    ...addSpan(tally, earlier),
    ...joinShown(tally, earlier),
  };
}

/** A span without lines takes no part: its times are those of other lines, if any. */
export function addSpan(a: Span, b: Span | undefined): Span {
  if (!b || b.count === 0)
    return { count: a.count, first: a.first, last: a.last, ...lateField(a.late), ...ownField(a.own) };
  if (a.count === 0) return addSpan(b, undefined);
  const span = { count: a.count + b.count, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
  return { ...span, ...lateField(joinLate(a.late, b.late)), ...ownField(joinOwn(a.own, b.own)) };
}

/** What is shown of two parts, the later one first. */
export function joinShown(later: Partial<Shown>, earlier: Partial<Shown>): Shown {
  const top = joinTop(later.top, earlier.top);
  const trend = later.trend ?? earlier.trend;
  return {
    samples: joinSamples(later.samples ?? [], earlier.samples ?? []),
    ...(top ? { top } : {}),
    ...(trend ? { trend } : {}),
  };
}

/** As many as a message keeps, the first ones before the others; the same line again would teach the reader nothing. */
export function joinSamples(first: readonly Sample[], others: readonly Sample[]): Sample[] {
  const samples = [...first, ...others];
  const isRepeated = ({ message }: Sample, at: number) => samples.findIndex((each) => each.message === message) < at;
  return samples.filter((sample, at) => !isRepeated(sample, at)).slice(0, maxSamples);
}

function withoutNames({ labels, count, first, last, own, samples, top }: Signal): Tally {
  return { labels, count, first, last, ...ownField(own), ...joinShown({ samples, ...(top ? { top } : {}) }, {}) };
}
