import { toCondition } from '../../conditions/condition.js';
import type { StatedCondition } from '../../conditions/index.js';
import type { Severity } from '../../conditions/ruleSettings.js';
import type { LogType } from '../../line/schema/index.js';
import { milliseconds } from '../../text/statedDuration.js';
import { meantBy, withMeant, withMeantPlaceholders } from '../../where/aliases.js';
import type { Where } from '../../where/clause.js';
import type { AlertsConfig } from './alertsConfig.js';
import { type StatedMute, toMuteTime } from './muteTimes.js';
import type { Rule } from './rule.js';
import type { StatedTest } from './ruleTest.js';

/** A rule as it is written in YAML, once its shape has been checked; what is missing has a default. */
export type StatedRule = StatedSettings & StatedCondition;

interface StatedSettings {
  readonly name: string;
  readonly on?: readonly LogType[];
  readonly where?: Where;
  readonly by?: readonly string[];
  readonly severity: Severity;
  readonly route?: string | readonly string[];
  readonly title: string;
  readonly text?: string;
  readonly runbook?: string;
  readonly cooldown?: string;
  readonly max_cooldown?: string;
  readonly resolve_after?: string;
  readonly unless_firing?: readonly string[];
  readonly only_if_firing?: readonly string[];
  readonly mute?: readonly StatedMute[];
  readonly mode?: 'live' | 'shadow';
  readonly lateness?: string;
  readonly tests?: readonly StatedTest[];
}

/** Of the keys that every rule has; those of a type are in shared/conditions/<type>.ts. */
export const ruleDefaults = {
  on: ['error', 'app'],
  by: ['service'],
  cooldown: '15m',
  lateness: '2m',
  mode: 'live',
} as const;

/** Where the links of messages lead. */
type Links = Pick<AlertsConfig, 'runbook_base' | 'query_url'>;

/** The rule with its defaults filled in. */
export function toRule(written: StatedRule, { runbook_base, query_url }: Links = {}): Rule {
  const stated = withMeantNames(written);
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
    ...(runbook === undefined ? {} : { runbook: toLink(runbook, runbook_base) }),
    ...(query_url === undefined ? {} : { queryUrl: query_url }),
    cooldown: milliseconds(cooldown),
    maxCooldown: milliseconds(max_cooldown),
    ...(resolve_after === undefined ? {} : { resolveAfter: milliseconds(resolve_after) }),
    unlessFiring: stated.unless_firing ?? [],
    ...(stated.only_if_firing === undefined ? {} : { onlyIfFiring: stated.only_if_firing }),
    mute: (stated.mute ?? []).map(toMuteTime),
    mode: stated.mode ?? ruleDefaults.mode,
    lateness: milliseconds(stated.lateness ?? ruleDefaults.lateness),
    ...toCondition(stated),
  };
}

/** A path is put after the base; without one it stays as it is, and is shown as text. */
export function toLink(runbook: string, base: string | undefined): string {
  if (base === undefined || /^https?:/.test(runbook)) return runbook;
  return `${base.replace(/\/$/, '')}/${runbook}`;
}

/** Names that FireLens' metadata has in rules become those that rows have for it. */
function withMeantNames(stated: StatedRule): StatedRule {
  const looked = Object.entries(stated).map(([key, value]) => {
    switch (key) {
      case 'where':
      case 'of':
      case 'then':
      case 'peers':
        return [key, withMeant(value)];
      case 'by':
        return [key, (value as readonly string[]).map(meantBy)];
      case 'title':
      case 'text':
        return [key, withMeantPlaceholders(String(value))];
      default:
        return [key, value];
    }
  });
  return Object.fromEntries(looked) as StatedRule;
}
