import { absentFrom, forgottenFrom, isAbsent, isWatched } from '../../conditions/absence.js';
import { valueRemembered } from '../../conditions/change.js';
import { sqs } from '../../limits.js';
import type { Rule } from '../../rules/language/rule.js';
import type { AlertState } from './alertState.js';
import { cooldownEnd } from './cooldown.js';
import { outOfShadow } from './shadow.js';

const never = Number.POSITIVE_INFINITY;
const DAY = 86_400_000;

/** When the sweep has to look at a key, ms since the epoch; undefined for one that only lines can change. */
export function dueAt(stored: AlertState, rule: Rule): number | undefined {
  const state = rule.mode === 'live' ? outOfShadow(stored) : stored;
  const at = firstOf(state, rule);
  return at === never ? undefined : Math.max(at, state.notBefore ?? 0);
}

function firstOf(state: AlertState, rule: Rule): number {
  const { delivery, memory, labels } = state;
  if (delivery.status === 'pending') return delivery.leaseUntil;
  const over = overAt(state, rule);
  if (rule.type !== 'absence' || memory.type !== 'absence' || over !== never) return over;
  if (!isWatched(rule, memory, labels)) return never;
  const absent = Math.max(absentFrom(rule, memory), cooldownEnd(state, rule) ?? 0);
  return Math.min(absent, forgottenFrom(rule, memory, labels));
}

/**
 * When people are to be told that it is over, if ever: an absence is as soon as there are lines, anything else when it was
 * quiet for long enough.
 */
export function overAt({ episode, firedAt = 0, memory }: AlertState, { type, resolveAfter }: Rule): number {
  if (!episode || resolveAfter === undefined) return never;
  if (type !== 'absence') return firedAt + resolveAfter;
  return (memory.type === 'absence' ? memory.back : undefined) ?? never;
}

/**
 * When a key may be forgotten, ms since the epoch: no sooner than a batch can come again, for it must be known that it was
 * counted, and no sooner than the rule goes by what it remembers.
 */
export function expiryOf(_state: AlertState, rule: Rule, now: number): number {
  return now + Math.max(sqs.maxRetention, rule.maxCooldown + DAY, (rule.resolveAfter ?? 0) + DAY, neededBy(rule) + DAY);
}

function neededBy(rule: Rule): number {
  switch (rule.type) {
    case 'new':
      return rule.remember;
    case 'change':
      return valueRemembered;
    case 'absence':
      return Math.max(rule.forget, rule.window + rule.lateness);
    case 'match':
      return 0;
    default:
      return 2 * rule.window + rule.lateness;
  }
}

/** Whether the condition holds, or held so recently that it can't be called over. */
export function isFiring({ firedAt, memory, labels }: AlertState, rule: Rule, now: number): boolean {
  if (rule.type === 'absence') return memory.type === 'absence' && isAbsent(rule, memory, labels, now);
  return firedAt !== undefined && now < firedAt + (rule.resolveAfter ?? rule.cooldown);
}
