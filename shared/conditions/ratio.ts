import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted, percentText } from '../text/wording.js';
import type { Where } from '../where/clause.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType } from './conditionType.js';
import { type StatedShare, shareAdvice, toShare } from './share.js';
import { type Total, totalBytes, totals } from './totals.js';
import {
  type Bucket,
  lightBuckets,
  linesOf,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/** The part of a key's lines that `of` matches as well is above or below a bound, out of at least `minTotal` in the window. */
export const ratio: ConditionType<StatedRatio, Ratio, WindowMemory, Measured> = {
  ...windowed,
  patternAdvice: { above: shareAdvice, below: shareAdvice },
  settings: ({ of, window, above, below, min_total = 100 }) => ({
    of,
    window: milliseconds(window),
    ...(above === undefined ? {} : { above: toShare(above) }),
    ...(below === undefined ? {} : { below: toShare(below) }),
    minTotal: min_total,
  }),
  problems: badShares,

  of: ({ of }) => ({ part: of }),
  sum: totals,

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      join: totals.join,
      lateBuckets: lightBuckets,
      measure(current) {
        const [matched, total] = [linesOf(current), totalOf(current)];
        // A small total says nothing of a share: one of two lines would be 50 %.
        if (total === 0 || total < rule.minTotal) return undefined;
        return isOut(matched / total, rule) ? { matched, total } : undefined;
      },
      // Of a share that is too small, the lines that are missing in it are no less to blame.
      told: ({ count, total = count }: Bucket & Total) => (rule.below === undefined ? count : total),
      level: ({ count, total = count }: Bucket & Total) => [count, total],
    }),

  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, totalBytes),

  words: ({ matched, total }, { window, above, below }) => {
    const share = percentText(total === 0 ? 0 : matched / total);
    const bounds = [
      ...(above === undefined ? [] : [`above ${percentText(above)}`]),
      ...(below === undefined ? [] : [`below ${percentText(below)}`]),
    ];
    const lines = `${matched.toLocaleString('en')} of ${counted(total, 'line')}`;
    return [`${share} (${lines}) in ${formatDuration(window)}`, bounds.join(' or ')].join(', ');
  },
  share: ({ matched, total }) => (total === 0 ? 0 : matched / total),
  // A share that is too high is about the lines in the part; one that is too low is about all of them.
  alsoMatches: ({ of, above }) => (above === undefined ? undefined : of),
  example: ({ minTotal, above, below = 1 }) => {
    const share = above === undefined ? below / 2 : Math.min(1, above * 2);
    const matched = Math.round(minTotal * share);
    return { measured: { matched, total: minTotal }, lines: matched };
  },
};

interface StatedRatio extends StatedWindow {
  readonly of: Where;
  readonly above?: StatedShare;
  readonly below?: StatedShare;
  readonly min_total?: number;
}

interface Ratio extends WindowSettings {
  readonly of: Where;
  /** From 0 to 1, as is `below`. */
  readonly above?: number;
  readonly below?: number;
  readonly minTotal: number;
}

/** Of the window: `matched` of `total` lines. */
interface Measured {
  readonly matched: number;
  readonly total: number;
}

function badShares({ above, below }: StatedRatio): PlacedProblem[] {
  if (above === undefined && below === undefined) {
    return [{ path: [], message: 'a ratio has neither "above" nor "below"; write one of them' }];
  }
  if (above !== undefined && below !== undefined) {
    return [{ path: ['below'], on: 'key', message: 'a ratio has both "above" and "below"; make it two rules' }];
  }
  const [key, share = 0] = above === undefined ? (['below', below] as const) : (['above', above] as const);
  if (toShare(share) > 1) {
    return [{ path: [key], message: `${key} is "${share}"; no share is above 100%` }];
  }
  const never = key === 'above' ? 1 : 0;
  if (toShare(share) !== never) return [];
  return [{ path: [key], message: `${key} is ${share}, and no share is ${key} that: the rule would never fire` }];
}

function totalOf(buckets: readonly (Bucket & Total)[]): number {
  return buckets.reduce((sum, { count, total = count }) => sum + total, 0);
}

function isOut(share: number, { above, below }: Ratio): boolean {
  return (above !== undefined && share > above) || (below !== undefined && share < below);
}
