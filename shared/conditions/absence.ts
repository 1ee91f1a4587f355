import type { AbsenceMemory } from '../alerts/state/alertState.js';
import type { Rule } from '../rules/language/rule.js';
import { otherKey } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import type { Firing, Observation } from './observation.js';
import { newestOf } from './times.js';
import { observeWindow } from './window.js';

type AbsenceRule = Extract<Rule, { type: 'absence' }>;
type Labels = Readonly<Record<string, string>>;

/** The memory of a key that is expected from now on. */
export function expectedFrom(now: number): AbsenceMemory {
  return { type: 'absence', since: now, watched: true };
}

/** Lines never fire: that nothing came is for the sweep to see ({@link absenceOf}). */
export function observeAbsence(
  rule: AbsenceRule,
  memory: AbsenceMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<AbsenceMemory> {
  // Nobody can be missed among keys that were folded into one.
  if (signals[0].key === otherKey) return { outcome: 'ignored', reason: 'several keys' };

  const before: AbsenceMemory = memory ?? { type: 'absence', since: now, watched: false };
  const seen = { ...before, lastSeen: Math.max(newestOf(signals, now), before.lastSeen ?? 0) };
  const { labels } = signals[0];
  // Lines of the past, as of a replay, are no reason to begin to miss anybody.
  const isPast = !isWatched(rule, before, labels) && now >= absentFrom(rule, seen);
  const after = isPast ? undefined : watch(rule, seen, signals, now);
  if (!after) return { outcome: 'ignored', reason: 'too late' };
  const isBack = isAbsent(rule, before, labels, now) && !isAbsent(rule, after, labels, now);
  const next = isBack ? { ...after, back: now } : after;
  const isKnown = before.watched && before.lastSeen === next.lastSeen;
  if (isKnown) return { outcome: 'ignored', reason: 'known' };
  return { outcome: next.watched ? 'noted' : 'counted', memory: next };
}

/** Counts the lines of a key that is not watched yet; undefined when they are too late to tell anything. */
function watch(
  rule: AbsenceRule,
  memory: AbsenceMemory,
  signals: Readonly<Group<Signal>>,
  now: number,
): AbsenceMemory | undefined {
  if (memory.watched || rule.minCount <= 1) return { ...memory, watched: true, seen: undefined };
  const seen = observeWindow(rule, memory.seen, signals, now, ({ current }) => {
    const count = current.reduce((sum, bucket) => sum + bucket.count, 0);
    return count >= rule.minCount ? { type: 'frequency', count } : undefined;
  });
  if (seen.outcome === 'ignored') return undefined;
  if (seen.firing) return { ...memory, watched: true, seen: undefined };
  return { ...memory, seen: { ...seen.memory, samples: [] } };
}

/** Whether the key is missed now. */
export function isAbsent(rule: AbsenceRule, memory: AbsenceMemory, labels: Labels, now: number): boolean {
  return isWatched(rule, memory, labels) && now >= absentFrom(rule, memory);
}

/** When the key is missed unless a line comes, on the clock; lines may be late by the rule's lateness. */
export function absentFrom({ window, lateness }: AbsenceRule, { since, lastSeen }: AbsenceMemory): number {
  return (lastSeen ?? since) + window + lateness;
}

export function isWatched(rule: AbsenceRule, { watched }: AbsenceMemory, labels: Labels): boolean {
  return watched || isExpected(rule, labels);
}

/** When a key is given up; never when the rule names it. */
export function forgottenFrom(rule: AbsenceRule, { since, lastSeen }: AbsenceMemory, labels: Labels): number {
  return isExpected(rule, labels) ? Number.POSITIVE_INFINITY : (lastSeen ?? since) + rule.forget;
}

/** What there is to tell of an absent key: no line. */
export function absenceOf({ since, lastSeen }: AbsenceMemory, labels: Labels, now: number): Firing {
  return {
    tally: { labels, count: 0, first: lastSeen ?? since, last: now, samples: [] },
    measured: { type: 'absence', ...(lastSeen === undefined ? {} : { lastSeen }) },
  };
}

function isExpected({ by, expect }: AbsenceRule, labels: Labels): boolean {
  return expect.some((expected) => by.every((name) => expected[name] === labels[name]));
}
