import type { Sample, Signal } from '../signals/signal.js';
import { joinSamples, joinShown } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { type Bucket, louder, type Measure, type Raised, raise, withSignal } from './buckets.js';
import { type LateWindows, observeLate, recentLate } from './lateWindows.js';
import type { Observation } from './observation.js';
import { type Level, type Past, pastBytes, trendOf, withPassed } from './past.js';
import { type RecentTop, recentTopBytes, topOf, withTop } from './recentTop.js';
import type { RuleSettings } from './ruleSettings.js';

export { type Bucket, linesOf } from './buckets.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What all types have in common that look at windows. */
export const windowed = {
  durations: { window: ['10s', '24h'] },
  remembered: ({ window, lateness }: WindowRule) => 2 * window + lateness,
  lookBack: ({ window }: WindowSettings) => window,
  trend: true,
} as const;

export interface StatedWindow {
  readonly window: string;
}

export interface WindowSettings {
  /** Milliseconds of event time. */
  readonly window: number;
}

type WindowRule = RuleSettings & WindowSettings;

/** The rule's window, of those that have one, or all of those that must follow one another; milliseconds of event time. */
export function windowOf(rule: RuleSettings & Partial<WindowSettings> & { readonly for?: number }): number | undefined {
  return rule.for ?? rule.window;
}

/**
 * How much event time one signal stands for, in milliseconds. A window slides by twelfths of itself, in whole seconds:
 * short windows need finer steps than minutes, and long ones would take too many of them. A rule of several windows has a step of its own.
 */
export function bucketWidth(rule: RuleSettings & Partial<WindowSettings> & { readonly step?: number }): number {
  if (rule.step !== undefined) return rule.step;
  const { window } = rule;
  return window === undefined ? MINUTE : Math.max(5 * SECOND, Math.ceil(window / 12 / SECOND) * SECOND);
}

/** Bytes of a bucket as JSON at most, but for its sum; and of three samples, each character of which may be an escape of 6. */
const bucketBytes = 260;
export const samplesBytes = 20_000;

/**
 * How many bytes of JSON a window's memory takes at most.
 *
 * @param lookBack how far back buckets are needed, in milliseconds.
 * @param sumBytes of what the type's signals carry beside the number of their lines, in each bucket.
 * @param lateBuckets how many buckets of late lines are kept.
 */
export function windowMemoryBytes(
  rule: WindowRule,
  lookBack = rule.window,
  sumBytes = 0,
  lateBuckets = sumBytes > lightSum ? heavyBuckets : lightBuckets,
): number {
  const buckets = Math.ceil((rule.lateness + lookBack) / bucketWidth(rule)) + 1;
  const samples = lateBuckets > 0 ? 2 * samplesBytes : samplesBytes;
  return samples + recentTopBytes + pastBytes + (buckets + lateBuckets) * (bucketBytes + sumBytes);
}

export interface WindowMemory {
  /** Start of the newest bucket: what is too far behind it is late. */
  readonly newest: number;
  /** Those that a window may yet need, oldest first; the ones without lines are left out. */
  readonly buckets: readonly Bucket[];
  /** Of lines that are in no notice yet. */
  readonly samples: readonly Sample[];
  /** The windows of lines that came too late for these; absent when none did within the hour. */
  readonly late?: LateWindows | undefined;
  /** Of lines that are in no notice yet. */
  readonly top?: RecentTop | undefined;
  /** What its windows had before the buckets; absent in what was stored before it was kept. */
  readonly past?: Past | undefined;
}

/** What a type looks for in windows. */
interface Windowing<Measured> extends Measure<Measured> {
  /** How far back buckets are needed: the window alone when absent. */
  readonly lookBack?: number;
  /** How many buckets of late lines are kept; 0 for a type that compares with lines before, which late ones are not. */
  readonly lateBuckets?: number;
  /** How much a bucket has, for a reader to see what is usual: the lines that people are told of when absent. */
  readonly level?: (bucket: Bucket) => Level;
}

/** Late buckets of types whose sums are no more than a number, in bytes of JSON: 30 windows. */
export const lightBuckets = 120;
const lightSum = 100;
/** Of those that carry more, and of all with a sum that don't say otherwise: 2 windows. */
const heavyBuckets = 8;

/**
 * Counts lines in buckets of event time, and looks at every window that they are in: one ends with each bucket.
 *
 * A window is open until lines of the key are `lateness` past its end; lines that are in no open window are looked at by
 * themselves (lateWindows.ts), and those that are too late even there are reported. The batch's buckets are taken in the order
 * of their times, so that lines of an hour that come at once are seen as they would have been one after the other.
 */
export function observeWindow<Measured>(
  rule: WindowRule,
  memory: WindowMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
  windowing: Windowing<Measured>,
): Observation<WindowMemory, Measured> {
  const { join, lookBack = rule.window, lateBuckets = join ? heavyBuckets : lightBuckets } = windowing;
  const { window, lateness } = rule;
  let newest = memory?.newest ?? Number.NEGATIVE_INFINITY;
  let buckets = memory?.buckets ?? [];
  let samples = memory?.samples ?? [];
  let { top, past } = memory ?? {};
  let raised: Raised<Measured> | undefined;
  const late: Signal[] = [];

  for (const signal of [...signals].sort((a, b) => a.bucket - b.bucket)) {
    const at = bucketOf(signal, rule, now);
    if (at <= newest - lateness - window) {
      late.push(signal);
      continue;
    }
    newest = Math.max(newest, at);
    const grown = withSignal(buckets, at, signal, now, join);
    buckets = grown.filter((bucket) => bucket.at > newest - lateness - lookBack);
    const passed = grown.filter((bucket) => !buckets.includes(bucket));
    past = withPassed(past ?? { since: at, windows: [] }, levelled(passed, windowing), window);
    samples = joinSamples(signal.samples, samples);
    top = withTop(top, signal.top, at, window);

    for (const end of openEnds(at, newest, rule)) {
      const found = raise(buckets, end, rule.window, windowing);
      if (found) ({ raised, buckets } = { raised: louder(raised, found.raised), buckets: found.buckets });
    }
  }

  const seenLate = observeLate(rule, recentLate(memory?.late, now), late, now, { ...windowing, lateBuckets });
  const { tooLate } = seenLate;
  if (tooLate.length === signals.length) return { outcome: 'ignored', reason: 'too late', tooLate };
  const reported = tooLate.length > 0 ? { tooLate } : {};
  const remembered: WindowMemory = {
    newest,
    buckets,
    samples: raised ? [] : recent(samples, buckets),
    top: raised ? undefined : top,
    past,
    ...(seenLate.memory ? { late: seenLate.memory } : {}),
  };
  const told = seenLate.raised ? louder(raised, seenLate.raised) : raised;
  if (!told) return { outcome: 'counted', memory: remembered, ...reported };
  const values = topOf(top);
  const trend =
    past && raised && trendOf(past, levelled(buckets, windowing), raised.end, { window, width: bucketWidth(rule) });
  const inTime = raised ? { samples, ...(values ? { top: values } : {}), ...(trend ? { trend } : {}) } : {};
  const tally = { labels: signals[0].labels, ...told.fresh, ...joinShown(inTime, seenLate) };
  return { outcome: 'counted', memory: remembered, firing: { tally, measured: told.measured }, ...reported };
}

function levelled(
  buckets: readonly Bucket[],
  { told = ({ count }) => count, level }: Pick<Windowing<unknown>, 'told' | 'level'>,
) {
  return buckets.map((bucket) => ({ at: bucket.at, level: level?.(bucket) ?? ([told(bucket)] as const) }));
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

function recent(samples: readonly Sample[], [oldest]: readonly Bucket[]): readonly Sample[] {
  return oldest ? samples.filter(({ ts }) => ts >= oldest.at) : [];
}
