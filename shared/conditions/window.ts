import type { Bucket, Measured, WindowMemory } from '../alerts/state/alertState.js';
import { bucketWidth, type Rule } from '../rules/language/rule.js';
import type { Signal } from '../signals/signal.js';
import { merge } from '../signals/sketch.js';
import { addSpan, joinSamples, type Span } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { Observation } from './observation.js';

type WindowRule = Extract<Rule, { window: number }>;

/** What the rule measures when its condition holds for a window, given its lines and those of the window before. */
export type Measure = (window: {
  readonly current: readonly Bucket[];
  readonly previous: readonly Bucket[];
}) => Measured | undefined;

/**
 * Counts lines in buckets of event time, and looks at every window that they are in: one ends with each bucket.
 *
 * A window is open until lines of the key are `lateness` past its end; a line that is in no open window is too late, and does
 * not count. The batch's buckets are taken in the order of their times, so that lines of an hour that come at once are
 * seen as they would have been one after the other.
 */
export function observeWindow(
  rule: WindowRule,
  memory: WindowMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
  measure: Measure,
): Observation<WindowMemory> {
  const { window, lateness } = rule;
  let newest = memory?.newest ?? Number.NEGATIVE_INFINITY;
  let buckets = memory?.buckets ?? [];
  let samples = memory?.samples ?? [];
  let raised: Raised | undefined;
  let isCounted = false;

  for (const signal of [...signals].sort((a, b) => a.bucket - b.bucket)) {
    const at = bucketOf(signal, rule, now);
    if (at <= newest - lateness - window) continue;
    isCounted = true;
    newest = Math.max(newest, at);
    buckets = withSignal(buckets, at, signal, now).filter((bucket) => bucket.at > newest - lateness - reach(rule));
    samples = joinSamples(signal.samples, samples);

    for (const end of openEnds(at, newest, rule)) {
      const current = within(buckets, end - window, end);
      const measured = measure({ current, previous: within(buckets, end - 2 * window, end - window) });
      if (!measured) continue;
      raised = louder(raised, { measured, lines: linesOf(rule, current), fresh: freshOf(rule, current) });
      buckets = buckets.map((bucket) =>
        current.includes(bucket) ? { ...bucket, raised: toldOf(rule, bucket) } : bucket,
      );
    }
  }

  if (!isCounted) return { outcome: 'ignored', reason: 'too late' };
  const remembered = { newest, buckets, samples: raised ? [] : recent(samples, buckets) };
  if (!raised) return { outcome: 'counted', memory: remembered };
  const { labels } = signals[0];
  return {
    outcome: 'counted',
    memory: remembered,
    firing: { tally: { labels, ...raised.fresh, samples }, measured: raised.measured },
  };
}

/** Windows that held the condition: the one with the most lines is told, and the lines of all of them count. */
interface Raised {
  readonly measured: Measured;
  readonly lines: number;
  readonly fresh: Span;
}

function louder(before: Raised | undefined, next: Raised): Raised {
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

/** How far back the windows go that are open when lines are newest, beside the lateness. */
function reach(rule: WindowRule): number {
  return rule.type === 'spike' ? 2 * rule.window : rule.window;
}

function withSignal(buckets: readonly Bucket[], at: number, signal: Signal, now: number): Bucket[] {
  const found = buckets.find((bucket) => bucket.at === at);
  const others = buckets.filter((bucket) => bucket !== found);
  return [...others, addSignal(found ?? { at, ...spanOf(signal, now), count: 0, raised: 0 }, signal, now)].sort(
    (a, b) => a.at - b.at,
  );
}

function addSignal(bucket: Bucket, signal: Signal, now: number): Bucket {
  const { total, distinct } = signal;
  return {
    ...bucket,
    ...addSpan(spanOf(signal, now), bucket),
    ...(total === undefined ? {} : { total: total + (bucket.total ?? 0) }),
    ...(distinct === undefined ? {} : { distinct: merge(distinct, bucket.distinct ?? []) }),
  };
}

function spanOf({ count, first, last }: Signal, now: number): Span {
  return { count, first: Math.min(first, now), last: Math.min(last, now) };
}

function within(buckets: readonly Bucket[], after: number, until: number): Bucket[] {
  return buckets.filter(({ at }) => at > after && at <= until);
}

/** What people are told of: of a share that is too small, the lines that are missing in it are no less to blame. */
function toldOf(rule: WindowRule, { count, total = count }: Bucket): number {
  return rule.type === 'ratio' && rule.below !== undefined ? total : count;
}

function linesOf(rule: WindowRule, buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, bucket) => sum + toldOf(rule, bucket), 0);
}

/** The lines of a window that are in no notice yet; its newest bucket gives the times when there are none. */
function freshOf(rule: WindowRule, buckets: readonly Bucket[]): Span {
  return [...buckets]
    .reverse()
    .map(({ first, last, ...bucket }) => ({
      first,
      last,
      count: toldOf(rule, { first, last, ...bucket }) - bucket.raised,
    }))
    .reduce((sum: Span | undefined, span) => (sum ? addSpan(sum, span) : span), undefined as Span | undefined) as Span;
}

function recent(samples: WindowMemory['samples'], [oldest]: readonly Bucket[]): WindowMemory['samples'] {
  return oldest ? samples.filter(({ ts }) => ts >= oldest.at) : [];
}
