import type { Sample, Signal } from '../signals/signal.js';
import { joinSamples } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { addLines, isForgotten, type Levels, levelBytes, linesUpTo, oldestOf } from './levels.js';
import type { Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';
import type { Total } from './totals.js';
import { samplesBytes } from './window.js';

/** Windows that must both burn; milliseconds. */
export interface BurnPair {
  readonly long: number;
  readonly short: number;
  /** How many times faster than the objective allows. */
  readonly factor: number;
}

/** The part of the lines that the objective leaves for errors. */
export function budgetOf(objective: number): number {
  // 1 - 0.999 is not quite 0.001.
  return Math.round((1 - objective) * 1e12) / 1e12;
}

/** What a rule says of the windows that it looks at. */
interface BurnRule extends RuleSettings {
  readonly objective: number;
  readonly windows: readonly BurnPair[];
  readonly minCount: number;
  readonly step: number;
}

/** Numbers of the same steps: with a pair of numbers for each minute of six hours, buckets with times would be many times as large. */
export interface BurnMemory {
  readonly bad?: Levels | undefined;
  readonly total?: Levels | undefined;
  /** Of the bad lines, those that are in a notice, or held back for one. */
  readonly told?: Levels | undefined;
  /** Of lines that are in no notice yet. */
  readonly samples?: readonly Sample[];
}

/** Of the pair of windows that burn: the part of bad lines in each. */
export interface Measured {
  /** In the long one. */
  readonly matched: number;
  readonly total: number;
  /** From 0 to 1. */
  readonly inShort: number;
  /** Milliseconds. */
  readonly long: number;
  readonly short: number;
}

/** The most that is remembered of a key, as JSON. */
export function burnMemoryBytes(rule: BurnRule): number {
  return samplesBytes + 300 + 3 * stepsKept(rule) * levelBytes;
}

/**
 * Counts bad lines and all lines in steps of event time, and looks at every pair of windows that ends with one of them. Windows are
 * open until lines of the key are `lateness` past their end; lines that no window needs any more are too late.
 */
export function observeBurn(
  rule: BurnRule,
  memory: BurnMemory = {},
  signals: Readonly<Group<Signal & Total>>,
  now: number,
): Observation<BurnMemory, Measured> {
  const { step } = rule;
  const kept = stepsKept(rule);
  // Signals from before the rule was changed may have buckets of another width.
  const atOf = ({ bucket }: Signal) => Math.floor(Math.min(bucket, now) / step) * step;
  const tooLate = signals.filter((signal) => isForgotten(memory.total, step, kept, atOf(signal)));
  if (tooLate.length === signals.length) return { outcome: 'ignored', reason: 'too late', tooLate };

  let { bad, total, told, samples = [] } = memory;
  let raised: Burning | undefined;
  let fresh: Fresh = { count: 0, first: Number.POSITIVE_INFINITY, last: 0 };
  for (const signal of [...signals].sort((a, b) => a.bucket - b.bucket)) {
    if (tooLate.includes(signal)) continue;
    const [at, { count, total: all = count }] = [atOf(signal), signal];
    bad = addLines(bad, step, kept, [{ at, count }]);
    total = addLines(total, step, kept, [{ at, count: all }]);
    told = addLines(told, step, kept, [{ at, count: 0 }]);
    samples = joinSamples(signal.samples, samples);
    if (!bad || !total || !told) continue;
    for (const end of openEnds(rule, at, total.newest)) {
      const found = burningAt(rule, bad, total, end);
      if (!found) continue;
      if (!raised || found.measured.matched >= raised.measured.matched) raised = found;
      const taken = tell(bad, told, end, stepsOf(found.measured.long, rule));
      ({ told, fresh } = { told: taken.told, fresh: joinFresh(fresh, taken.fresh) });
    }
  }
  const late = tooLate.length > 0 ? { tooLate } : {};
  const oldest = total ? oldestOf(total) : now;
  const remembered = { bad, total, told, samples: raised ? [] : samples.filter(({ ts }) => ts >= oldest) };
  if (!raised) return { outcome: 'counted', memory: remembered, ...late };
  const { end, measured } = raised;
  const span = fresh.count > 0 ? fresh : { count: 0, first: end, last: end + step - 1 };
  const tally = {
    labels: signals[0].labels,
    count: span.count,
    first: span.first,
    last: Math.min(now, span.last),
    samples,
  };
  return { outcome: 'counted', memory: remembered, firing: { tally, measured }, ...late };
}

interface Burning {
  readonly end: number;
  readonly measured: Measured;
}

/** Bad lines that nobody was told of, from the first to the last step that has any. */
interface Fresh {
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** The last steps of the windows that hold a step and are open. */
function openEnds({ step, lateness, windows }: BurnRule, at: number, newest: number): number[] {
  const longest = Math.max(...windows.map(({ long }) => long));
  const from = Math.max(at, Math.ceil((newest - lateness) / step) * step);
  const until = Math.min(newest, at + Math.ceil(longest / step) * step - step);
  return Array.from({ length: Math.max(0, (until - from) / step + 1) }, (_, index) => from + index * step);
}

/** The first pair of windows that burns and ends with a step. */
function burningAt(rule: BurnRule, bad: Levels, total: Levels, end: number): Burning | undefined {
  const budget = budgetOf(rule.objective);
  for (const { long, short, factor } of rule.windows) {
    const [longSteps, shortSteps] = [stepsOf(long, rule), stepsOf(short, rule)];
    const [matched, all] = [linesUpTo(bad, end, longSteps), linesUpTo(total, end, longSteps)];
    const bound = factor * budget;
    if (matched < rule.minCount || !(matched / all > bound)) continue;
    const inShort = linesUpTo(bad, end, shortSteps) / linesUpTo(total, end, shortSteps);
    if (inShort > bound) return { end, measured: { matched, total: all, inShort, long, short } };
  }
  return undefined;
}

/** Takes the bad lines of a window as told, and says which nobody was told of before. */
function tell(bad: Levels, told: Levels, end: number, steps: number): { readonly told: Levels; readonly fresh: Fresh } {
  const { width, newest, counts } = bad;
  const to = counts.length + (end - newest) / width;
  const isIn = (index: number) => index < to && index >= to - steps;
  let fresh: Fresh = { count: 0, first: Number.POSITIVE_INFINITY, last: 0 };
  for (const [index, count] of counts.entries()) {
    const untold = count - (told.counts[index] ?? 0);
    if (!isIn(index) || untold <= 0) continue;
    const at = newest - (counts.length - 1 - index) * width;
    fresh = joinFresh(fresh, { count: untold, first: at, last: at + width - 1 });
  }
  return {
    told: { ...told, counts: told.counts.map((each, index) => (isIn(index) ? (counts[index] ?? 0) : each)) },
    fresh,
  };
}

function joinFresh(a: Fresh, b: Fresh): Fresh {
  return { count: a.count + b.count, first: Math.min(a.first, b.first), last: Math.max(a.last, b.last) };
}

function stepsOf(window: number, { step }: BurnRule): number {
  return Math.ceil(window / step);
}

/** Steps that are remembered: those of the longest window, and of the ones that are open before it. */
function stepsKept(rule: BurnRule): number {
  return Math.max(...rule.windows.map(({ long }) => stepsOf(long, rule))) + Math.ceil(rule.lateness / rule.step) + 1;
}
