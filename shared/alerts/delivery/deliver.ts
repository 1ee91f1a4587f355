import { groupBy } from '../../text/groupBy.js';
import { inParallel } from '../../text/parallel.js';
import { alertTerms, type ClaimedAlert } from '../consider.js';
import { joinGroups, postGroup } from '../groups/deliverGroups.js';
import { type AlertOutcome, undelivered } from '../outcome.js';
import type { AlertPorts } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { type AlertState, settle } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { update } from '../state/update.js';
import { fold, foldSize, wasFolded } from './collection.js';
import { splitByRoom } from './endpointState.js';
import { PacedEndpoint } from './pacedEndpoint.js';
import { isCritical, ranked } from './ranking.js';

/** States that are saved at a time. */
export const parallelSaves = 32;

/** Attempts to post one alert before it is left to the sweep, so that an alert that can't be posted delays no others. */
const maxAttempts = 3;

/** How long it takes at most to fold alerts and to mark them, milliseconds. */
const foldTime = 2000;

/**
 * Posts the alerts that were claimed, and marks them. Those of a group that has begun are told by its messages. Each endpoint
 * gets the others one by one in its slots; when there are too many, the rest is folded into its digest. The sweep posts
 * whatever there was no time for.
 */
export async function deliver(
  alerts: readonly ClaimedAlert[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const byRoute = [...groupBy(alerts, ({ settings }) => book.routeOf(settings))];
  const owners = await inParallel(byRoute, parallelSaves, ([route]) => ports.notifier.ownerOf(route));
  const byOwner = groupBy(
    byRoute.flatMap(([, of], at) => of.map((alert) => ({ alert, owner: owners[at] ?? '' }))),
    ({ owner }) => owner,
  );
  const outcomes = await Promise.all(
    [...byOwner].map(([owner, of]) =>
      deliverTo(
        new PacedEndpoint(owner, ports),
        of.map(({ alert }) => alert),
        book,
        ports,
      ),
    ),
  );
  return outcomes.flat();
}

async function deliverTo(
  endpoint: PacedEndpoint,
  alerts: readonly ClaimedAlert[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  try {
    const state = await endpoint.state();
    const isFolded = wasFolded(state);
    const order = ranked(alerts.filter((alert) => !isFolded(alert)));
    const { single: singles, folded: grouped, groups } = await joinGroups(endpoint.owner, order, book, ports);
    const folded = [...alerts.filter(isFolded), ...grouped];
    const { single, rest } = splitByRoom(state, singles, ports.clock.now(), book.messagesPerMinute);
    const outcomes = await Promise.all([
      inParallel(folded, parallelSaves, (alert) => markDigested(alert, ports)),
      postAll(endpoint, groups, single, book, ports),
      foldEach(endpoint, rest, ports),
    ]);
    return outcomes.flat();
  } catch (error) {
    return alerts.map((alert) => undelivered(idOf(alert), error));
  }
}

/** Posts the messages of groups that are due, and then alerts. */
async function postAll(
  endpoint: PacedEndpoint,
  groups: readonly string[],
  alerts: readonly ClaimedAlert[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  for (const group of groups) {
    // The sweep posts a message that can't be posted now.
    await postGroup(endpoint, group, book, ports).catch(() => undefined);
  }
  return postEach(endpoint, alerts, book.messagesPerMinute, ports);
}

/** Posts alerts one after the other. An alert that failed is tried again after the others had their turn. */
async function postEach(
  endpoint: PacedEndpoint,
  alerts: readonly ClaimedAlert[],
  perMinute: number,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const outcomes: AlertOutcome[] = [];
  const queue: Turn[] = alerts.map((alert) => ({ alert, attempts: 0 }));
  for (let turn = queue.shift(); turn; turn = queue.shift()) {
    const { alert } = turn;
    try {
      const answer = await postOne(endpoint, turn, perMinute, ports);
      if ('again' in answer) queue.push(answer.again);
      else outcomes.push(answer);
    } catch (error) {
      outcomes.push(undelivered(idOf(alert), error));
    }
  }
  return outcomes;
}

interface Turn {
  readonly alert: ClaimedAlert;
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

async function postOne(
  endpoint: PacedEndpoint,
  { alert, attempts, reason }: Turn,
  perMinute: number,
  ports: AlertPorts,
): Promise<AlertOutcome | { readonly again: Turn }> {
  const id = idOf(alert);
  const attempt = await endpoint.post(
    { kind: 'alert', route: endpoint.owner, alert },
    attempts === 0 ? { perMinute, isCritical: isCritical(alert) } : undefined,
  );
  switch (attempt.result) {
    case 'sent':
      await mark(alert, 'sent', ports);
      return { outcome: 'notified', id };
    case 'full':
      return (await foldSome(endpoint, [alert], ports))[0] ?? undelivered(id, 'it was not folded');
    case 'refused':
      await mark(alert, 'refused', ports);
      return { outcome: 'refused', id, reason: attempt.reason };
    case 'failed':
      if (attempts + 1 < maxAttempts) return { again: { alert, attempts: attempts + 1, reason: attempt.reason } };
      break;
    case 'too late':
  }
  await mark(alert, 'unsent', ports);
  return undelivered(id, reason ?? attempt.reason);
}

async function foldEach(
  endpoint: PacedEndpoint,
  alerts: readonly ClaimedAlert[],
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const outcomes: AlertOutcome[] = [];
  for (let at = 0; at < alerts.length; at += foldSize) {
    outcomes.push(...(await foldSome(endpoint, alerts.slice(at, at + foldSize), ports)));
  }
  return outcomes;
}

/** Once alerts are folded, the digest stands for them, so they are marked as sent. */
async function foldSome(
  endpoint: PacedEndpoint,
  alerts: readonly ClaimedAlert[],
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  try {
    if (ports.clock.now() > ports.deadline - foldTime) throw new Error('there was no time left to fold it');
    await endpoint.update((state, now) => ({ next: fold(state, alerts, now), result: undefined }));
  } catch (error) {
    return alerts.map((alert) => undelivered(idOf(alert), error));
  }
  return inParallel(alerts, parallelSaves, (alert) => markDigested(alert, ports));
}

async function markDigested(alert: ClaimedAlert, ports: AlertPorts): Promise<AlertOutcome> {
  try {
    await mark(alert, 'sent', ports);
    return { outcome: 'digested', id: idOf(alert), alert };
  } catch (error) {
    return undelivered(idOf(alert), error);
  }
}

function mark(
  { rule, key, settings, claim }: ClaimedAlert,
  outcome: 'sent' | 'unsent' | 'refused',
  { store, clock }: AlertPorts,
): Promise<void> {
  return update<AlertState, void>(store, alertId({ rule, key }), (state) => {
    const now = clock.now();
    const next = state && settle(state, claim, outcome, now);
    return { next: next && { value: next, terms: alertTerms(next, settings, now) }, result: undefined };
  });
}

function idOf({ rule, key }: ClaimedAlert) {
  return { rule, key };
}
