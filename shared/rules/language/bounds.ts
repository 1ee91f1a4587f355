import type { DurationBounds } from '../../conditions/conditionType.js';
import { typeOf } from '../../conditions/index.js';
import { formatDuration, milliseconds } from '../../text/statedDuration.js';
import type { PlacedProblem } from '../../yaml/source.js';
import type { Rule } from './rule.js';
import type { StatedRule } from './statedRule.js';

/** Of the keys that every rule has. What is longer would outlive what is remembered of a key. */
const durationBounds: DurationBounds = {
  cooldown: ['0s', '7d'],
  max_cooldown: ['0s', '7d'],
  resolve_after: ['1s', '7d'],
  lateness: ['0s', '1h'],
};

/** Durations that no rule can go by. */
export function badBounds(stated: StatedRule, rule: Rule): PlacedProblem[] {
  return [...badDurations(stated), ...badCooldowns(stated, rule)];
}

function badDurations(rule: StatedRule): PlacedProblem[] {
  const stated = rule as unknown as Readonly<Record<string, string | undefined>>;
  const bounds = { ...durationBounds, ...typeOf(rule).durations };
  return Object.entries(bounds).flatMap(([key, [shortest, longest]]) => {
    const duration = stated[key];
    if (duration === undefined) return [];
    if (milliseconds(duration) < milliseconds(shortest)) {
      return [{ path: [key], message: `${key} is "${duration}"; the shortest is ${shortest}` }];
    }
    if (milliseconds(duration) > milliseconds(longest)) {
      return [{ path: [key], message: `${key} is "${duration}"; the longest is ${longest}` }];
    }
    return [];
  });
}

function badCooldowns({ max_cooldown }: StatedRule, { cooldown, maxCooldown }: Rule): PlacedProblem[] {
  if (max_cooldown === undefined || maxCooldown >= cooldown) return [];
  const message = `max_cooldown is "${max_cooldown}", less than the cooldown of ${formatDuration(cooldown)}; make it longer, or leave it out`;
  return [{ path: ['max_cooldown'], message }];
}
