import type { Rule } from '../../rules/language/rule.js';
import type { AlertState, Cooldown } from './alertState.js';

/** When the cooldown of the last message ends by the rule as it stands; undefined before the first. */
export function cooldownEnd({ cooldown }: AlertState, rule: Rule): number | undefined {
  return cooldown && cooldown.start + lengthOf(cooldown, rule);
}

export function isCooling(state: AlertState, rule: Rule, now: number): boolean {
  return now < (cooldownEnd(state, rule) ?? Number.NEGATIVE_INFINITY);
}

/** Twice as long with each message of a key that keeps matching; one that was quiet for as long as it takes starts afresh. */
export function nextCooldown({ cooldown, firedAt = 0 }: AlertState, rule: Rule, now: number): Cooldown {
  const isAfresh = !cooldown || now - firedAt >= lengthOf(cooldown, rule);
  return { start: now, doublings: isAfresh ? 0 : cooldown.doublings + 1 };
}

/** The cooldown that a key is in, or would be in if it fired now; milliseconds. */
function lengthOf({ doublings }: Pick<Cooldown, 'doublings'>, { cooldown, maxCooldown }: Rule): number {
  return Math.min(cooldown * 2 ** doublings, maxCooldown);
}
