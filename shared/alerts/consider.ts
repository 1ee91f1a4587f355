import type { Rule } from '../rules/language/rule.js';
import { address, type ClaimedAlert, claimedOwed } from './address.js';
import type { AlertOutcome } from './outcome.js';
import type { Alert, AlertId, AlertPorts, SaveTerms, Stored } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import type { HoldReason } from './state/alertState.js';
import { type AlertState, type Decision, dueAt, expiryOf, holdPause } from './state/decide.js';
import { endingOf, withEnding } from './state/ending.js';
import { holdOf, inhibitionOf, requirementOf, withSilenceOver } from './state/holds.js';
import { alertId } from './state/ids.js';
import { claimOwed, putOffOwed } from './state/owed.js';
import { streamHold } from './state/stream.js';
import { type Loaded, type Update, update } from './state/update.js';

export type Considered = { readonly outcome: 'claimed'; readonly alert: ClaimedAlert } | AlertOutcome;

/** What is to be saved, if anything, and what comes of it. */
interface Step {
  readonly next: AlertState | undefined;
  readonly result: readonly Considered[];
  readonly lasts?: boolean;
}

/**
 * Decides whether an alert of one rule and key is posted, and saves the decision.
 *
 * @param labels the values of the key; undefined where only the stored state has them: for the sweep, which also claims what is
 * due to routes that were not told before.
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
): Promise<readonly Considered[]> {
  const step = async (state: AlertState | undefined, stored: Stored | undefined) => {
    const values = labels ?? state?.labels ?? {};
    const alert = { rule, key: id.key, labels: values, state };
    const hold = (await holdOf(alert, ports)) ?? mutedRoutes(rule, values, book, ports.clock.now());
    const known = await withSilenceOver(alert, ports);
    let decision = decide(known, hold);
    if (!hold && wouldNotify(decision)) {
      const other =
        (await inhibitionOf(rule, id, values, book, ports)) ??
        (await unheard(decision, known, rule, ports)) ??
        (goesByOthers(decision, known) ? await requirementOf(rule, values, book, ports) : undefined);
      if (other) decision = decide(known, other);
      else if (decision.action === 'notify' && decision.reason === 'resolved') {
        const ending = await endingOf(rule, values, book, ports);
        if (ending) decision = withEnding(decision, ending);
      }
    }
    const now = ports.clock.now();
    const step = carryOut(decision, id, rule, book, now);
    return saving(labels ? step : withOwed(step, hold, id, rule, book, now), id, rule, now, stored);
  };
  return update<AlertState, readonly Considered[]>(ports.store, alertId(id), step, loaded);
}

/** All routes of the alert are muted. While only some are, these alone are told later. */
function mutedRoutes(
  rule: Rule,
  labels: Readonly<Record<string, string>>,
  book: RuleBook,
  now: number,
): HoldReason | undefined {
  const routes = book.routesOf(rule, labels, now);
  return routes.every((route) => book.mutedUntil(route, rule.severity, now) !== undefined) ? { by: 'mute' } : undefined;
}

function unheard(decision: Decision, state: AlertState | undefined, rule: Rule, ports: AlertPorts) {
  const notice = decision.action === 'notify' || decision.action === 'suppress' ? decision.notice : undefined;
  return state && notice ? streamHold(rule, state, notice, ports) : undefined;
}

function wouldNotify(decision: Decision): boolean {
  return decision.action === 'notify' || (decision.action === 'suppress' && decision.reason === 'shadow');
}

/** What begins: that it goes on, is over or could not be posted is told although a rule that had to fire does so no more. */
function goesByOthers(decision: Decision, state: AlertState | undefined): boolean {
  if (decision.action !== 'notify') return decision.action === 'suppress' && decision.notice?.kind === 'firing';
  const { reason } = decision;
  if (reason === 'hold over') return state?.held?.heldBy?.by === 'only if firing';
  return reason === 'first' || reason === 'cooldown over';
}

function carryOut(decision: Decision, id: AlertId, rule: Rule, book: RuleBook, now: number): Step {
  switch (decision.action) {
    case 'wait': {
      const why =
        decision.reason === 'refused'
          ? { reason: 'it was refused a moment ago' }
          : ({ reason: 'another invocation is posting it', isUnderWay: true } as const);
      return { next: undefined, result: [{ outcome: 'undelivered', id, ...why }] };
    }
    case 'none': {
      const { reason, next } = decision;
      const outcome = reason === 'already counted' ? reason : 'counted';
      // The later states of a key that is known know it as well, so this answer needs no second look.
      return { next, result: [{ outcome, id }], lasts: reason === 'known' };
    }
    case 'suppress': {
      const { reason, notice, next } = decision;
      return { next, result: [heldBack(id, reason, notice && { ...id, settings: rule, notice })] };
    }
    case 'notify': {
      const { next, alert, owed } = address(decision, id, rule, book, now);
      const reason = 'it is told after what the route was not told before';
      const behind = owed.map((route): AlertOutcome => ({ outcome: 'owed', id, route, reason }));
      return { next, result: alert ? [{ outcome: 'claimed', alert }, ...behind] : behind };
    }
  }
}

function heldBack(id: AlertId, reason: (Decision & { action: 'suppress' })['reason'], alert?: Alert): AlertOutcome {
  if (alert) return { outcome: 'shadow', id, alert };
  if (reason === 'in cooldown' || reason === 'being sent') return { outcome: 'suppressed', id };
  return { outcome: 'held', id, by: reason };
}

/** Takes along what is due to routes, unless nobody may be told for now. */
function withOwed(
  step: Step,
  hold: HoldReason | undefined,
  id: AlertId,
  rule: Rule,
  book: RuleBook,
  now: number,
): Step {
  if (!step.next) return step;
  // Whoever switched the rule to shadow mode wants to hear no more of it.
  if (rule.mode === 'shadow') return { ...step, next: { ...step.next, owed: undefined } };
  if (hold) return { ...step, next: putOffOwed(step.next, now, holdPause) };
  const heardBy = book.routesOf(rule, step.next.labels, now);
  const { claimed, next } = claimOwed(step.next, now, (route) => book.mutedUntil(route, rule.severity, now));
  const alerts = claimed.map(
    (owed): Considered => ({ outcome: 'claimed', alert: claimedOwed(owed, id, rule, heardBy) }),
  );
  return { ...step, next, result: [...step.result, ...alerts] };
}

function saving(
  { next, ...step }: Step,
  id: AlertId,
  rule: Rule,
  now: number,
  stored: Stored | undefined,
): Update<AlertState, readonly Considered[]> {
  if (!next) return { ...step, next };
  const { expires, ...agenda } = alertTerms(next, rule, now, stored);
  // No sweep has anything to do for lines that nobody is told of.
  return { ...step, next: { value: next, terms: id.replayed ? { expires } : { expires, ...agenda } } };
}

/**
 * @param stored what is replaced: its entry on the agenda stays, when it is early enough and yet to come. A key that is missed later with
 * each batch would cost two writes of the index each time; so it costs them when the sweep has looked in vain.
 */
export function alertTerms(state: AlertState, rule: Rule, now: number, stored: Stored | undefined): SaveTerms {
  const at = dueAt(state, rule);
  const expires = expiryOf(rule, now);
  if (at === undefined) return { expires };
  const entry = stored?.agenda;
  const isEarlier = entry?.name === 'sweep' && entry.at > now && entry.at <= at;
  return { expires, agenda: isEarlier ? entry : { name: 'sweep', at } };
}
