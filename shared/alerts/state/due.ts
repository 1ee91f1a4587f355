import { watchOf } from '../../conditions/condition.js';
import { typeOf } from '../../conditions/index.js';
import { sqs } from '../../limits.js';
import type { Rule } from '../../rules/language/rule.js';
import type { AlertState } from './alertState.js';
import { cooldownEnd } from './cooldown.js';
import { outOfShadow } from './shadow.js';

const never = Number.POSITIVE_INFINITY;
const DAY = 86_400_000;

/** When the sweep has to look at a key, ms since the epoch; undefined for one that only lines can change. */
export function dueAt(state: AlertState, rule: Rule): number | undefined {
  const at = Math.min(decidedAt(state, rule), owedDueAt(state));
  return at === never ? undefined : at;
}

/** When something is to be decided of a key without new lines; infinity for never. */
export function decidedAt(stored: AlertState, rule: Rule): number {
  const state = rule.mode === 'live' ? outOfShadow(stored) : stored;
  return Math.max(firstOf(state, rule), state.notBefore ?? 0);
}

/** When the first route is to be told what it is owed; infinity for never. */
export function owedDueAt({ owed = {} }: AlertState): number {
  return Math.min(never, ...Object.values(owed).map(({ at }) => at));
}

function firstOf(state: AlertState, rule: Rule): number {
  const { delivery, memory, labels } = state;
  if (delivery.status === 'pending') return delivery.leaseUntil;
  const over = overAt(state, rule);
  if (over !== never) return over;
  const watch = watchOf(rule, memory, labels);
  if (!watch) return heldUntil(state, rule);
  if (watch.missedFrom === never) return never;
  const cooled = cooldownEnd(state, rule);
  const missed = cooled === undefined ? watch.missedFrom : watch.missedAgainFrom(cooled);
  return Math.min(missed, watch.forgottenFrom);
}

/**
 * When people are to be told that it is over, if ever: what was missed is as soon as there are lines, anything else when it
 * was quiet for long enough.
 */
export function overAt({ episode, firedAt = 0, memory, labels }: AlertState, rule: Rule): number {
  if (!episode || rule.resolveAfter === undefined) return never;
  if (!typeOf(rule).missing) return firedAt + rule.resolveAfter;
  return watchOf(rule, memory, labels)?.backAt ?? never;
}

/**
 * When people are to be told of lines that were held back, should no later line bring them out: when the cooldown ends, and no
 * hold is left. What will be told to be over takes them along.
 */
export function heldUntil(state: AlertState, rule: Rule): number {
  if (!state.held || overAt(state, rule) !== never) return never;
  return cooldownEnd(state, rule) ?? 0;
}

/**
 * When a key may be forgotten, ms since the epoch: no sooner than a batch can come again, for it must be known that it was
 * counted, and no sooner than the rule goes by what it remembers.
 */
export function expiryOf(rule: Rule, now: number): number {
  const needed = Math.max(rule.maxCooldown, rule.resolveAfter ?? 0, typeOf(rule).remembered(rule));
  return now + Math.max(sqs.maxRetention, needed + DAY);
}

/** Whether the condition holds, or held so recently that it can't be called over. */
export function isFiring(state: AlertState, rule: Rule, now: number): boolean {
  const { firedAt, memory, labels } = state;
  if (typeOf(rule).missing) return watchOf(rule, memory, labels)?.isMissed(now) ?? false;
  return firedAt !== undefined && now < quietFrom(state, rule);
}

/** For how long after it was last seen to hold a condition is taken to hold, milliseconds. */
export function firingTime({ resolveAfter, cooldown }: Rule): number {
  return resolveAfter ?? cooldown;
}

/** When a condition that holds because of lines is taken to hold no more, unless others come; ms since the epoch. */
export function quietFrom({ firedAt = 0 }: AlertState, rule: Rule): number {
  return firedAt + firingTime(rule);
}
