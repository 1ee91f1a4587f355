import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted } from '../text/wording.js';
import type { Where } from '../where/clause.js';
import { asNumber } from '../where/compileWhere.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType, OpenSum } from './conditionType.js';
import { addTo, binOf, binsAbove, countIn, type LogBins, mergeBins, numberAt, toBins } from './logBins.js';
import {
  type Bucket,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/** Bins of one signal or bucket: numbers up to 24 times the bound are told apart, and what is higher counts as that. */
const maxBins = 160;

/** Of the numbers of one bucket as JSON, with their name: a bin has 5 characters at most, a count 10, each has a comma. */
const spreadBytes = maxBins * 17 + 50;

const quantileAdvice = 'write a quantile such as p95 or "95%", or a number between 0 and 1';

/**
 * A quantile of a number, such as the 95th percentile of `duration_ms`, is above a bound, out of at least `minCount` numbers in the
 * window. Whether it is above is exact: numbers up to the bound are only counted. How high it is, is told to within 1 %.
 */
export const quantile: ConditionType<StatedQuantile, Quantile, WindowMemory, Measured> = {
  ...windowed,
  patternAdvice: { quantile: quantileAdvice },
  settings: ({ of, quantile = 'p95', above, window, min_count = 100 }) => ({
    of,
    quantile: toQuantile(quantile),
    above,
    window: milliseconds(window),
    minCount: min_count,
  }),
  problems: badQuantile,

  of: ({ of, above }) => ({ column: of, part: higher(of, above) }),
  sum: { open: openSpread, join: joinSpreads, lines: ({ spread }: Signal & Spread) => spread?.total ?? 0 },

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      join: joinSpreads,
      measure(current) {
        const { total, bins } = spreadOf(current);
        const over = binsAbove(bins, rule.above);
        const beyond = countIn(over);
        if (total < rule.minCount) return undefined;
        const value = numberAt(over, rankOf(rule.quantile, total) - (total - beyond), rule.above);
        return isAbove(rule.quantile, total, beyond) && value !== undefined ? { value, beyond, total } : undefined;
      },
    }),
  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, spreadBytes),

  words: ({ value, beyond, total }, { of, quantile, window, above }, _until, show) => {
    const about = value.toLocaleString('en', { maximumSignificantDigits: 3 });
    const lines = `${beyond.toLocaleString('en')} of ${counted(total, 'line')}`;
    return `${nameOf(quantile)} of ${show(of)} is about ${about} in ${formatDuration(window)}, above ${above.toLocaleString('en')} (${lines})`;
  },
  alsoMatches: ({ of, above }) => higher(of, above),
  example: ({ quantile, above, minCount }) => {
    const beyond = minCount - rankOf(quantile, minCount) + 1;
    return { measured: { value: above * 1.5, beyond, total: minCount }, lines: beyond };
  },
};

interface StatedQuantile extends StatedWindow {
  readonly of: string;
  /** `p95`, `95%` or 0.95. */
  readonly quantile?: number | string;
  readonly above: number;
  readonly min_count?: number;
}

interface Quantile extends WindowSettings {
  readonly of: string;
  /** Above 0 and below 1. */
  readonly quantile: number;
  readonly above: number;
  readonly minCount: number;
}

/** Of the window: the quantile, and how many of all numbers are above the bound. */
interface Measured {
  readonly value: number;
  readonly beyond: number;
  readonly total: number;
}

/** The numbers of the lines: how many there are, and how those above the bound are spread. */
interface Spread {
  readonly spread?: { readonly total: number; readonly bins: LogBins };
}

function toQuantile(stated: number | string): number {
  return typeof stated === 'number' ? stated : Number.parseFloat(stated.replace('p', '')) / 100;
}

/** `p95` of 0.95. */
function nameOf(quantile: number): string {
  return `p${(quantile * 100).toLocaleString('en', { maximumFractionDigits: 4 })}`;
}

function badQuantile({ quantile: stated }: StatedQuantile, { quantile }: Quantile): PlacedProblem[] {
  if (quantile > 0 && quantile < 1) return [];
  return [{ path: ['quantile'], message: `quantile is "${stated}", and none is there; ${quantileAdvice}` }];
}

function higher(column: string, bound: number): Where {
  return { [column]: { gt: bound } };
}

function openSpread({ above }: Quantile): OpenSum<Spread> {
  let total = 0;
  const bins = new Map<number, number>();
  const [lowest, highest] = [binOf(above), binOf(above) + maxBins - 1];
  return {
    add(count, value, _first, _last, isPart) {
      const number = asNumber(value);
      if (Number.isNaN(number)) return;
      total += count;
      if (isPart) addTo(bins, Math.min(Math.max(binOf(number), lowest), highest), count);
    },
    fields: () => ({ spread: { total, bins: toBins(bins) } }),
  };
}

function joinSpreads(a: Span & Spread, b: Span & Spread): Spread {
  return a.spread === undefined ? {} : { spread: added(a.spread, b.spread) };
}

function added(a: NonNullable<Spread['spread']>, b: Spread['spread']): NonNullable<Spread['spread']> {
  return b === undefined ? a : { total: a.total + b.total, bins: mergeBins(a.bins, b.bins) };
}

function spreadOf(buckets: readonly (Bucket & Spread)[]): NonNullable<Spread['spread']> {
  return buckets.reduce((sum, { spread }) => added(sum, spread), { total: 0, bins: [] as LogBins });
}

/** Of so many numbers in ascending order, the first one that so large a part of them is not above (nearest rank). */
function rankOf(quantile: number, total: number): number {
  // Without the error of the product, which would make a whole number the next one.
  return Math.max(1, Math.ceil(quantile * total - 1e-9 * total));
}

function isAbove(quantile: number, total: number, beyond: number): boolean {
  return total - beyond < rankOf(quantile, total);
}
