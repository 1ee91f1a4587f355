import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import type { Where } from '../where/clause.js';
import type { Example, Labels } from './conditionType.js';
import {
  type Condition,
  defaultType,
  type Measured,
  type Memory,
  named,
  type RuleType,
  type StatedCondition,
  typeOf,
} from './index.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';

/** What is the same for a rule of any type: its own type is asked, by the name that the rule, a memory or a measure has. */

type Rule = RuleSettings & Condition;

/** The condition that a rule file states, with its defaults filled in. */
export function toCondition(stated: StatedCondition): Condition {
  return named<Condition>(stated.type ?? defaultType, typeOf(stated).settings(stated));
}

/**
 * Counts the signals of one rule and key, and says whether the rule's condition holds for them.
 *
 * @param memory what the condition remembered; none, or that of another type when the rule was changed since.
 * @param now ms since the epoch: no line counts as later.
 */
export function observe(
  rule: Rule,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  const { type } = rule;
  const own = memory?.type === type ? memory : undefined;
  const seen = typeOf(rule).observe(rule, own, signals, now);
  switch (seen.outcome) {
    case 'ignored':
      return seen;
    case 'noted':
      return { outcome: 'noted', memory: named<Memory>(type, seen.memory) };
    case 'counted': {
      const { firing, noticed, tooLate } = seen;
      return {
        outcome: 'counted',
        memory: named<Memory>(type, seen.memory),
        ...(firing ? { firing: namedFiring(type, firing) } : {}),
        ...(noticed ? { noticed } : {}),
        ...(tooLate ? { tooLate } : {}),
      };
    }
  }
}

/** How a rule stands to a key that it misses when no lines come. Times are ms since the epoch. */
export interface Watch {
  readonly missedFrom: number;
  /** The same, but not before a time. */
  missedAgainFrom(from: number): number;
  /** Whether it is missed, told or not. */
  isMissed(now: number): boolean;
  readonly forgottenFrom: number;
  /** When lines came back after the key was missed, if they did. */
  readonly backAt: number | undefined;
  miss(now: number): { readonly memory: Memory; readonly firing: Firing<Measured> };
  forget(now: number): Memory;
}

/** Undefined when the rule misses nobody, or the memory is that of another type, which the rule was before. */
export function watchOf(rule: Rule, memory: Memory, labels: Labels): Watch | undefined {
  const { type } = rule;
  const { missing } = typeOf(rule);
  if (!missing || memory.type !== type) return undefined;
  const missedFrom = missing.missedFrom(rule, memory, labels);
  return {
    missedFrom,
    missedAgainFrom: (from) => missing.missedFrom(rule, memory, labels, from),
    isMissed: (now) => now >= missedFrom || (missing.isStillMissed?.(rule, memory, now) ?? false),
    forgottenFrom: missing.forgottenFrom(rule, memory, labels),
    backAt: missing.backAt(memory),
    miss(now) {
      const missed = missing.miss(rule, memory, labels, now);
      return { memory: named<Memory>(type, missed.memory), firing: namedFiring(type, missed.firing) };
    },
    forget: (now) => named<Memory>(type, missing.forgotten(now)),
  };
}

/** What is remembered of a key that the rule expects, before its first line. */
export function expectedFrom(rule: Rule, now: number): Memory | undefined {
  const memory = typeOf(rule).missing?.expectedFrom(now);
  return memory && named<Memory>(rule.type, memory);
}

/** Event time of a key's newest line, where what is remembered is by which it is missed. */
export function lastSeenBy(memory: Memory): number | undefined {
  return typeOf(memory).missing?.lastSeen(memory);
}

/** What was measured, in words; undefined, too, when the rule was changed to another type since. */
export function wordsOf(
  rule: Rule,
  measured: Measured,
  until: number,
  show: (value: string) => string,
): string | undefined {
  return measured.type === rule.type ? typeOf(rule).words(measured, rule, until, show) : undefined;
}

/** Values that were measured beside those of the key, by their columns. */
export function namedBy(rule: Rule, measured: Measured): Labels {
  return (measured.type === rule.type && typeOf(rule).names?.values(measured, rule)) || {};
}

/** What the lines match that a message is about, beside `where`. */
export function alsoMatched(rule: Rule, measured: Measured | undefined): Where {
  const own = measured?.type === rule.type ? measured : undefined;
  return typeOf(rule).alsoMatches?.(rule, own) ?? {};
}

/** The share of 1 that was measured; undefined where none is. */
export function shareOf(measured: Measured): number | undefined {
  return typeOf(measured).share?.(measured);
}

/** That lines came back after a key was missed, in words; undefined for what is over because no lines come. */
export function backWordsOf(measured: Measured, at: number): string | undefined {
  return typeOf(measured).missing?.backWords(measured, at);
}

/** The lines that the rule looks at. */
export function looksAt(rule: Rule): Where {
  const also = typeOf(rule).also?.(rule);
  return also ? { any: [rule.where, also] } : rule.where;
}

/** What the rule could measure when its condition just holds. */
export function exampleOf(rule: Rule, now: number): Example<Measured> {
  const { measured, lines } = typeOf(rule).example(rule, now);
  return { measured: named<Measured>(rule.type, measured), lines };
}

function namedFiring(type: RuleType, { tally, measured }: Firing<object>): Firing<Measured> {
  return { tally, measured: named<Measured>(type, measured) };
}
