import type { Rule } from '../../rules/language/rule.js';
import type { AlertState, Cooldown } from './alertState.js';

/** When the cooldown of the last message ends by the rule as it stands; undefined before the first. */
export function cooldownEnd({ cooldown }: AlertState, rule: Rule): number | undefined {
  return cooldown && cooldown.start + lengthOf(cooldown, rule);
}

export function isCooling(state: AlertState, rule: Rule, now: number): boolean {
  return now < (cooldownEnd(state, rule) ?? Number.NEGATIVE_INFINITY);
}

/** Each message of a key that keeps matching doubles the cooldown. A key that was quiet for a whole cooldown starts again with the shortest. */
export function nextCooldown({ cooldown, firedAt = 0 }: AlertState, rule: Rule, now: number): Cooldown {
  const isAfresh = !cooldown || now - firedAt >= lengthOf(cooldown, rule);
  return { start: now, doublings: isAfresh ? 0 : cooldown.doublings + 1 };
}

/** The cooldown that a key is in, or would be in if it fired now; milliseconds. */
function lengthOf({ doublings }: Pick<Cooldown, 'doublings'>, { cooldown, maxCooldown }: Rule): number {
  return Math.min(cooldown * 2 ** doublings, maxCooldown);
}
