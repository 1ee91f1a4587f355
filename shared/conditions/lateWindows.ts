import type { Sample, Signal } from '../signals/signal.js';
import { joinSamples } from '../signals/tally.js';
import { type Bucket, louder, type Measure, type Raised, raise, withSignal } from './buckets.js';

const HOUR = 3_600_000;

/** What is remembered of lines that came too late for every open window of their key. */
export interface LateWindows {
  /** When the last of them came, on the clock, ms since the epoch. */
  readonly at: number;
  /** Quarters of windows, oldest first; the ones without lines are left out. */
  readonly buckets: readonly Bucket[];
  /** Of lines that are in no notice yet. */
  readonly samples: readonly Sample[];
}

/** Late lines come by the backlog: once none came for an hour, what is left of them is forgotten. */
export function recentLate(late: LateWindows | undefined, now: number): LateWindows | undefined {
  return late && now - late.at < HOUR ? late : undefined;
}

interface Seen<Measured> {
  readonly memory: LateWindows | undefined;
  readonly raised?: Raised<Measured> | undefined;
  /** Of what is raised; none otherwise. */
  readonly samples: readonly Sample[];
  /** Signals that are older than all buckets that are kept. */
  readonly tooLate: readonly Signal[];
}

/**
 * Looks at windows of late lines alone, as those of a log router that was cut off while others were not: the lines that came
 * in time are counted elsewhere, and may be gone. Routers send what they kept in any order, so no window is ever closed; the
 * windows slide by quarters of themselves, and only the latest `lateBuckets` of these are kept.
 */
export function observeLate<Measured>(
  { window }: { readonly window: number },
  memory: LateWindows | undefined,
  signals: readonly Signal[],
  now: number,
  windowing: Measure<Measured> & { readonly lateBuckets: number },
): Seen<Measured> {
  const { join, lateBuckets } = windowing;
  if (signals.length === 0 || lateBuckets === 0) return { memory, samples: [], tooLate: signals };
  const width = Math.ceil(window / 4);
  let buckets = memory?.buckets ?? [];
  let samples = memory?.samples ?? [];
  let raised: Raised<Measured> | undefined;
  const tooLate: Signal[] = [];

  for (const signal of signals) {
    const at = Math.floor(signal.bucket / width) * width;
    const grown = withSignal(buckets, at, signal, now, join).slice(-lateBuckets);
    if (!grown.some((bucket) => bucket.at === at)) {
      tooLate.push(signal);
      continue;
    }
    buckets = grown;
    samples = joinSamples(signal.samples, samples);
    const newest = buckets.at(-1)?.at ?? at;
    for (let end = at; end < at + window && end <= newest; end += width) {
      const found = raise(buckets, end, window, windowing);
      if (found) ({ raised, buckets } = { raised: louder(raised, found.raised), buckets: found.buckets });
    }
  }

  if (tooLate.length === signals.length) return { memory, samples: [], tooLate };
  return {
    memory: { at: now, buckets, samples: raised ? [] : samples },
    raised,
    samples: raised ? samples : [],
    tooLate,
  };
}
