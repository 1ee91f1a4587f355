import type { Alert, AlertId } from './ports.js';
import type { HoldReason } from './state/alertState.js';

/** What became of one rule and key, or of a rule's matches when it is gone. */
export type AlertOutcome =
  /** People were told in a message of its own. */
  | { readonly outcome: 'notified'; readonly id: AlertId }
  /** They will be told in a digest that the sweep posts. */
  | { readonly outcome: 'digested'; readonly id: AlertId; readonly alert: Alert }
  /** Nobody was to be told: in a cooldown, by the condition, or because the batch was counted before. */
  | { readonly outcome: 'suppressed' | 'counted' | 'already counted'; readonly id: AlertId }
  /** Nobody may be told at present. */
  | { readonly outcome: 'held'; readonly id: AlertId; readonly by: HoldReason['by'] }
  /** What people would have been told, were the rule not in shadow. */
  | { readonly outcome: 'shadow'; readonly id: AlertId; readonly alert: Alert }
  | { readonly outcome: 'unknown rule'; readonly rule: string; readonly count: number }
  /** People may not have been told: a batch must be delivered again. `refused` won't mend itself. */
  | { readonly outcome: 'undelivered' | 'refused'; readonly id: AlertId; readonly reason: string };

export function undelivered(id: AlertId, reason: unknown): AlertOutcome {
  return { outcome: 'undelivered', id, reason: reason instanceof Error ? reason.message : String(reason) };
}
