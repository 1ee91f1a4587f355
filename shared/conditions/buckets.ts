import { lateField, lateOf } from '../signals/late.js';
import { ownField } from '../signals/ownTimes.js';
import type { Signal } from '../signals/signal.js';
import { addSpan, type Span } from '../signals/tally.js';
import type { Sum } from './conditionType.js';

/** The lines of a key in one bucket of event time, and what the type's signals carry beside their number. */
export interface Bucket extends Span {
  /** Its start, ms since the epoch. */
  readonly at: number;
  /** Lines that are in a notice, or held back for one. */
  readonly raised: number;
}

/** What a type measures of the buckets of a window. */
export interface Measure<Measured> {
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
  /** How many of a bucket's lines people are told of: those that are counted when absent. */
  readonly told?: (bucket: Bucket) => number;
  /** The same, where it depends on what was measured. */
  readonly tell?: (bucket: Bucket, measured: Measured) => Told;
}

/** What people are told of a bucket. */
export interface Told {
  readonly lines: number;
  /** Those of them that are in no notice yet. */
  readonly fresh: number;
  /** The bucket once people were told. */
  readonly bucket: Bucket;
}

/** Windows that held the condition: the one with the most lines is told, and the lines of all of them count. */
export interface Raised<Measured> {
  readonly measured: Measured;
  readonly lines: number;
  /** Start of the window's last bucket. */
  readonly end: number;
  readonly fresh: Span;
}

export function louder<Measured>(before: Raised<Measured> | undefined, next: Raised<Measured>): Raised<Measured> {
  if (!before) return next;
  const loudest = next.lines >= before.lines ? next : before;
  return { ...loudest, fresh: addSpan(next.fresh, before.fresh) };
}

/**
 * What there is to tell of the window whose last bucket begins at `end`, and the buckets once that is told; undefined when the
 * condition does not hold.
 */
export function raise<Measured>(
  buckets: readonly Bucket[],
  end: number,
  window: number,
  { measure, told = ({ count }) => count, tell = tellAs(told) }: Measure<Measured>,
): { readonly raised: Raised<Measured>; readonly buckets: readonly Bucket[] } | undefined {
  const current = within(buckets, end - window, end);
  const before = (windows: number) => within(buckets, end - (windows + 1) * window, end - windows * window);
  const measured = measure(current, before, end);
  if (!measured) return undefined;
  const tellings = new Map(current.map((bucket) => [bucket, tell(bucket, measured)]));
  const lines = [...tellings.values()].reduce((sum, told) => sum + told.lines, 0);
  return {
    raised: { measured, lines, end, fresh: freshOf([...tellings.values()]) },
    buckets: buckets.map((bucket) => tellings.get(bucket)?.bucket ?? bucket),
  };
}

function tellAs(told: (bucket: Bucket) => number): (bucket: Bucket) => Told {
  return (bucket) => {
    const lines = told(bucket);
    return { lines, fresh: lines - bucket.raised, bucket: { ...bucket, raised: lines } };
  };
}

/** The buckets, oldest first, with a signal's lines in the one that begins at `at`. */
export function withSignal(
  buckets: readonly Bucket[],
  at: number,
  signal: Signal,
  now: number,
  join: Measure<unknown>['join'],
): Bucket[] {
  const span = spanOf(signal, now);
  const found = buckets.find((bucket) => bucket.at === at);
  const others = buckets.filter((bucket) => bucket !== found);
  const bucket = found ?? { at, ...span, count: 0, raised: 0 };
  const grown = { ...bucket, ...addSpan(span, bucket), ...join?.(signal, bucket) };
  return [...others, grown].sort((a, b) => a.at - b.at);
}

/** No line counts as later than the clock. */
function spanOf(signal: Signal, now: number): Span {
  const { count, first, last, own } = signal;
  const times = { first: Math.min(first, now), last: Math.min(last, now) };
  return { count, ...times, ...lateField(lateOf(signal, now)), ...ownField(count > 0 ? own : undefined) };
}

function within(buckets: readonly Bucket[], after: number, until: number): Bucket[] {
  return buckets.filter(({ at }) => at > after && at <= until);
}

/** The lines of a window that are in no notice yet; its newest bucket gives the times when there are none. */
function freshOf(tellings: readonly Told[]): Span {
  return [...tellings]
    .reverse()
    .map(({ bucket: { first, last, late, own }, fresh: count }): Span => {
      return {
        first,
        last,
        count,
        ...(late && count > 0 ? { late: { ...late, count: Math.min(late.count, count) } } : {}),
        ...(count > 0 ? ownField(own) : {}),
      };
    })
    .reduce((sum, span) => addSpan(sum, span));
}

/** The lines that buckets count. */
export function linesOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}
