import type { NoticedNumbers } from '../conditions/observation.js';
import type { Alert, AlertId } from './ports.js';
import type { HoldReason } from './state/alertState.js';

/** What became of one alert, or of the matches of a rule that no longer exists. */
export type AlertOutcome =
  /** A message of its own was posted. */
  | { readonly outcome: 'notified'; readonly id: AlertId }
  /** A route could not be told, and is told later; no other route waits for it. */
  | { readonly outcome: 'owed'; readonly id: AlertId; readonly route: string; readonly reason: string }
  /** It is in a digest, which the sweep posts. */
  | { readonly outcome: 'digested'; readonly id: AlertId; readonly alert: Alert }
  /** Nothing was to be posted: the key is in its cooldown, the condition does not hold, or the batch was counted before. */
  | { readonly outcome: 'suppressed' | 'counted' | 'already counted'; readonly id: AlertId }
  /** Nothing may be posted for now. */
  | { readonly outcome: 'held'; readonly id: AlertId; readonly by: HoldReason['by'] }
  /** `alert` would have been posted if the rule were not in shadow mode. */
  | { readonly outcome: 'shadow'; readonly id: AlertId; readonly alert: Alert }
  /** What the rule noticed in the numbers of the lines, beside what became of its alert. */
  | { readonly outcome: 'noticed'; readonly id: AlertId; readonly numbers: NoticedNumbers }
  /** Lines that came too late for every window of the rule: `behind` is how late the latest was, in milliseconds. */
  | { readonly outcome: 'too late'; readonly id: AlertId; readonly lines: number; readonly behind: number }
  | { readonly outcome: 'unknown rule'; readonly rule: string; readonly count: number }
  /**
   * The post failed, so the batch must be delivered again. `refused` needs an operator; `isUnderWay`: another invocation is posting it, and the
   * batch comes again in case that one dies.
   */
  | {
      readonly outcome: 'undelivered' | 'refused';
      readonly id: AlertId;
      readonly reason: string;
      readonly isUnderWay?: true;
    };

export function undelivered(id: AlertId, reason: unknown): AlertOutcome {
  return { outcome: 'undelivered', id, reason: reason instanceof Error ? reason.message : String(reason) };
}
