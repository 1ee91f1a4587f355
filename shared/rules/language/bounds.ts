import { formatDuration, parseStatedDuration } from '../../text/statedDuration.js';
import type { PlacedProblem, ProblemPath } from '../../yaml/source.js';
import { ruleDefaults, type StatedRule, toShare } from './statedRule.js';

/** Shortest and longest of each duration. What is longer would outlive what is remembered of a key, or cost too much to remember. */
const durationBounds = {
  window: ['10s', '24h'],
  cooldown: ['0s', '7d'],
  max_cooldown: ['0s', '7d'],
  resolve_after: ['1s', '7d'],
  lateness: ['0s', '1h'],
  remember: ['1m', '90d'],
  forget: ['1m', '90d'],
} as const;

/** Durations and shares that no rule can go by. */
export function badBounds(rule: StatedRule, path: ProblemPath): PlacedProblem[] {
  return [...badDurations(rule), ...badCooldowns(rule), ...badShares(rule), ...badForget(rule)].map((problem) => ({
    ...problem,
    path: [...path, ...problem.path],
  }));
}

function badDurations(rule: StatedRule): PlacedProblem[] {
  const stated = rule as unknown as Readonly<Record<string, string | undefined>>;
  return Object.entries(durationBounds).flatMap(([key, [shortest, longest]]) => {
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

function badCooldowns({ cooldown = ruleDefaults.cooldown, max_cooldown }: StatedRule): PlacedProblem[] {
  if (max_cooldown === undefined || milliseconds(max_cooldown) >= milliseconds(cooldown)) return [];
  const message = `max_cooldown is "${max_cooldown}", less than the cooldown of ${formatDuration(milliseconds(cooldown))}; make it longer, or leave it out`;
  return [{ path: ['max_cooldown'], message }];
}

function badShares(rule: StatedRule): PlacedProblem[] {
  if (rule.type !== 'ratio') return [];
  const { above, below } = rule;
  if (above === undefined && below === undefined) {
    return [{ path: [], message: 'a ratio has neither "above" nor "below"; write one of them' }];
  }
  if (above !== undefined && below !== undefined) {
    return [{ path: ['below'], on: 'key', message: 'a ratio has both "above" and "below"; make it two rules' }];
  }
  const [key, share = 0] = above === undefined ? (['below', below] as const) : (['above', above] as const);
  if (toShare(share) > 1) {
    return [{ path: [key], message: `${key} is "${share}"; no share is above 100%` }];
  }
  const never = key === 'above' ? 1 : 0;
  if (toShare(share) !== never) return [];
  return [{ path: [key], message: `${key} is ${share}, and no share is ${key} that: the rule would never fire` }];
}

function badForget(rule: StatedRule): PlacedProblem[] {
  if (rule.type !== 'absence') return [];
  const { window, forget = ruleDefaults.forget, lateness = ruleDefaults.lateness } = rule;
  if (milliseconds(forget) > milliseconds(window) + milliseconds(lateness)) return [];
  const message = `a key is forgotten after ${forget}, before it could be missed; make "forget" longer than window and lateness`;
  return [{ path: ['forget' in rule ? 'forget' : 'window'], message }];
}

/** Its shape has been checked. */
function milliseconds(duration: string): number {
  return parseStatedDuration(duration) ?? 0;
}
