import type { Rule } from '../rules/language/rule.js';
import type { AlertOutcome } from './outcome.js';
import type { Alert, AlertId, AlertPorts, SaveTerms } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import type { HoldReason } from './state/alertState.js';
import { type AlertState, type Decision, dueAt, expiryOf } from './state/decide.js';
import { holdOf, inhibitionOf, withSilenceOver } from './state/holds.js';
import { alertId } from './state/ids.js';
import { type Loaded, type Update, update } from './state/update.js';

/** An alert that only this process may post, until its lease is over. */
export interface ClaimedAlert extends Alert {
  readonly claim: number;
}

export type Considered = { readonly outcome: 'claimed'; readonly alert: ClaimedAlert } | AlertOutcome;

/**
 * Decides whether an alert of one rule and key is posted, and saves the decision.
 *
 * @param labels the values of the key; undefined where only the stored state has them.
 * @param decide is given the stored state and the reason to hold the alert back, if there is one; it may be called several times.
 * @param loaded what was loaded of it a moment ago, if it was.
 */
export function consider(
  id: AlertId,
  rule: Rule,
  labels: Readonly<Record<string, string>> | undefined,
  decide: (state: AlertState | undefined, hold: HoldReason | undefined) => Decision,
  book: RuleBook,
  ports: AlertPorts,
  loaded?: Loaded,
): Promise<Considered> {
  const step = async (state: AlertState | undefined) => {
    const values = labels ?? state?.labels ?? {};
    const alert = { rule, key: id.key, labels: values, state };
    const hold = await holdOf(alert, ports);
    const known = await withSilenceOver(alert, ports);
    let decision = decide(known, hold);
    if (!hold && wouldNotify(decision)) {
      const inhibition = await inhibitionOf(rule, id, values, book, ports);
      if (inhibition) decision = decide(known, inhibition);
    }
    return carryOut(decision, id, rule, ports);
  };
  return update<AlertState, Considered>(ports.store, alertId(id), step, loaded);
}

function wouldNotify(decision: Decision): boolean {
  return decision.action === 'notify' || (decision.action === 'suppress' && decision.reason === 'shadow');
}

function carryOut(decision: Decision, id: AlertId, rule: Rule, { clock }: AlertPorts): Update<AlertState, Considered> {
  const save = (value: AlertState) => {
    const { expires, ...agenda } = alertTerms(value, rule, clock.now());
    // No sweep has anything to do for lines that nobody is told of.
    return { value, terms: id.replayed ? { expires } : { expires, ...agenda } };
  };
  switch (decision.action) {
    case 'wait': {
      const why = decision.reason === 'refused' ? 'it was refused a moment ago' : 'another invocation is posting it';
      return { next: undefined, result: { outcome: 'undelivered', id, reason: why } };
    }
    case 'none': {
      const { reason, next } = decision;
      const outcome = reason === 'already counted' ? reason : 'counted';
      // The later states of a key that is known know it as well, so this answer needs no second look.
      return { next: next && save(next), result: { outcome, id }, lasts: reason === 'known' };
    }
    case 'suppress': {
      const { reason, notice, next } = decision;
      return { next: save(next), result: heldBack(id, reason, notice && { ...id, settings: rule, notice }) };
    }
    case 'notify': {
      const { notice, claim, next } = decision;
      return { next: save(next), result: { outcome: 'claimed', alert: { ...id, settings: rule, notice, claim } } };
    }
  }
}

function heldBack(id: AlertId, reason: (Decision & { action: 'suppress' })['reason'], alert?: Alert): AlertOutcome {
  if (alert) return { outcome: 'shadow', id, alert };
  if (reason === 'in cooldown' || reason === 'being sent') return { outcome: 'suppressed', id };
  return { outcome: 'held', id, by: reason };
}

export function alertTerms(state: AlertState, rule: Rule, now: number): SaveTerms {
  const at = dueAt(state, rule);
  return { expires: expiryOf(state, rule, now), ...(at === undefined ? {} : { agenda: { name: 'sweep', at } }) };
}
