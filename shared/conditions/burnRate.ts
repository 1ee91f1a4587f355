import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted, percentText, spanText } from '../text/wording.js';
import type { Where } from '../where/clause.js';
import type { PlacedProblem } from '../yaml/source.js';
import {
  type BurnMemory,
  type BurnPair,
  budgetOf,
  burnMemoryBytes,
  type Measured,
  observeBurn,
} from './burnWindows.js';
import type { ConditionType } from './conditionType.js';
import { type StatedShare, shareAdvice, toShare } from './share.js';
import { totals } from './totals.js';

const SECOND = 1000;
const DAY = 86_400_000;

/**
 * 2 % of a month's error budget within an hour, or 5 % within six.
 * https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
const defaultWindows: readonly StatedBurn[] = [
  { long: '1h', short: '5m', factor: 14.4 },
  { long: '6h', short: '30m', factor: 6 },
];

/** Over which time an error budget is spent that is spent as fast as the objective allows. */
const budgetPeriod = 30 * DAY;

/** The shortest window is this many steps; so many of it the longest may have, as each step is remembered. */
const [stepsOfShortest, mostOfShortest] = [5, 72];

const [shortest, longest] = ['1m', '7d'];

const durationAdvice = 'write a number and s, m, h or d, for example 15m';

/**
 * The part of a key's lines that `of` matches is so large that it spends the error budget which `objective` leaves `factor` times
 * too fast, over a long window, which makes it matter, and over a short one, which says that it goes on: for any of the pairs of windows.
 */
export const burnRate: ConditionType<StatedBurnRate, BurnRate, BurnMemory, Measured> = {
  patternAdvice: { objective: shareAdvice, long: durationAdvice, short: durationAdvice },
  settings: ({ of, objective, windows = defaultWindows, min_count = 10 }) => {
    const pairs = windows.map(({ long, short, factor }) => ({
      ...{ long: milliseconds(long), short: milliseconds(short), factor },
    }));
    const least = Math.min(...pairs.map(({ short }) => short));
    return {
      ...{ of, objective: toShare(objective), windows: pairs, minCount: min_count },
      step: Math.max(5 * SECOND, Math.ceil(least / stepsOfShortest / SECOND) * SECOND),
    };
  },
  problems(stated, rule) {
    const objective = badObjective(stated);
    return objective.length > 0 ? objective : badWindows(stated, rule);
  },

  of: ({ of }) => ({ part: of }),
  sum: totals,

  observe: observeBurn,
  remembered: (rule) => lookBack(rule) + rule.lateness,
  memoryBytes: burnMemoryBytes,
  lookBack,

  words({ matched, total, inShort, long, short }, { objective }) {
    const share = matched / total;
    const rate = share / budgetOf(objective);
    const lines = `${percentText(share)} (${matched.toLocaleString('en')} of ${counted(total, 'line')}) in ${formatDuration(long)}`;
    const spent = spanText(budgetPeriod / rate);
    return `${rateText(rate)} times the error budget of ${percentText(objective)}: ${lines}, ${percentText(inShort)} in ${formatDuration(short)}; a month's is spent in ${spent}`;
  },
  alsoMatches: ({ of }) => of,
  example: ({ objective, windows, minCount }) => {
    const { long, short, factor } = windows[0] ?? { long: 0, short: 0, factor: 1 };
    const share = Math.min(1, 2 * factor * budgetOf(objective));
    const total = Math.ceil(minCount / share);
    const matched = Math.round(total * share);
    return { measured: { matched, total, inShort: matched / total, long, short }, lines: matched };
  },
};

interface StatedBurnRate {
  readonly of: Where;
  readonly objective: StatedShare;
  readonly windows?: readonly StatedBurn[];
  readonly min_count?: number;
}

interface StatedBurn {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
}

interface BurnRate {
  readonly of: Where;
  /** The part of the lines that are not to be in `of`, from 0 to 1. */
  readonly objective: number;
  readonly windows: readonly BurnPair[];
  /** Lines of the long window that `of` matches: fewer are no trouble, however few lines there are. */
  readonly minCount: number;
  /** Milliseconds of event time that are counted together. */
  readonly step: number;
}

function lookBack({ windows }: BurnRate): number {
  return Math.max(...windows.map(({ long }) => long));
}

function rateText(rate: number): string {
  return rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 });
}

function badObjective({ objective }: StatedBurnRate): PlacedProblem[] {
  const share = toShare(objective);
  if (share >= 0.5 && share < 1) return [];
  const why = share < 0.5 ? 'it is the share of lines that are good' : 'it leaves no error to any line';
  return [{ path: ['objective'], message: `objective is ${objective}, but ${why}; write one such as "99.9%"` }];
}

function badWindows({ windows: stated }: StatedBurnRate, { objective, windows }: BurnRate): PlacedProblem[] {
  const problems = windows.flatMap((pair, index) => {
    const at = (key: string) => (stated ? ['windows', index, key] : ['objective']);
    return badPair(pair, budgetOf(objective)).map(({ key, message }) => ({ path: at(key), message }));
  });
  const [least, most] = [Math.min(...windows.map(({ short }) => short)), Math.max(...windows.map(({ long }) => long))];
  if (problems.length > 0 || most <= mostOfShortest * least) return problems;
  const message = `the longest window is ${formatDuration(most)}, more than ${mostOfShortest} times the shortest of ${formatDuration(least)}; make it two rules`;
  return [{ path: ['windows'], message }];
}

function badPair({ long, short, factor }: BurnPair, budget: number): { key: string; message: string }[] {
  if (short < milliseconds(shortest)) {
    return [{ key: 'short', message: `short is ${formatDuration(short)}; the shortest is ${shortest}` }];
  }
  if (long > milliseconds(longest)) {
    return [{ key: 'long', message: `long is ${formatDuration(long)}; the longest is ${longest}` }];
  }
  if (short >= long) {
    return [
      { key: 'short', message: `short is ${formatDuration(short)}; make it shorter than long, a twelfth for example` },
    ];
  }
  if (budget <= 0 || factor * budget < 1) return [];
  const message = `${percentText(factor * budget)} of all lines would have to fail for ${factor} times the error budget: it would never fire; lower the factor under "windows"`;
  return [{ key: 'factor', message }];
}
