import { isSeveral } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted, percentText, utcText } from '../text/wording.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType, Labels } from './conditionType.js';
import { addToDay, type Day, dayBytes } from './dayLevel.js';
import { countAt, firstLow, learnSeason, stepsKept, windowsBefore } from './dropWindows.js';
import { addLines, isForgotten, type Levels, levelBytes } from './levels.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';
import { type Baseline, badSeason, type Season, type SeasonName, seasonBytes, seasonRemembered } from './seasons.js';
import { type StatedShare, shareAdvice, toShare } from './share.js';
import { newestOf } from './times.js';
import { bucketWidth, type StatedWindow, type WindowSettings } from './window.js';

const defaultForget = '1d';

/**
 * Fewer lines of a key in a window than the share `below` of what is usual, which must be `minPrevious` at least. A window is judged
 * when it is over and `lateness` has passed, by the sweep: lines never fire, for others of their window may yet come, and of a drop
 * to nothing none come at all. A key stays low until a window has its share of what was usual when it fell.
 */
export const drop: ConditionType<StatedDrop, Drop, Memory, Measured> = {
  durations: { window: ['1m', '24h'], forget: ['1m', '90d'] },
  patternAdvice: { below: shareAdvice },
  settings: ({ window, below = 0.5, min_previous = 100, baseline = 'previous', forget = defaultForget }) => ({
    window: milliseconds(window),
    below: toShare(below),
    minPrevious: min_previous,
    ...(baseline === 'previous' || baseline === 'hour' ? {} : { baseline }),
    forget: milliseconds(forget),
  }),
  problems: (stated, rule) => [...badShare(stated), ...badBaseline(stated), ...badSeason(stated, rule)],

  observe: observeDrop,
  remembered: (rule) => Math.max(rule.forget, stepsKept(rule) * bucketWidth(rule), seasonRemembered(rule.baseline)),
  memoryBytes: (rule) =>
    400 + stepsKept(rule) * levelBytes + seasonBytes(rule.baseline) + (knowsDay(rule) ? dayBytes : 0),
  lookBack: ({ window }) => (windowsBefore + 1) * window,
  missing: {
    expected: () => [],
    expectedFrom: () => ({}),
    missedFrom: (rule, memory, _labels, from = 0) =>
      memory.low ? Math.max(memory.low.since, from) : (firstLow(rule, memory)?.judgedAt ?? Number.POSITIVE_INFINITY),
    miss,
    backAt: ({ back }) => back,
    lastSeen: ({ lastSeen }) => lastSeen,
    forgottenFrom: ({ forget }, { low }) => (low ? low.since + forget : Number.POSITIVE_INFINITY),
    // So many are what is usual from now on.
    forgotten: () => ({}),
    backWords: ({ usual }) => `as many lines as usual again, where ${usual.toLocaleString('en')} are usual`,
  },

  words: wordsOf,
  example: ({ window, below, minPrevious }, now) => ({
    measured: { current: Math.floor((minPrevious * below) / 2), usual: minPrevious, lastSeen: now - window / 12 },
    lines: 0,
  }),
};

interface StatedDrop extends StatedWindow {
  readonly below?: StatedShare;
  readonly min_previous?: number;
  readonly baseline?: Baseline;
  readonly forget?: string;
}

interface Drop extends WindowSettings {
  /** A part of 1. */
  readonly below: number;
  /** Where fewer lines are usual, too few of them say nothing. */
  readonly minPrevious: number;
  readonly baseline?: SeasonName;
  /** After how long a key that stays low is given up, and its level is what is usual. */
  readonly forget: number;
}

type DropRule = RuleSettings & Drop;

interface Memory {
  readonly levels?: Levels | undefined;
  readonly season?: Season | undefined;
  /** Lines of each hour of the last day. */
  readonly day?: Day | undefined;
  /** Event time of the newest line. */
  readonly lastSeen?: number;
  /** What was usual when the key fell, and since when it is low, on the clock. */
  readonly low?: { readonly usual: number; readonly since: number } | undefined;
  /** When as many lines as usual came again, on the clock; windows that end at `after` or before are not judged again. */
  readonly back?: number | undefined;
  readonly after?: number;
}

interface Measured {
  readonly current: number;
  readonly usual: number;
  readonly lastSeen?: number | undefined;
}

function firstOf(signals: Readonly<Group<Signal>>, now: number): number {
  return Math.min(now, ...signals.map(({ first }) => first));
}

/** The hours of a day say nothing of longer windows, and a season knows better. */
function knowsDay({ window, baseline }: DropRule): boolean {
  return baseline === undefined && window <= hour;
}

const hour = 3_600_000;

function badShare({ below }: StatedDrop): PlacedProblem[] {
  if (below === undefined) return [];
  const share = toShare(below);
  if (share > 0 && share < 1) return [];
  const why = share === 0 ? 'no number of lines is below that' : 'that is no drop';
  return [{ path: ['below'], message: `below is ${below}, and ${why}; write a share such as "50%"` }];
}

function badBaseline({ baseline }: StatedDrop): PlacedProblem[] {
  if (baseline !== 'hour') return [];
  return [{ path: ['baseline'], message: 'a drop has no baseline of the hour; write previous, day or week' }];
}

function observeDrop(
  rule: DropRule,
  memory: Memory = {},
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  // Of keys that were folded into one nobody knows how many lines each had.
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };
  const [width, kept] = [bucketWidth(rule), stepsKept(rule)];
  // Signals from before the rule was changed may have buckets of another width.
  const atOf = ({ bucket }: Signal) => Math.floor(Math.min(bucket, now) / width) * width;
  const tooLate = signals.filter((signal) => isForgotten(memory.levels, width, kept, atOf(signal)));
  if (tooLate.length === signals.length) return { outcome: 'ignored', reason: 'too late', tooLate };

  const lines = signals.map((signal) => ({ at: atOf(signal), count: signal.count }));
  const levels = addLines(memory.levels, width, kept, lines);
  const seen: Memory = {
    ...memory,
    levels,
    season: levels && learnSeason(rule, memory.levels, memory.season, levels),
    ...(knowsDay(rule) ? { day: addToDay(memory.day, lines, firstOf(signals, now)) } : {}),
    lastSeen: Math.max(newestOf(signals, now), memory.lastSeen ?? 0),
  };
  const isBack =
    levels !== undefined &&
    memory.low !== undefined &&
    countAt(rule, levels, levels.newest) >= rule.below * memory.low.usual;
  return {
    outcome: 'counted',
    memory: isBack ? { ...seen, low: undefined, back: now, after: levels.newest } : seen,
    ...(tooLate.length > 0 ? { tooLate } : {}),
  };
}

function miss(
  rule: DropRule,
  memory: Memory,
  labels: Labels,
  now: number,
): { memory: Memory; firing: Firing<Measured> } {
  const { levels, lastSeen } = memory;
  const first = memory.low ? undefined : firstLow(rule, memory);
  const width = bucketWidth(rule);
  const over = Math.floor((now - rule.lateness) / width) * width - width;
  const end = Math.max(over, first?.end ?? over);
  const usual = memory.low?.usual ?? first?.usual ?? 0;
  const current = levels ? countAt(rule, levels, end) : 0;
  const tally = { labels, count: 0, first: Math.min(now, end - rule.window), last: now, samples: [] };
  return {
    memory: { ...memory, low: memory.low ?? { usual, since: now }, back: undefined },
    firing: { tally, measured: { current, usual, lastSeen } },
  };
}

function wordsOf({ current, usual, lastSeen }: Measured, rule: DropRule, until: number): string {
  const { window, baseline, lateness } = rule;
  const at = baseline === undefined ? '' : ` at this hour of the ${baseline}`;
  const share =
    usual === 0
      ? ''
      : `, ${percentText(Math.round((current / usual) * 1000) / 1000)} of the ${usual.toLocaleString('en')} that are usual${at}`;
  const lines = current === 0 ? 'no lines' : counted(current, 'line');
  const silent = lastSeen !== undefined && until - lastSeen > lateness + 2 * bucketWidth(rule);
  return `${lines} in ${formatDuration(window)}${share}${silent ? `; none since ${utcText(lastSeen)}` : ''}`;
}
