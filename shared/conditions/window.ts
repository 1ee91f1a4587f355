import type { Sample, Signal } from '../signals/signal.js';
import { addSpan, joinSamples, type Span } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { Sum } from './conditionType.js';
import type { Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What all types have in common that look at windows. */
export const windowed = {
  durations: { window: ['10s', '24h'] },
  remembered: ({ window, lateness }: WindowRule) => 2 * window + lateness,
  lookBack: ({ window }: WindowSettings) => window,
} as const;

export interface StatedWindow {
  readonly window: string;
}

export interface WindowSettings {
  /** Milliseconds of event time. */
  readonly window: number;
}

type WindowRule = RuleSettings & WindowSettings;

/** The rule's window, of those that have one; milliseconds of event time. */
export function windowOf(rule: RuleSettings & Partial<WindowSettings>): number | undefined {
  return rule.window;
}

/**
 * How much event time one signal stands for, in milliseconds. A window slides by twelfths of itself, in whole seconds:
 * short windows need finer steps than minutes, and long ones would take too many of them.
 */
export function bucketWidth(rule: RuleSettings & Partial<WindowSettings>): number {
  const window = windowOf(rule);
  return window === undefined ? MINUTE : Math.max(5 * SECOND, Math.ceil(window / 12 / SECOND) * SECOND);
}

/** Bytes of a bucket as JSON at most, but for its sum; and of three samples, each character of which may be an escape of 6. */
const [bucketBytes, samplesBytes] = [200, 20_000];

/**
 * How many bytes of JSON a window's memory takes at most.
 *
 * @param lookBack how far back buckets are needed, in milliseconds.
 * @param sumBytes of what the type's signals carry beside the number of their lines, in each bucket.
 */
export function windowMemoryBytes(rule: WindowRule, lookBack = rule.window, sumBytes = 0): number {
  const buckets = Math.ceil((rule.lateness + lookBack) / bucketWidth(rule)) + 1;
  return samplesBytes + buckets * (bucketBytes + sumBytes);
}

export interface WindowMemory {
  /** Start of the newest bucket: what is too far behind it is late. */
  readonly newest: number;
  /** Those that a window may yet need, oldest first; the ones without lines are left out. */
  readonly buckets: readonly Bucket[];
  /** Of lines that are in no notice yet. */
  readonly samples: readonly Sample[];
}

/** The lines of a key in one bucket of event time, and what the type's signals carry beside their number. */
export interface Bucket extends Span {
  /** Its start, ms since the epoch. */
  readonly at: number;
  /** Lines that are in a notice, or held back for one. */
  readonly raised: number;
}

/** What a type looks for in windows. */
interface Windowing<Measured> {
  /**
   * What is measured when the condition holds for a window, given its lines.
   *
   * @param before the lines of the window so many windows before it.
   * @param end start of the window's last bucket, ms since the epoch.
   */
  readonly measure: (
    current: readonly Bucket[],
    before: (windows: number) => readonly Bucket[],
    end: number,
  ) => Measured | undefined;
  /** Adds a signal's sum to that of a bucket. */
  readonly join?: Sum<object>['join'];
  /** How far back buckets are needed: the window alone when absent. */
  readonly lookBack?: number;
  /** How many of a bucket's lines people are told of: those that are counted when absent. */
  readonly told?: (bucket: Bucket) => number;
}

/**
 * Counts lines in buckets of event time, and looks at every window that they are in: one ends with each bucket.
 *
 * A window is open until lines of the key are `lateness` past its end; a line that is in no open window is too late, and does
 * not count, and is reported. The batch's buckets are taken in the order of their times, so that lines of an hour that come at once are
 * seen as they would have been one after the other.
 */
export function observeWindow<Measured>(
  rule: WindowRule,
  memory: WindowMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
  { measure, join, lookBack = rule.window, told = ({ count }) => count }: Windowing<Measured>,
): Observation<WindowMemory, Measured> {
  const { window, lateness } = rule;
  let newest = memory?.newest ?? Number.NEGATIVE_INFINITY;
  let buckets = memory?.buckets ?? [];
  let samples = memory?.samples ?? [];
  let raised: Raised<Measured> | undefined;
  const tooLate: Signal[] = [];

  for (const signal of [...signals].sort((a, b) => a.bucket - b.bucket)) {
    const at = bucketOf(signal, rule, now);
    if (at <= newest - lateness - window) {
      tooLate.push(signal);
      continue;
    }
    newest = Math.max(newest, at);
    buckets = withSignal(buckets, at, signal, now, join).filter((bucket) => bucket.at > newest - lateness - lookBack);
    samples = joinSamples(signal.samples, samples);

    for (const end of openEnds(at, newest, rule)) {
      const current = within(buckets, end - window, end);
      const before = (windows: number) => within(buckets, end - (windows + 1) * window, end - windows * window);
      const measured = measure(current, before, end);
      if (!measured) continue;
      const lines = current.reduce((sum, bucket) => sum + told(bucket), 0);
      raised = louder(raised, { measured, lines, fresh: freshOf(current, told) });
      buckets = buckets.map((bucket) => (current.includes(bucket) ? { ...bucket, raised: told(bucket) } : bucket));
    }
  }

  if (tooLate.length === signals.length) return { outcome: 'ignored', reason: 'too late', tooLate };
  const late = tooLate.length > 0 ? { tooLate } : {};
  const remembered = { newest, buckets, samples: raised ? [] : recent(samples, buckets) };
  if (!raised) return { outcome: 'counted', memory: remembered, ...late };
  const { labels } = signals[0];
  return {
    outcome: 'counted',
    memory: remembered,
    firing: { tally: { labels, ...raised.fresh, samples }, measured: raised.measured },
    ...late,
  };
}

/** Windows that held the condition: the one with the most lines is told, and the lines of all of them count. */
interface Raised<Measured> {
  readonly measured: Measured;
  readonly lines: number;
  readonly fresh: Span;
}

function louder<Measured>(before: Raised<Measured> | undefined, next: Raised<Measured>): Raised<Measured> {
  if (!before) return next;
  const loudest = next.lines >= before.lines ? next : before;
  return { ...loudest, fresh: addSpan(next.fresh, before.fresh) };
}

/** A line from the future would make all others late. */
function bucketOf({ bucket }: Signal, rule: WindowRule, now: number): number {
  const width = bucketWidth(rule);
  return Math.min(bucket, Math.floor(now / width) * width);
}

/** The last buckets of the windows that hold a bucket and are open. */
function openEnds(at: number, newest: number, rule: WindowRule): number[] {
  const width = bucketWidth(rule);
  const last = Math.min(newest, at + rule.window - 1);
  const steps = Array.from({ length: Math.floor((last - at) / width) + 1 }, (_, step) => at + step * width);
  return steps.filter((end) => end >= newest - rule.lateness);
}

function withSignal(
  buckets: readonly Bucket[],
  at: number,
  signal: Signal,
  now: number,
  join: Windowing<unknown>['join'],
): Bucket[] {
  const found = buckets.find((bucket) => bucket.at === at);
  const others = buckets.filter((bucket) => bucket !== found);
  const bucket = found ?? { at, ...spanOf(signal, now), count: 0, raised: 0 };
  const grown = { ...bucket, ...addSpan(spanOf(signal, now), bucket), ...join?.(signal, bucket) };
  return [...others, grown].sort((a, b) => a.at - b.at);
}

function spanOf({ count, first, last }: Signal, now: number): Span {
  return { count, first: Math.min(first, now), last: Math.min(last, now) };
}

function within(buckets: readonly Bucket[], after: number, until: number): Bucket[] {
  return buckets.filter(({ at }) => at > after && at <= until);
}

/** The lines of a window that are in no notice yet; its newest bucket gives the times when there are none. */
function freshOf(buckets: readonly Bucket[], told: (bucket: Bucket) => number): Span {
  return [...buckets]
    .reverse()
    .map((bucket): Span => ({ first: bucket.first, last: bucket.last, count: told(bucket) - bucket.raised }))
    .reduce((sum, span) => addSpan(sum, span));
}

function recent(samples: readonly Sample[], [oldest]: readonly Bucket[]): readonly Sample[] {
  return oldest ? samples.filter(({ ts }) => ts >= oldest.at) : [];
}

/** The lines that buckets count. */
export function linesOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}
