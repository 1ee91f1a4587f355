import type { LogType } from '../../line/schema/index.js';
import { parseStatedDuration } from '../../text/statedDuration.js';
import type { Where } from '../../where/clause.js';
import { type StatedMute, toMuteTime } from './muteTimes.js';
import type { Condition, ConditionType, Rule, Severity } from './rule.js';
import type { StatedTest } from './ruleTest.js';

/** A rule as it is written in YAML, once its shape has been checked; what is missing has a default. */
export type StatedRule = StatedSettings & StatedCondition;

interface StatedSettings {
  readonly name: string;
  readonly on?: readonly LogType[];
  readonly where?: Where;
  readonly by?: readonly string[];
  readonly severity: Severity;
  readonly route?: string;
  readonly title: string;
  readonly text?: string;
  readonly runbook?: string;
  readonly cooldown?: string;
  readonly max_cooldown?: string;
  readonly resolve_after?: string;
  readonly unless_firing?: readonly string[];
  readonly mute?: readonly StatedMute[];
  readonly mode?: 'live' | 'shadow';
  readonly lateness?: string;
  readonly tests?: readonly StatedTest[];
}

type StatedCondition =
  | { readonly type?: 'match' }
  | { readonly type: 'frequency'; readonly threshold: number; readonly window: string }
  | {
      readonly type: 'spike';
      readonly window: string;
      readonly factor?: number;
      readonly min_count?: number;
      readonly min_previous?: number;
    }
  | {
      readonly type: 'ratio';
      readonly of: Where;
      readonly window: string;
      readonly above?: Share;
      readonly below?: Share;
      readonly min_total?: number;
    }
  | { readonly type: 'new'; readonly remember?: string }
  | { readonly type: 'cardinality'; readonly of: string; readonly window: string; readonly above: number }
  | {
      readonly type: 'absence';
      readonly window: string;
      readonly expect?: readonly Readonly<Record<string, string | number | boolean>>[];
      readonly min_count?: number;
      readonly forget?: string;
    }
  | { readonly type: 'change'; readonly of: string };

/** A part of 1, or a percentage such as `5%`. */
type Share = number | string;

export const ruleDefaults = {
  type: 'match' satisfies ConditionType,
  on: ['error', 'app'],
  by: ['service'],
  cooldown: '15m',
  lateness: '2m',
  mode: 'live',
  factor: 3,
  spikeMinCount: 10,
  minPrevious: 1,
  minTotal: 100,
  remember: '30d',
  absenceMinCount: 1,
  forget: '1d',
} as const;

/** The rule with its defaults filled in. */
export function toRule(stated: StatedRule, runbookBase?: string): Rule {
  const { cooldown = ruleDefaults.cooldown, max_cooldown = cooldown, route, text, runbook, resolve_after } = stated;
  return {
    name: stated.name,
    on: stated.on ?? ruleDefaults.on,
    where: stated.where ?? {},
    by: stated.by ?? ruleDefaults.by,
    severity: stated.severity,
    ...(route === undefined ? {} : { route }),
    title: stated.title,
    ...(text === undefined ? {} : { text }),
    ...(runbook === undefined ? {} : { runbook: toLink(runbook, runbookBase) }),
    cooldown: milliseconds(cooldown),
    maxCooldown: milliseconds(max_cooldown),
    ...(resolve_after === undefined ? {} : { resolveAfter: milliseconds(resolve_after) }),
    unlessFiring: stated.unless_firing ?? [],
    mute: (stated.mute ?? []).map(toMuteTime),
    mode: stated.mode ?? ruleDefaults.mode,
    lateness: milliseconds(stated.lateness ?? ruleDefaults.lateness),
    ...toCondition(stated),
  };
}

function toCondition(stated: StatedCondition): Condition {
  switch (stated.type) {
    case 'frequency':
      return { type: stated.type, threshold: stated.threshold, window: milliseconds(stated.window) };
    case 'spike':
      return {
        type: stated.type,
        window: milliseconds(stated.window),
        factor: stated.factor ?? ruleDefaults.factor,
        minCount: stated.min_count ?? ruleDefaults.spikeMinCount,
        minPrevious: stated.min_previous ?? ruleDefaults.minPrevious,
      };
    case 'ratio':
      return {
        type: stated.type,
        of: stated.of,
        window: milliseconds(stated.window),
        ...(stated.above === undefined ? {} : { above: toShare(stated.above) }),
        ...(stated.below === undefined ? {} : { below: toShare(stated.below) }),
        minTotal: stated.min_total ?? ruleDefaults.minTotal,
      };
    case 'new':
      return { type: stated.type, remember: milliseconds(stated.remember ?? ruleDefaults.remember) };
    case 'cardinality':
      return { type: stated.type, of: stated.of, window: milliseconds(stated.window), above: stated.above };
    case 'absence':
      return {
        type: stated.type,
        window: milliseconds(stated.window),
        expect: (stated.expect ?? []).map(toLabels),
        minCount: stated.min_count ?? ruleDefaults.absenceMinCount,
        forget: milliseconds(stated.forget ?? ruleDefaults.forget),
      };
    case 'change':
      return { type: stated.type, of: stated.of };
    default:
      return { type: 'match' };
  }
}

/** 0.05 for 0.05 and for `5%`. */
export function toShare(share: Share): number {
  return typeof share === 'number' ? share : Number.parseFloat(share) / 100;
}

/** Labels are text, as those of lines are. */
function toLabels(expected: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, String(value)]));
}

/** A path is put after the base; without one it stays as it is, and is shown as text. */
function toLink(runbook: string, base: string | undefined): string {
  if (base === undefined || /^https?:/.test(runbook)) return runbook;
  return `${base.replace(/\/$/, '')}/${runbook}`;
}

/** Its shape has been checked. */
function milliseconds(duration: string): number {
  return parseStatedDuration(duration) ?? 0;
}
