import { groupBy } from '../../text/groupBy.js';
import { alertTerms, type ClaimedAlert } from '../consider.js';
import { type AlertOutcome, undelivered } from '../outcome.js';
import type { AlertPorts, Digest } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { type AlertState, settle } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { change } from '../state/update.js';
import { Channel } from './channel.js';
import { inParallel } from './parallel.js';
import { ranked } from './ranking.js';
import { claimDigest, fold, foldSize, settleDigest, singlesLeft, wasFolded } from './routeState.js';

/** States that are saved at a time. */
export const parallelSaves = 32;

/** Attempts to post one alert before it is left to the sweep, so that one that makes Slack fail holds up no others. */
const maxAttempts = 3;

/** What it takes at most to fold alerts and to mark them. */
const foldTime = 2000;

/**
 * Tells people of alerts that were claimed, and marks them: one by one in the slots of their webhook, or in its digest
 * when there are too many. What finds no time is left to the sweep.
 */
export async function deliver(
  alerts: readonly ClaimedAlert[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const byRoute = [...groupBy(alerts, ({ settings }) => book.routeOf(settings))];
  const owners = await inParallel(byRoute, parallelSaves, ([route]) => ports.notifier.webhookOf(route));
  const byWebhook = groupBy(
    byRoute.flatMap(([, of], at) => of.map((alert) => ({ alert, webhook: owners[at] ?? '' }))),
    ({ webhook }) => webhook,
  );
  const outcomes = await Promise.all(
    [...byWebhook].map(([webhook, of]) =>
      deliverTo(
        new Channel(webhook, ports),
        of.map(({ alert }) => alert),
        book.messagesPerMinute,
        ports,
      ),
    ),
  );
  return outcomes.flat();
}

async function deliverTo(
  channel: Channel,
  alerts: readonly ClaimedAlert[],
  perMinute: number,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  try {
    const { left, folded } = await channel.change((state, now) => {
      const result = { left: singlesLeft(state, now, perMinute), folded: alerts.filter(wasFolded(state)) };
      return { next: undefined, result };
    });
    const order = ranked(alerts.filter((alert) => !folded.includes(alert)));
    const outcomes = await Promise.all([
      inParallel(folded, parallelSaves, (alert) => markDigested(alert, ports)),
      postEach(channel, order.slice(0, left), perMinute, ports),
      foldEach(channel, order.slice(left), ports),
    ]);
    return outcomes.flat();
  } catch (error) {
    return alerts.map((alert) => undelivered(idOf(alert), error));
  }
}

/** Posts alerts one after the other; one that failed is tried again after the others had their turn. */
async function postEach(
  channel: Channel,
  alerts: readonly ClaimedAlert[],
  perMinute: number,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const outcomes: AlertOutcome[] = [];
  const queue: Turn[] = alerts.map((alert) => ({ alert, attempts: 0 }));
  for (let turn = queue.shift(); turn; turn = queue.shift()) {
    const { alert } = turn;
    try {
      const answer = await postOne(channel, turn, perMinute, ports);
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
  channel: Channel,
  { alert, attempts, reason }: Turn,
  perMinute: number,
  ports: AlertPorts,
): Promise<AlertOutcome | { readonly again: Turn }> {
  const id = idOf(alert);
  const attempt = await channel.post(
    { kind: 'alert', route: channel.route, alert },
    attempts === 0 ? perMinute : undefined,
  );
  switch (attempt.result) {
    case 'sent':
      await mark(alert, 'sent', ports);
      return { outcome: 'notified', id };
    case 'full':
      return (await foldSome(channel, [alert], ports))[0] ?? undelivered(id, 'it was not folded');
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

async function foldEach(channel: Channel, alerts: readonly ClaimedAlert[], ports: AlertPorts): Promise<AlertOutcome[]> {
  const outcomes: AlertOutcome[] = [];
  for (let at = 0; at < alerts.length; at += foldSize) {
    outcomes.push(...(await foldSome(channel, alerts.slice(at, at + foldSize), ports)));
  }
  return outcomes;
}

/** From the fold on the digest is answerable for the alerts. */
async function foldSome(channel: Channel, alerts: readonly ClaimedAlert[], ports: AlertPorts): Promise<AlertOutcome[]> {
  try {
    if (ports.clock.now() > ports.deadline - foldTime) throw new Error('there was no time left to fold it');
    await channel.change((state, now) => ({ next: fold(state, alerts, now), result: undefined }));
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
  return change<AlertState, void>(store, alertId({ rule, key }), (state) => {
    const now = clock.now();
    const next = state && settle(state, claim, outcome, now);
    return { next: next && { value: next, terms: alertTerms(next, settings, now) }, result: undefined };
  });
}

function idOf({ rule, key }: ClaimedAlert) {
  return { rule, key };
}

/** What became of a digest. */
export type DigestOutcome = DigestId &
  ({ readonly outcome: 'sent' } | { readonly outcome: 'unsent' | 'refused'; readonly reason: string });

interface DigestId extends Pick<Digest, 'number' | 'alerts' | 'lines'> {
  readonly route: string;
}

/** Posts the digest of a webhook, if it is time for one. */
export async function deliverDigest(route: string, ports: AlertPorts): Promise<DigestOutcome | undefined> {
  const channel = new Channel(route, ports);
  const claimed = await channel.change((state, now) => {
    const next = claimDigest(state, now);
    return { next, result: next?.posting };
  });
  if (!claimed) return undefined;

  const { digest, claim } = claimed;
  const attempt = await channel.post({ kind: 'digest', route, digest });
  const outcome = attempt.result === 'sent' || attempt.result === 'refused' ? attempt.result : 'unsent';
  await channel.change((state, now) => ({ next: settleDigest(state, claim, outcome, now), result: undefined }));
  const { number, alerts, lines } = digest;
  const reason = 'reason' in attempt ? attempt.reason : '';
  return { route, number, alerts, lines, ...(outcome === 'sent' ? { outcome } : { outcome, reason }) };
}
