import type { Condition } from '../../conditions/index.js';
import type { RuleSettings } from '../../conditions/ruleSettings.js';

/** A rule as `infra/rules/*.yml` states it, after validation and with defaults filled in. */
export type Rule = RuleSettings & Condition;
