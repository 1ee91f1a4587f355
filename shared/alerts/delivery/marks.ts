import { type Group, groupBy } from '../../text/groupBy.js';
import { inParallel } from '../../text/parallel.js';
import type { ClaimedAlert } from '../address.js';
import { alertTerms } from '../consider.js';
import { type AlertOutcome, undelivered } from '../outcome.js';
import type { AlertPorts, StateStore } from '../ports.js';
import { type AlertState, settle } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { type RouteResult, settleOwed, settleRoutes, toldInstead } from '../state/owed.js';
import { parallelSaves, savedTogether, update } from '../state/update.js';

/** What became of an alert at one of its routes. */
export type Answer =
  | { readonly outcome: 'notified' | 'digested'; readonly instead?: string | undefined }
  | { readonly outcome: 'unsent' | 'refused'; readonly reason: string };

type Told = Answer & { readonly route: string };

/** What one route answered to an alert. */
export interface Answered {
  readonly alert: ClaimedAlert;
  readonly route: string;
  readonly answer: Answer;
}

/** Marks alerts as told: each once, when all of its routes have answered, and those of one key in one write. */
export class Marks {
  private readonly told = new Map<ClaimedAlert, Told[]>();

  constructor(private readonly ports: AlertPorts) {}

  /** @returns what became of the alerts whose last route has answered. Never throws. */
  async add(answered: readonly Answered[]): Promise<readonly AlertOutcome[]> {
    const complete = answered.flatMap((each) => this.note(each) ?? []);
    const keys = groupBy(complete, ({ alert: { key } }) => key);
    const outcomes = await inParallel([...keys.values()], parallelSaves, (ofKey) => this.markKey(ofKey));
    return outcomes.flat();
  }

  /** @returns what all routes answered, once the last of them has. */
  private note({ alert, route, answer }: Answered): Complete | undefined {
    const told = [...(this.told.get(alert) ?? []), { ...answer, route }];
    this.told.set(alert, told);
    return told.length < alert.routes.length ? undefined : { alert, told };
  }

  /** What rules remember of one key is one item: marked one by one, they would be in each other's way. */
  private async markKey(ofKey: Readonly<Group<Complete>>): Promise<readonly AlertOutcome[]> {
    try {
      await savedTogether(this.ports.store, alertId(idOf(ofKey[0].alert)), async (store) => {
        for (const { alert, told } of ofKey) await this.mark(alert, told.map(resultOf), store);
      });
      return ofKey.flatMap(({ alert, told }) => outcomesOf(alert, told));
    } catch (error) {
      return ofKey.map(({ alert }) => undelivered(idOf(alert), error));
    }
  }

  private mark(alert: ClaimedAlert, results: readonly RouteResult[], store: StateStore): Promise<void> {
    const { clock } = this.ports;
    return update<AlertState, void>(store, alertId(idOf(alert)), (state) => {
      const now = clock.now();
      const marked = state && settled(state, alert, results, now);
      const next = marked && toldInstead(marked, results);
      // Its entry on the agenda is the end of the claim's lease, at which there is nothing to do any more.
      const terms = next && alertTerms(next, alert.settings, now, undefined);
      return { next: next && terms && { value: next, terms }, result: undefined };
    });
  }
}

/** An alert whose routes have all answered. */
interface Complete {
  readonly alert: ClaimedAlert;
  readonly told: readonly Told[];
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
