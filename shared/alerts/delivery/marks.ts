import { groupBy } from '../../text/groupBy.js';
import type { ClaimedAlert } from '../address.js';
import { alertTerms } from '../consider.js';
import { type AlertOutcome, undelivered } from '../outcome.js';
import type { AlertPorts } from '../ports.js';
import { type AlertState, settle } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { type RouteResult, settleOwed, settleRoutes, toldInstead } from '../state/owed.js';
import { update } from '../state/update.js';

/** What became of an alert at one of its routes. */
export type Answer =
  | { readonly outcome: 'notified' | 'digested'; readonly instead?: string | undefined }
  | { readonly outcome: 'unsent' | 'refused'; readonly reason: string };

type Told = Answer & { readonly route: string };

/** Marks alerts as told: each once, when all of its routes have answered. */
export class Marks {
  private readonly told = new Map<ClaimedAlert, Told[]>();

  constructor(private readonly ports: AlertPorts) {}

  /** @returns what became of the alert, once its last route has answered; nothing before. Never throws. */
  async add(alert: ClaimedAlert, route: string, answer: Answer): Promise<readonly AlertOutcome[]> {
    const told = [...(this.told.get(alert) ?? []), { ...answer, route }];
    this.told.set(alert, told);
    if (told.length < alert.routes.length) return [];
    try {
      await this.mark(alert, told.map(resultOf));
      return outcomesOf(alert, told);
    } catch (error) {
      return [undelivered(idOf(alert), error)];
    }
  }

  private mark(alert: ClaimedAlert, results: readonly RouteResult[]): Promise<void> {
    const { store, clock } = this.ports;
    return update<AlertState, void>(store, alertId(idOf(alert)), (state, stored) => {
      const now = clock.now();
      const marked = state && settled(state, alert, results, now);
      const next = marked && toldInstead(marked, results);
      return { next: next && { value: next, terms: alertTerms(next, alert.settings, now, stored) }, result: undefined };
    });
  }
}

function settled(
  state: AlertState,
  { claim, otherwise }: ClaimedAlert,
  results: readonly RouteResult[],
  now: number,
): AlertState | undefined {
  const [{ route, outcome }] = results as [RouteResult];
  switch (otherwise) {
    case 'again':
      return settle(state, claim, outcome, now);
    case 'owe':
      return settleRoutes(state, claim, results, now);
    case 'owed':
      return settleOwed(state, route, claim, outcome, now);
  }
}

function resultOf({ route, ...answer }: Told): RouteResult {
  if ('reason' in answer) return { route, outcome: answer.outcome };
  return { route, outcome: 'sent', instead: answer.instead };
}

/** One for the alert as far as it was told, and one for each route that is owed it. */
function outcomesOf(alert: ClaimedAlert, told: readonly Told[]): AlertOutcome[] {
  const id = idOf(alert);
  const by = groupBy(told, ({ outcome }) => outcome);
  const owed = told.flatMap((each): AlertOutcome[] => {
    if (!('reason' in each)) return [];
    const { outcome, route, reason } = each;
    if (alert.otherwise !== 'again') return [{ outcome: 'owed', id, route, reason }];
    return [{ outcome: outcome === 'unsent' ? 'undelivered' : 'refused', id, reason }];
  });
  if (by.has('notified')) return [{ outcome: 'notified', id }, ...owed];
  return by.has('digested') ? [{ outcome: 'digested', id, alert }, ...owed] : owed;
}

function idOf({ rule, key }: ClaimedAlert) {
  return { rule, key };
}
