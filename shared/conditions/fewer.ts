import { isSeveral } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { utcText } from '../text/wording.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType, Labels } from './conditionType.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';
import { maxValueLength, maxValues, mergeSeen, type SeenValue, type SeenValues, seenValues } from './seenValues.js';
import { type StatedShare, shareAdvice, toShare } from './share.js';
import { type StatedWindow, type WindowSettings, windowed } from './window.js';

const never = Number.POSITIVE_INFINITY;

/** Names that a message has room for. */
const maxNames = 5;

/** A value's newest line is saved when it is this share of the window later than the one that is known: it may be missed so much earlier. */
const savedStep = 1 / 4;

/**
 * More than a part of a column's values, such as the tasks of a service, fell silent within a window, others went on, and no new ones
 * took their place. That all did is for a rule of type absence to tell. Lines never fire: that none came is for the sweep to see.
 */
export const fewer: ConditionType<StatedFewer, Fewer, Memory, Measured> = {
  durations: { ...windowed.durations, forget: ['1m', '7d'] },
  patternAdvice: { above: shareAdvice },
  settings: ({ of = 'task', window, above = '40%', forget = '1h' }) => ({
    of,
    window: milliseconds(window),
    above: toShare(above),
    forget: milliseconds(forget),
  }),
  problems: badValues,

  of: ({ of }) => ({ column: of }),
  sum: seenValues,

  observe: observeFewer,
  remembered: ({ window, lateness, forget }) => window + lateness + forget,
  // A character may be an escape of 6 bytes; beside it stand three times.
  memoryBytes: () => 100 + maxValues * (6 * maxValueLength + 60),
  lookBack: ({ window }) => window,
  missing: {
    expected: () => [],
    expectedFrom: () => ({ values: [] }),
    missedFrom: (rule, memory, _labels, from = 0) => Math.max(missedFrom(rule, memory), from),
    miss: (rule, memory, labels, now) => ({
      memory: { ...memory, back: undefined },
      firing: firingOf(rule, memory, labels, now),
    }),
    backAt: ({ back }) => back,
    lastSeen: ({ values: [newest] }) => newest?.[2],
    forgottenFrom: (rule, memory) => missedFrom(rule, memory) + rule.forget,
    forgotten: () => ({ values: [] }),
    backWords: ({ of }) => `enough values of ${of} are there again`,
  },

  words: ({ silent, missing, all, last }, { of, window }, _until, show) => {
    const more = missing > silent.length ? ` and ${missing - silent.length} more` : '';
    const names = silent.map(show).join(', ');
    const values = of === 'task' ? 'tasks' : `values of ${show(of)}`;
    return `${missing} of ${all} ${values} silent for ${formatDuration(window)}, without another in its place: ${names}${more}; the last at ${utcText(last).slice(11, 19)} UTC`;
  },
  example: ({ of, window }, now) => ({
    measured: { of, silent: ['a', 'b'], missing: 2, all: 3, last: now - window },
    lines: 0,
  }),
};

interface StatedFewer extends StatedWindow {
  readonly of?: string;
  readonly above?: StatedShare;
  readonly forget?: string;
}

interface Fewer extends WindowSettings {
  /** The column whose values are missed. */
  readonly of: string;
  /** The part of the values, from 0 to 1, above which it fires. */
  readonly above: number;
  /** After how long values that are still missed are all that there is to have. */
  readonly forget: number;
}

type FewerRule = RuleSettings & Fewer;

/** A value, and since when its lines had no pause of more than half a window: ms of event time. */
type Value = readonly [...SeenValue, steady: number];

interface Memory {
  /** The one that was seen last comes first. */
  readonly values: readonly Value[];
  /** When enough of them were there again the last time, on the clock. */
  readonly back?: number | undefined;
}

interface Measured {
  readonly of: string;
  /** Some of the missing values, those that were heard of last. */
  readonly silent: readonly string[];
  readonly missing: number;
  readonly all: number;
  /** Event time of the newest line of a missing value. */
  readonly last: number;
}

function badValues({ above }: StatedFewer, rule: FewerRule): PlacedProblem[] {
  const of = rule.by.includes(rule.of)
    ? [
        {
          path: ['by'],
          message: `a key has one ${rule.of}, so there can't be fewer of them; take ${rule.of} out of "by"`,
        },
      ]
    : [];
  if (rule.above < 1) return of;
  const message = `above is ${above}, and no share is above that: the rule would never fire`;
  return [...of, { path: ['above'], message }];
}

function observeFewer(
  rule: FewerRule,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  // Nobody can be missed among keys that were folded into one.
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };
  const before: Memory = memory ?? { values: [] };
  // Lines of the past, as of a replay, are no reason to begin to miss anybody.
  const oldest = now - rule.window - rule.lateness;
  const seen = (signals as readonly (Signal & SeenValues)[])
    .flatMap(({ seen = [] }) => seen)
    .map(([value, first, last]): SeenValue => [value, Math.min(first, now), Math.min(last, now)])
    .filter(([, , last]) => last > oldest);
  if (seen.length === 0) return { outcome: 'ignored', reason: 'too late' };

  const wasMissed = now >= missedFrom(rule, before);
  const after: Memory = { ...before, values: withSeen(rule, before.values, seen, wasMissed ? undefined : now) };
  const isBack = wasMissed && now < missedFrom(rule, after);
  if (!isBack && !isNews(rule, before, seen)) return { outcome: 'ignored', reason: 'known' };
  return { outcome: 'noted', memory: isBack ? { ...after, back: now } : after };
}

/** A service that logs all the time would be saved with each batch. */
function isNews({ window }: FewerRule, { values }: Memory, seen: readonly SeenValue[]): boolean {
  const stored = new Map(values.map(([value, , last]) => [value, last]));
  return seen.some(([value, , last]) => last - (stored.get(value) ?? Number.NEGATIVE_INFINITY) >= window * savedStep);
}

/** @param now gives up what can't be missed any more by then; while values are missed, none of them is. */
function withSeen(rule: FewerRule, values: readonly Value[], seen: readonly SeenValue[], now = 0): Value[] {
  const known = new Map(values.map((value) => [value[0], value]));
  const fresh = new Map(mergeSeen(seen, []).map((value) => [value[0], value]));
  const kept = values.filter(([, , last]) => now < silentFrom(rule, last) + rule.window);
  const all = mergeSeen(
    kept.map(([value, first, last]): SeenValue => [value, first, last]),
    seen,
  );
  return all.map(([value, first, last]): Value => {
    const [, , before, steady] = known.get(value) ?? [value, first, first, first];
    const next = fresh.get(value)?.[1] ?? before;
    return [value, first, last, next - before > rule.window / 2 ? next : steady];
  });
}

/** When more of the values are missed than may be, on the clock, unless lines come. */
function missedFrom(rule: FewerRule, { values }: Memory): number {
  const times = values.map(([, , last]) => silentFrom(rule, last)).sort((a, b) => a - b);
  return times.find((time) => isMissed(rule, values, time)) ?? never;
}

/** When a value is silent whose newest line is this one, on the clock: lines may be late by the rule's lateness. */
function silentFrom({ window, lateness }: FewerRule, last: number): number {
  return last + window + lateness;
}

function isMissed(rule: FewerRule, values: readonly Value[], time: number): boolean {
  // A service that falls asleep does so task by task: others must have gone on for a good while.
  const newest = Math.max(...values.map(([, , last]) => last));
  if (newest <= time - rule.lateness - rule.window * savedStep) return false;
  const { missing, all } = missingAt(rule, values, time);
  return missing.length < all && missing.length > all * rule.above;
}

/** The values that fell silent in the window up to a time and were not replaced by new ones, and how many there should be. */
function missingAt(rule: FewerRule, values: readonly Value[], time: number) {
  const silent = values.filter(([, , last]) => silentFrom(rule, last) <= time);
  const starts = values.map(([, first]) => first).sort((a, b) => a - b);
  const unreplaced = silent
    .filter((value) => isWatched(rule, value))
    .reverse()
    .filter(([, first, last]) => {
      // One that begins while the old one ends, as in a deployment, takes its place.
      const at = starts.findIndex((start) => start > first && start > last - rule.window);
      if (at >= 0) starts.splice(at, 1);
      return at < 0;
    });
  const missing = unreplaced.filter(([, , last]) => time < silentFrom(rule, last) + rule.window).reverse();
  return { missing, all: values.length - silent.length + missing.length };
}

/** Who logged without a long pause for a window is missed; who logs now and then is not. */
function isWatched({ window }: FewerRule, [, , last, steady]: Value): boolean {
  return last - steady >= window;
}

function firingOf(rule: FewerRule, memory: Memory, labels: Labels, now: number): Firing<Measured> {
  const { missing, all } = missingAt(rule, memory.values, Math.min(missedFrom(rule, memory), now));
  const last = missing[0]?.[2] ?? now;
  const silent = missing.slice(0, maxNames).map(([value]) => value);
  return {
    tally: { labels, count: 0, first: missing.at(-1)?.[2] ?? last, last: now, samples: [] },
    measured: { of: rule.of, silent, missing: missing.length, all, last },
  };
}
