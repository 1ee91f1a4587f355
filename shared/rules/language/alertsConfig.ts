import type { Severity } from '../../conditions/ruleSettings.js';

/** The section `alerts` of infra/firesplit.yml: where alerts go. */
export interface AlertsConfig {
  /** The route that rules of a severity tell unless they name their own. */
  readonly routes?: Partial<Readonly<Record<Severity, string>>>;
  /** The route that hears of Firesplit itself, such as of a rule that throws. */
  readonly operations_route?: string;
  /** Alert messages of one route in any minute: what is over folds into a digest. */
  readonly messages_per_minute?: number;
  /** Put before a rule's `runbook` that is a path. */
  readonly runbook_base?: string;
}
