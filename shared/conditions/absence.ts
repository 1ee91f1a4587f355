import { isSeveral } from '../signals/alertKey.js';
import { lateFrom } from '../signals/late.js';
import { cutText } from '../signals/sample.js';
import type { Sample, Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { nextAfter, parseWeekTime, type WeekTime } from '../text/weekTimes.js';
import { spanText, utcText } from '../text/wording.js';
import type { PlacedProblem } from '../yaml/source.js';
import { type ActiveHours, awakeFor, withActive } from './activeHours.js';
import type { ConditionType, Labels } from './conditionType.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';
import type { Baseline, SeasonName } from './seasons.js';
import { type Steady, steadyFor, withSteady } from './steady.js';
import { newestOf } from './times.js';
import {
  linesOf,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const defaultForget = '1d';

/** The newest line is saved when it is this share of the window later than the one that is known: so much too early a key may be missed. */
const savedStep = 1 / 7;

/** A silence of this share of the window ends what is steady: what pauses so long now may pause for longer later. */
const longestPause = 1 / 3;

/** From one time of the week to the next time that it is; the clocks may change meanwhile. */
const longestWait = 9 * DAY;

/**
 * Nothing from a key for `window`: from one that is expected, or that was seen with at least `minCount` lines in a window, and for so long as `steady` says. Where
 * times of the week are given, silence outside them is on purpose, as it is with a baseline where the key was silent before; at a deadline something must have come within the window before.
 * Lines never fire: that nothing came is for the sweep to see.
 */
export const absence: ConditionType<StatedAbsence, Absence, Memory, Measured> = {
  durations: { ...windowed.durations, forget: ['1m', '90d'], steady: ['1m', '24h'] },
  settings: ({ window, expect = [], min_count = 1, steady, forget = defaultForget, baseline }) => ({
    window: milliseconds(window),
    expect: expectedKeys(expect).map(toLabels),
    ...withTimes(expectedTimes(expect).map(parseWeekTime).filter(isWeekTime)),
    minCount: min_count,
    ...(steady === undefined ? {} : { steady: milliseconds(steady) }),
    forget: milliseconds(forget),
    ...(baseline === 'week' ? { baseline } : {}),
  }),
  problems: (stated, rule) => [
    ...badForget(stated, rule),
    ...badBaseline(stated),
    ...badExpectedKeys(stated, rule),
    ...badTimes(stated, rule),
  ],

  observe: observeAbsence,
  remembered: ({ forget, window, lateness, times, baseline }) =>
    Math.max(forget, window + lateness) + (times || baseline ? longestWait : 0),
  // Each character of what was said last may be an escape of 6.
  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, 0, 0) + 260 + 6 * maxSaid,
  // The stream's last line is one of some service.
  lastLine: ({ stepsBy }) => stepsBy === undefined,
  lookBack: windowed.lookBack,
  missing: {
    expected: ({ expect }) => expect,
    expectedFrom: (now) => ({ since: now, watched: true }),
    missedFrom,
    miss: (rule, memory, labels, now) => ({
      memory: { ...memory, back: undefined },
      firing: firingOf(rule, memory, labels, now),
    }),
    backAt: ({ back }) => back,
    lastSeen: ({ lastSeen }) => lastSeen,
    forgottenFrom: (rule, memory, labels) =>
      isExpected(rule, labels)
        ? Number.POSITIVE_INFINITY
        : absentFrom(rule, memory) + rule.forget - rule.window - rule.lateness,
    forgotten: (now) => ({ since: now, watched: false }),
    backWords({ lastSeen }, at) {
      const silent = lastSeen === undefined ? 0 : at - lastSeen;
      return silent > 0 ? `lines arrive again, after ${spanText(silent)} without` : 'lines arrive again';
    },
  },

  words: ({ lastSeen }, { window, times }, until) => {
    const expected = times ? `, expected ${times.map(({ text }) => text).join(' and ')}` : '';
    if (lastSeen === undefined) return `nothing for ${formatDuration(window)}, and nothing before${expected}`;
    const silent = Math.max(window, until - lastSeen);
    const since = utcText(lastSeen);
    return `nothing since ${since.slice(0, 10) === utcText(until).slice(0, 10) ? since.slice(11, 19) : since.slice(0, 19).replace('T', ' ')} UTC (${spanText(silent)})${expected}`;
  },
  example: ({ window }, now) => ({ measured: { lastSeen: now - window }, lines: 0 }),
};

interface StatedAbsence extends StatedWindow {
  readonly expect?: string | readonly (StatedLabels | string)[];
  readonly min_count?: number;
  readonly steady?: string;
  readonly forget?: string;
  readonly baseline?: Baseline;
}

type StatedLabels = Readonly<Record<string, string | number | boolean>>;

interface Absence extends WindowSettings {
  /** Keys that are missed even if they were never seen, by the values of their `by` columns. */
  readonly expect: readonly Labels[];
  /** When lines must come; always when absent. */
  readonly times?: readonly WeekTime[];
  readonly minCount: number;
  /** For how long a key must have logged without a pause before it is missed, milliseconds. */
  readonly steady?: number;
  /** After how long a key that is not expected is given up. */
  readonly forget: number;
  /** Silence at hours at which the key was silent in the week before is no absence. */
  readonly baseline?: SeasonName;
  /**
   * Of the rule about the whole stream, which no file states (shared/rules/streamRule.ts): late lines are no sign of life, and
   * a newer line is remembered once it is so much newer, in milliseconds.
   */
  readonly stepsBy?: number;
}

type AbsenceRule = RuleSettings & Absence;

interface Memory {
  /** When it began to be expected or was first seen, on the clock. */
  readonly since: number;
  /** Event time of the newest line, and never later than the clock; undefined when it was never seen. */
  readonly lastSeen?: number | undefined;
  /** There were `minCount` lines in a window, so that it will be missed. */
  readonly watched: boolean;
  /** For as long as it is not watched: the lines that may bring it there. */
  readonly seen?: WindowMemory | undefined;
  /** Since when it logs without a pause, where the rule asks for that. */
  readonly steady?: Steady | undefined;
  /** One of its newest lines; absent in what was stored before it was kept, and of access lines. */
  readonly said?: Said | undefined;
  /** When lines came back the last time, on the clock. */
  readonly back?: number | undefined;
  /** Of a rule with a baseline. */
  readonly hours?: ActiveHours | undefined;
  /** How far behind the clock its newest line was when it came, when that was more than a few minutes; in milliseconds. */
  readonly lag?: number | undefined;
  /** Of the whole stream: how far it was when it fell behind, until it has caught up, and the last time that it did. Event times. */
  readonly behindFrom?: number | undefined;
  readonly gapFrom?: number | undefined;
}

/** What a line said, as far as it is kept. */
type Said = Omit<Sample, 'service'>;

/** Characters of it. */
const maxSaid = 300;

/** Undefined when the key was never seen. */
interface Measured {
  readonly lastSeen?: number;
}

/** What `expect` holds: keys, and times of the week. */
type StatedExpect = NonNullable<StatedAbsence['expect']>;

function expectedKeys(expect: StatedExpect): StatedLabels[] {
  return [expect].flat().filter((each) => typeof each !== 'string');
}

function expectedTimes(expect: StatedExpect): string[] {
  return [expect].flat().filter((each) => typeof each === 'string');
}

function withTimes(times: readonly WeekTime[]): Pick<Absence, 'times'> {
  return times.length === 0 ? {} : { times };
}

function isWeekTime(time: WeekTime | string): time is WeekTime {
  return typeof time !== 'string';
}

/** Labels are text, as those of lines are. */
function toLabels(expected: StatedLabels): Labels {
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, String(value)]));
}

function badForget(stated: StatedAbsence, { window, forget, lateness }: AbsenceRule): PlacedProblem[] {
  if (forget > window + lateness) return [];
  const message = `a key is forgotten after ${stated.forget ?? defaultForget}, before it could be missed; make "forget" longer than window and lateness`;
  return [{ path: ['forget' in stated ? 'forget' : 'window'], message }];
}

function badBaseline({ baseline, expect = [] }: StatedAbsence): PlacedProblem[] {
  if (baseline === undefined) return [];
  if (baseline !== 'week')
    return [{ path: ['baseline'], message: 'absence knows the hours of the week alone; write week' }];
  if (expectedTimes(expect).length === 0) return [];
  return [{ path: ['baseline'], message: 'the times of "expect" say when lines must come; leave one of the two out' }];
}

/** A key that lacks a column, or has another, would never be that of a line. */
function badExpectedKeys({ expect = [] }: StatedAbsence, { by }: AbsenceRule): PlacedProblem[] {
  return [expect].flat().flatMap((key, index) => {
    if (typeof key === 'string') return [];
    const isComplete = Object.keys(key).length === by.length && by.every((name) => name in key);
    if (isComplete) return [];
    const found = Object.keys(key).join(', ');
    const message = `the key has ${found}; it must have what "by" has: ${by.join(', ')}`;
    return [{ path: ['expect', index], message }];
  });
}

/** Times that nobody can read, or that leave no room for the window. */
function badTimes({ expect = [], window: stated }: StatedAbsence, { window, times }: AbsenceRule): PlacedProblem[] {
  const problems = [expect].flat().flatMap((time, index) => {
    const message = typeof time === 'string' ? parseWeekTime(time) : undefined;
    return typeof message === 'string'
      ? [{ path: Array.isArray(expect) ? ['expect', index] : ['expect'], message }]
      : [];
  });
  const isNever = problems.length === 0 && times && nextAfter(times, window, 0) === Number.POSITIVE_INFINITY;
  if (!isNever) return problems;
  const message = `none of the times of "expect" is as long as the window of ${stated}, so that nothing would ever be missed; make it shorter`;
  return [{ path: ['window'], message }];
}

function observeAbsence(
  rule: AbsenceRule,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  // Nobody can be missed among keys that were folded into one.
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };

  const before: Memory = memory ?? { since: now, watched: false };
  const { labels } = signals[0];
  const isKnownKey = isWatched(rule, before, labels);
  const newest = newestOf(signals, now);
  const lag = rule.stepsBy === undefined && now - newest > lateFrom ? now - newest : undefined;
  const heard = isKnownKey && isSlowClock(before.lag, lag) ? now : newest;
  const seen = {
    ...before,
    lag,
    lastSeen: Math.max(heard, before.lastSeen ?? 0),
    ...saidLast(rule, before, signals),
    ...(rule.baseline ? { hours: withActive(before.hours, newest) } : {}),
  };
  // Lines of the past, as of a replay, are no reason to begin to miss anybody.
  const isPast = !isKnownKey && now >= absentFrom(rule, seen);
  const after = isPast ? undefined : watch(rule, seen, signals, now);
  if (!after) return { outcome: 'ignored', reason: 'too late' };
  const isBack = now >= missedFrom(rule, before, labels) && now < missedFrom(rule, after, labels);
  // A service that logs all the time would be saved with each batch, to move its newest line by some seconds.
  const isHardlyLater = seen.lastSeen - (before.lastSeen ?? 0) < (rule.stepsBy ?? rule.window * savedStep);
  const caughtUp = rule.stepsBy === undefined ? {} : streamGap(before, seen.lastSeen, now);
  const next = { ...after, ...(isBack ? { back: now } : {}), ...caughtUp };
  const isNews = isBack || Object.keys(caughtUp).length > 0 || (lag === undefined) !== (before.lag === undefined);
  if (before.watched && !isNews && isHardlyLater && before.hours?.bits === next.hours?.bits)
    return { outcome: 'ignored', reason: 'known' };
  return { outcome: next.watched ? 'noted' : 'counted', memory: next };
}

/** Nothing of the stream, where samples would be of any service. */
function saidLast({ stepsBy }: AbsenceRule, { said }: Memory, signals: Readonly<Group<Signal>>): Pick<Memory, 'said'> {
  if (stepsBy !== undefined) return {};
  const [newest] = signals.flatMap(({ samples }) => samples).sort((a, b) => b.ts - a.ts);
  if (!newest || (said && said.ts > newest.ts)) return {};
  const { service: _, message, ...others } = newest;
  return { said: { ...others, message: cutText(message, maxSaid) } };
}

/** What changes when the stream falls behind, and when it has caught up. */
function streamGap({ lastSeen = 0, behindFrom }: Memory, newest: number, now: number): Partial<Memory> {
  const isBehind = now - newest >= gapFrom;
  if (behindFrom === undefined && lastSeen > 0 && now - lastSeen >= gapFrom) {
    return isBehind ? { behindFrom: lastSeen } : { gapFrom: lastSeen, back: now };
  }
  return behindFrom !== undefined && !isBehind ? { behindFrom: undefined, gapFrom: behindFrom, back: now } : {};
}

/** How far behind the clock a whole stream is when something is wrong, in milliseconds: Firehose's buffers take two minutes. */
const gapFrom = 3 * 60_000;

/**
 * Whoever's lines are always as far behind is there: its clock is slow. Those of a log router that catches up are behind less
 * and less. What is more than an hour old tells nothing of now.
 */
function isSlowClock(before: number | undefined, lag: number | undefined): boolean {
  return before !== undefined && lag !== undefined && lag <= HOUR && Math.abs(lag - before) <= MINUTE;
}

/** Counts the lines of a key that is not watched yet; undefined when they are too late to tell anything. */
function watch(rule: AbsenceRule, memory: Memory, signals: Readonly<Group<Signal>>, now: number): Memory | undefined {
  const watched = { ...memory, watched: true, seen: undefined, steady: undefined };
  if (memory.watched) return watched;
  const steady =
    rule.steady === undefined ? undefined : withSteady(memory.steady, signals, rule.window * longestPause, now);
  const isSteady = steadyFor(steady) >= (rule.steady ?? 0);
  if (rule.minCount <= 1) return isSteady ? watched : { ...memory, steady };
  const seen = observeWindow(rule, memory.seen, signals, now, {
    measure: (current) => (isSteady && linesOf(current) >= rule.minCount ? 'enough' : undefined),
    lateBuckets: 0,
  });
  if (seen.outcome === 'ignored') return undefined;
  if (seen.firing) return watched;
  return { ...memory, seen: { ...seen.memory, samples: [] }, ...(steady ? { steady } : {}) };
}

function missedFrom(rule: AbsenceRule, memory: Memory, labels: Labels, from?: number): number {
  return isWatched(rule, memory, labels) ? absentFrom(rule, memory, from) : Number.POSITIVE_INFINITY;
}

/** When the key is absent unless a line comes, not before `from`, on the clock; lines may be late by the rule's lateness. */
function absentFrom(rule: AbsenceRule, { since, lastSeen, hours }: Memory, from = 0): number {
  const { window, lateness, times, baseline } = rule;
  const silent = Math.max((lastSeen ?? since) + window, from - lateness);
  if (times) return nextAfter(times, window, silent) + lateness;
  return (baseline && hours ? awakeFor(hours, window, silent) : silent) + lateness;
}

function isWatched(rule: AbsenceRule, { watched }: Memory, labels: Labels): boolean {
  return watched || isExpected(rule, labels);
}

function isExpected({ by, expect }: AbsenceRule, labels: Labels): boolean {
  return expect.some((expected) => by.every((name) => expected[name] === labels[name]));
}

/** What there is to tell of an absent key: no line, but the last one before, if it is of then. */
function firingOf(
  { window }: AbsenceRule,
  { since, lastSeen, said }: Memory,
  labels: Labels,
  now: number,
): Firing<Measured> {
  const isOfThen = said !== undefined && lastSeen !== undefined && said.ts > lastSeen - window;
  const samples = isOfThen ? [{ ...said, service: labels.service ?? '' }] : [];
  return {
    tally: { labels, count: 0, first: lastSeen ?? since, last: now, samples },
    measured: lastSeen === undefined ? {} : { lastSeen },
  };
}
