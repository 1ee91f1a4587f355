import { isSeveral } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import type { Where } from '../where/clause.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { ConditionType, Labels } from './conditionType.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';
import { clockTolerance, type Ends, EndTimes, endsBytes, hashOf } from './sequenceEnds.js';
import { maxStarts, type SequenceLines, type Start, secondOf, sequenceLines, startBytes } from './sequenceSignal.js';
import type { WindowSettings } from './window.js';

const [MINUTE, DAY] = [60_000, 86_400_000];

/** Values that a message names, and that it keeps for the query. */
const [maxNamed, maxValues] = [5, 20];

/**
 * What started and did not end in time: a line of `where` whose value of `of` no line of `then` had `within` after it. Lines come late, in
 * any order and more than once, so that people are told `lateness` after it is due. Lines never fire: that none came is for the
 * sweep to see. All the values of a key are one state.
 */
export const sequence: ConditionType<StatedSequence, Sequence, Memory, Measured> = {
  durations: { within: ['10s', '7d'] },
  settings: ({ of, then, within }) => ({ of, ends: then, window: milliseconds(within), step: MINUTE }),
  problems: badClauses,

  also: ({ ends }) => ends,
  of: ({ ends, of }) => ({ part: ends, partKey: 'then', column: of }),
  sum: sequenceLines(({ window }) => secondOf(window)),

  observe: observeSequence,
  remembered: ({ window, lateness }) => window + lateness + toldFor,
  memoryBytes: ({ lateness }) =>
    300 + maxStarts * (openBytes + toldBytes) + endsBytes(secondOf(lateness) + clockTolerance + 1),
  lookBack: ({ window }) => window,
  missing: {
    hasLines: true,
    expected: () => [],
    expectedFrom: () => noMemory(),
    missedFrom: (_rule, { open }, _labels, from = 0) =>
      Math.max(from, 1000 * Math.min(...open.map(([, , , due]) => due))),
    miss,
    isStillMissed: (rule, { told }, now) => isWaiting(told.filter(isKnownTold(rule, now))),
    backAt: ({ back }) => back,
    lastSeen: ({ newest }) => (newest > 0 ? 1000 * newest : undefined),
    forgottenFrom: () => Number.POSITIVE_INFINITY,
    forgotten: () => noMemory(),
    backWords: ({ of, missed }) => `${missed === 1 ? `the ${of} has` : `all of ${of} have`} ended after all`,
  },

  words({ of, missed, values, more }, { window }, _until, show) {
    const named = values.slice(0, maxNamed).map(show);
    const rest = missed - named.length;
    const least = more > 0 ? 'at least ' : '';
    const unseen = more > 0 ? `; ${more.toLocaleString('en')} others were too many to look at` : '';
    return `${least}${missed.toLocaleString('en')} of ${show(of)} did not end within ${formatDuration(window)}: ${named.join(', ')}${rest > 0 ? ` and ${rest.toLocaleString('en')} more` : ''}${unseen}`;
  },
  names: {
    columns: ({ of }) => [of],
    values: ({ values: [oldest] }, { of }) => (oldest === undefined ? {} : { [of]: oldest }),
  },
  alsoMatches: ({ of }, measured) =>
    measured && measured.missed === measured.values.length && !measured.isCut ? { [of]: measured.values } : undefined,
  example: ({ of }) => ({ measured: { of, missed: 2, values: ['4711', '4718'], more: 0 }, lines: 2 }),
};

interface StatedSequence {
  readonly of: string;
  readonly then: Where;
  readonly within: string;
}

interface Sequence extends WindowSettings {
  /** The column (or `fields.<path>`) whose value a start and its end have in common. */
  readonly of: string;
  /** The lines that end what those of `where` started. */
  readonly ends: Where;
  readonly step: number;
}

type SequenceRule = RuleSettings & Sequence;

/** A start that waits for its end, until when (on the clock), and whether that came too late. Seconds. */
type Open = readonly [...Start, due: number, endedLate?: 1];
const openBytes = startBytes + 14;

/** A start that people were told of, and whether it has ended since: it may come again. */
type Told = readonly [hash: string, second: number, ended?: 1];
const toldBytes = 26;

/** For how long after its start and `within` it is known that people were told of one. */
const toldFor = DAY;

/** Seconds since the epoch but for `back`. */
interface Memory {
  readonly open: readonly Open[];
  /** Those of the newest lines: a start may come after its end. */
  readonly ends: Ends;
  readonly told: readonly Told[];
  /** Event time of the newest line. */
  readonly newest: number;
  /** The newest end that is not known any more: what started before it may have ended. */
  readonly lost: number;
  /** Starts that there was no room for since people were last told. */
  readonly more: number;
  /** When the last that people were told of ended after all, ms on the clock. */
  readonly back?: number | undefined;
}

interface Measured {
  readonly of: string;
  readonly missed: number;
  /** The oldest of them. */
  readonly values: readonly string[];
  /** Some values are too long to be known as a whole. */
  readonly isCut?: true;
  /** How many starts were not looked at. */
  readonly more: number;
}

function noMemory(): Memory {
  return { open: [], ends: [], told: [], newest: 0, lost: 0, more: 0 };
}

function badClauses(_stated: StatedSequence, { where, ends }: SequenceRule): PlacedProblem[] {
  if (JSON.stringify(where) !== JSON.stringify(ends)) return [];
  const message =
    '"then" is the same as "where": each line would end what it starts; write what the line has that ends it';
  return [{ path: ['then'], message }];
}

function observeSequence(
  rule: SequenceRule,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  // Keys that were folded into one have nothing in common.
  if (isSeveral(signals[0].key)) return { outcome: 'ignored', reason: 'several keys' };
  const before = memory ?? noMemory();
  const lines = inOrder(signals as readonly (Signal & SequenceLines)[], secondOf(now));
  const known = new EndTimes(before.ends);
  const ends = new EndTimes(before.ends, ...lines.map(({ ends = [] }) => ends));
  const unsure = Math.max(0, ...lines.map(({ endsLost = 0 }) => endsLost));
  const fresh = freshStarts(before, lines);
  const within = secondOf(rule.window);

  const isUnsure = (second: number, lost: number) => second - clockTolerance <= lost;
  const starts = fresh.filter(([, hash, second]) => !ends.isEnded(hash, second, second + within));
  const watched = starts.filter(([, , second]) => !isUnsure(second, Math.max(before.lost, unsure)));
  const sure = before.open.filter(([, , second]) => !isUnsure(second, unsure));
  const all = [...sure, ...watched.map(opened(rule, now))]
    .filter(([, hash, second]) => !ends.isEnded(hash, second, second + within))
    .map(
      ([name, hash, second, due, late]): Open =>
        late || ends.isEnded(hash, second) ? [name, hash, second, due, 1] : [name, hash, second, due],
    );
  const open = all.slice(0, maxStarts);
  const told = before.told
    .filter(isKnownTold(rule, now))
    .map(([hash, second, ended]): Told => (ended || ends.isEnded(hash, second) ? [hash, second, 1] : [hash, second]));
  const isBack = isWaiting(before.told) && told.length > 0 && !isWaiting(told);
  const newest = Math.max(before.newest, ...lines.map(({ newest }) => newest));
  const { ends: kept, lost = 0 } = ends.kept(newest - secondOf(rule.lateness) - clockTolerance);
  const tooMany = all.length - open.length + before.open.length - sure.length;
  const unwatched = tooMany + lines.reduce((sum, { moreStarts = 0 }) => sum + moreStarts, 0);
  const after: Memory = {
    ...{ open, ends: kept, told, newest },
    lost: Math.max(before.lost, unsure, lost),
    more: before.more + unwatched,
    back: isBack ? now : before.back,
  };

  const late = starts.length - watched.length;
  const tooLate = late > 0 ? { tooLate: [{ ...signals[0], count: late }] } : undefined;
  const isKnown = ends.count === known.count && watched.length === 0 && unwatched === 0 && unsure === 0;
  if (isKnown) return { outcome: 'ignored', reason: late > 0 ? 'too late' : 'known', ...tooLate };
  // Nothing is added up twice but what is too late or too much: that need be no more than about right.
  return tooLate ? { outcome: 'counted', memory: after, ...tooLate } : { outcome: 'noted', memory: after };
}

/** None counts as later than the clock. */
function inOrder(signals: readonly (Signal & SequenceLines)[], now: number) {
  return [...signals]
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ starts = [], ends = [], ...more }) => {
      const started = starts.map(([name, hash, second]): Start => [name, hash, Math.min(second, now)]);
      const ended: Ends = ends.map(([second, hashes]) => [Math.min(second, now), hashes]);
      const newest = Math.max(0, ...started.map(([, , second]) => second), ...ended.map(([second]) => second));
      return { ...more, starts: started, ends: ended, newest };
    });
}

/** Starts that were not seen before. */
function freshStarts({ open, told }: Memory, lines: readonly { readonly starts: readonly Start[] }[]): Start[] {
  const seen = new Set([
    ...open.map(([, hash, second]) => `${hash}${second}`),
    ...told.map(([hash, second]) => `${hash}${second}`),
  ]);
  return lines
    .flatMap(({ starts }) => starts)
    .filter(([, hash, second]) => {
      const id = `${hash}${second}`;
      const isFresh = !seen.has(id);
      seen.add(id);
      return isFresh;
    });
}

/** One that comes late is given as long as its end may take to come as late. */
function opened({ window, lateness }: SequenceRule, now: number): (start: Start) => Open {
  return ([name, hash, second]) => {
    const due = Math.max(second + secondOf(window), Math.ceil(now / 1000)) + Math.ceil(lateness / 1000);
    return [name, hash, second, due];
  };
}

function miss(rule: SequenceRule, memory: Memory, labels: Labels, now: number) {
  const missed = memory.open.filter(([, , , due]) => 1000 * due <= now);
  const open = memory.open.filter(([, , , due]) => 1000 * due > now);
  const fresh = missed.map(([, hash, second, , late]): Told => (late ? [hash, second, 1] : [hash, second]));
  const told = [...memory.told, ...fresh].slice(-maxStarts);
  // What ended too late is over at once.
  const back = isWaiting(told) ? undefined : now;
  return { memory: { ...memory, open, told, more: 0, back }, firing: firingOf(rule, memory, missed, labels, now) };
}

/** After its time nobody expects an end any more. */
function isKnownTold({ window }: SequenceRule, now: number): (told: Told) => boolean {
  return ([, second]) => secondOf(now) < second + secondOf(window) + secondOf(toldFor);
}

function isWaiting(told: readonly Told[]): boolean {
  return told.some(([, , ended]) => !ended);
}

function firingOf(
  { of }: SequenceRule,
  { more }: Memory,
  missed: readonly Open[],
  labels: Labels,
  now: number,
): Firing<Measured> {
  const oldest = [...missed].sort((a, b) => a[2] - b[2]);
  const names = [...new Map(oldest.map(([name, hash]) => [hash, name]))];
  const values = names.slice(0, maxValues);
  const isCut = values.some(([hash, name]) => hashOf(name) !== hash);
  const [first = now, last = now] = [oldest[0]?.[2], oldest.at(-1)?.[2]].map((second) => second && 1000 * second);
  return {
    tally: { labels, count: missed.length, first, last: Math.min(now, last + 999), samples: [] },
    measured: { of, missed: names.length, values: values.map(([, name]) => name), ...(isCut ? { isCut } : {}), more },
  };
}
