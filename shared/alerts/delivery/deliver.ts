import { groupBy } from '../../text/groupBy.js';
import { inParallel } from '../../text/parallel.js';
import type { ClaimedAlert } from '../address.js';
import { type Grouped, joinGroups, postGroup } from '../groups/deliverGroups.js';
import type { AlertOutcome } from '../outcome.js';
import type { Alert, AlertPorts, Detour, Lead } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { parallelSaves } from '../state/update.js';
import { fold, foldSize, wasFolded } from './collection.js';
import { splitByRoom } from './endpointState.js';
import { type Answer, type Answered, Marks } from './marks.js';
import { PacedEndpoint } from './pacedEndpoint.js';
import { isCritical, ranked } from './ranking.js';

/** Attempts to post one alert before it is left to the sweep, so that an alert that can't be posted delays no others. */
const maxAttempts = 3;

/** How long it takes at most to fold alerts and to mark them, milliseconds. */
const foldTime = 2000;

/** An alert on its way to one of its routes. */
interface Routed extends ClaimedAlert {
  readonly route: string;
  /** Other routes of it that have come to the same fallback: what is told there is told for them, too. */
  readonly others: readonly string[];
  /** The route that is told: that one, or a fallback. */
  readonly via: string;
  /** Those that were told in vain before. */
  readonly tried: readonly string[];
  /** Why the last of them was not told. */
  readonly detour?: Detour | undefined;
  /** The route whose endpoint it goes to. */
  readonly owner: string;
  readonly claimed: ClaimedAlert;
}

/**
 * Posts the alerts that were claimed to their routes, and marks them. No endpoint waits for another. Those of a group that has begun
 * are told by its messages. Each endpoint gets the others one by one in its slots; when there are too many, the rest is folded into
 * its digest. The sweep posts whatever there was no time for.
 */
export async function deliver(
  alerts: readonly ClaimedAlert[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<AlertOutcome[]> {
  const marks = new Marks(ports);
  const outcomes: AlertOutcome[] = [];
  let routed = await routedOf(alerts, ports);
  while (routed.length > 0) {
    const rounds = [...groupBy(routed, ({ owner }) => owner)].map(([owner, of]) => ({
      of,
      round: new Round(owner, book, marks, ports),
    }));
    const answered = await Promise.all(rounds.map(({ round, of }) => round.deliver(of)));
    outcomes.push(...answered.flat());
    routed = await toFallbacks(
      rounds.flatMap(({ round }) => round.fallbacks),
      ports,
    );
  }
  return outcomes;
}

/** Of two routes that share an endpoint the first stands for both. */
async function routedOf(alerts: readonly ClaimedAlert[], { notifier }: AlertPorts): Promise<Routed[]> {
  const routes = [...new Set(alerts.flatMap((alert) => alert.routes))];
  const owners = new Map(
    await inParallel(routes, parallelSaves, async (route) => [route, await notifier.ownerOf(route)] as const),
  );
  return alerts.flatMap((alert) => {
    const byOwner = [...groupBy(alert.routes, (route) => owners.get(route) ?? route)];
    const claimed = { ...alert, routes: byOwner.map(([, [route]]) => route) };
    return byOwner.map(
      ([owner, [route]]): Routed => ({ ...claimed, route, others: [], via: route, tried: [], owner, claimed }),
    );
  });
}

/** Of several routes that have the same fallback the first stands for all. */
async function toFallbacks(alerts: readonly Routed[], { notifier }: AlertPorts): Promise<Routed[]> {
  const routed = await Promise.all(
    alerts.map(async (alert) => ({ ...alert, owner: await notifier.ownerOf(alert.via) })),
  );
  const places = new Map(routed.map(({ claimed }, place) => [claimed, place]));
  const byAlert = groupBy(routed, ({ claimed, owner }) => `${places.get(claimed)} ${owner}`);
  return [...byAlert.values()].map(([first, ...more]) => ({
    ...first,
    others: [...first.others, ...more.flatMap(({ route, others }) => [route, ...others])],
  }));
}

/** The alerts that one invocation has for one endpoint. */
class Round {
  private readonly endpoint: PacedEndpoint;
  /** Those that could not be told here, on their way to the next route. */
  readonly fallbacks: Routed[] = [];

  /** @param owner the route that the endpoint was set up for. */
  constructor(
    owner: string,
    private readonly book: RuleBook,
    private readonly marks: Marks,
    private readonly ports: AlertPorts,
  ) {
    this.endpoint = new PacedEndpoint(owner, ports);
  }

  async deliver(alerts: readonly Routed[]): Promise<readonly AlertOutcome[]> {
    try {
      const { book, endpoint, ports } = this;
      const state = await endpoint.state();
      const isFolded = wasFolded(state);
      const order = ranked(alerts.filter((alert) => !isFolded(alert)));
      const joined = await joinGroups(endpoint.owner, order, book, ports);
      // What a digest tells, and a group's message beyond those that it names, would leave an incident open.
      const closing = new Set(book.keepsIncidents(endpoint.owner) ? order.filter(isOver) : []);
      const [singles, folded] = [joined.single, joined.folded].map((of) => of.filter((alert) => !closing.has(alert)));
      const { single, rest } = splitByRoom(state, singles ?? [], ports.clock.now(), book.messagesPerMinute);
      const outcomes = await Promise.all([
        this.markAll([...alerts.filter(isFolded), ...(folded ?? [])], { outcome: 'digested' }),
        this.postAll(joined, single, [...closing]),
        this.foldEach(rest),
      ]);
      return outcomes.flat();
    } catch (error) {
      return this.markAll(alerts, unsent(error));
    }
  }

  /** Posts the messages of groups that are due, then alerts, and at last what closes incidents. */
  private async postAll(
    { groups, leads }: Grouped<Routed>,
    alerts: readonly Routed[],
    closing: readonly Routed[],
  ): Promise<AlertOutcome[]> {
    for (const group of groups) {
      // The sweep posts a message that can't be posted now.
      await postGroup(this.endpoint, group, this.book, this.ports).catch(() => undefined);
    }
    return [...(await this.postEach(alerts, leads)), ...(await this.closeEach(closing))];
  }

  /** Takes as many slots as there are until there are no more in time; the sweep posts the rest. */
  private async closeEach(alerts: readonly Routed[]): Promise<AlertOutcome[]> {
    const outcomes: AlertOutcome[] = [];
    let late: Answer | undefined;
    for (const alert of alerts) {
      const answer = late ?? (await this.close(alert));
      if (answer.outcome === 'unsent') late = answer;
      outcomes.push(...(await this.markAll([alert], answer)));
    }
    return outcomes;
  }

  private async close(alert: Routed): Promise<Answer> {
    try {
      const posted = toPost(alert);
      const attempt = await this.endpoint.post({ kind: 'alert', route: this.endpoint.owner, alert: posted });
      if (attempt.result === 'sent') return { outcome: 'notified' };
      if (attempt.result === 'refused') return { outcome: 'refused', reason: attempt.reason };
      return { outcome: 'unsent', reason: 'reason' in attempt ? attempt.reason : '' };
    } catch (error) {
      return unsent(error);
    }
  }

  /** Posts alerts one after the other. An alert that failed is tried again after the others had their turn. */
  private async postEach(alerts: readonly Routed[], leads: Grouped<Routed>['leads']): Promise<AlertOutcome[]> {
    const outcomes: AlertOutcome[] = [];
    const queue: Turn[] = alerts.map((alert) => ({ alert, group: leads.get(alert), attempts: 0 }));
    for (let turn = queue.shift(); turn; turn = queue.shift()) {
      const answer = await this.postOne(turn);
      if ('again' in answer) queue.push(answer.again);
      else outcomes.push(...(await this.markAll([turn.alert], answer)));
    }
    return outcomes;
  }

  private async postOne({ alert, group, attempts, reason }: Turn): Promise<Answer | { readonly again: Turn }> {
    try {
      const attempt = await this.endpoint.post(
        { kind: 'alert', route: this.endpoint.owner, alert: toPost(alert), ...(group ? { group } : {}) },
        attempts === 0 ? { perMinute: this.book.messagesPerMinute, isCritical: isCritical(alert) } : undefined,
      );
      switch (attempt.result) {
        case 'sent':
          return { outcome: 'notified' };
        case 'full':
          return await this.foldSome([alert]);
        case 'refused':
          return { outcome: 'refused', reason: attempt.reason };
        case 'failed':
          // Other routes may wait for its mark, or a fallback for the time that is left: the sweep tries again.
          if (alert.otherwise !== 'owe' && !this.fallbackOf(alert, false) && attempts + 1 < maxAttempts)
            return { again: { alert, group, attempts: attempts + 1, reason: attempt.reason } };
          break;
        case 'too late':
      }
      return { outcome: 'unsent', reason: reason ?? attempt.reason };
    } catch (error) {
      return unsent(error);
    }
  }

  private async foldEach(alerts: readonly Routed[]): Promise<AlertOutcome[]> {
    const outcomes: AlertOutcome[] = [];
    for (let at = 0; at < alerts.length; at += foldSize) {
      const some = alerts.slice(at, at + foldSize);
      outcomes.push(...(await this.markAll(some, await this.foldSome(some))));
    }
    return outcomes;
  }

  /** Once alerts are folded, the digest stands for them, so they count as told. */
  private async foldSome(alerts: readonly Routed[]): Promise<Answer> {
    try {
      if (this.ports.clock.now() > this.ports.deadline - foldTime) throw new Error('there was no time left to fold it');
      await this.endpoint.update((state, now) => ({ next: fold(state, alerts, now), result: undefined }));
      return { outcome: 'digested' };
    } catch (error) {
      return unsent(error);
    }
  }

  private markAll(alerts: readonly Routed[], answer: Answer): Promise<readonly AlertOutcome[]> {
    return this.marks.add(alerts.flatMap((alert) => this.answersOf(alert, answer)));
  }

  /** What is to be marked: none for an alert that goes on to a fallback. */
  private answersOf(alert: Routed, answer: Answer): readonly Answered[] {
    const { route, others, via, claimed } = alert;
    const next = 'reason' in answer ? this.fallbackOf(alert, answer.outcome === 'refused') : undefined;
    if (next === undefined) {
      const told = 'reason' in answer || via === route ? answer : { ...answer, instead: via };
      return [route, ...others].map((each) => ({ alert: claimed, route: each, answer: told }));
    }
    const detour = 'reason' in answer ? { via: next, instead: via, reason: answer.reason } : undefined;
    this.fallbacks.push({ ...alert, via: next, tried: [...alert.tried, via], ...(detour ? { detour } : {}) });
    return [];
  }

  /** The route to tell instead, once it is time for that; none when it is told anyway. */
  private fallbackOf({ via, since, heardBy, tried }: Routed, isRefused: boolean): string | undefined {
    const fallback = this.book.fallbackOf(via);
    if (!fallback || [...heardBy, ...tried].includes(fallback.route)) return undefined;
    const isTime = isRefused || this.ports.clock.now() >= since + fallback.after;
    return isTime ? fallback.route : undefined;
  }
}

function toPost({ claimed, detour }: Routed): Alert {
  return detour ? { ...claimed, detour } : claimed;
}

interface Turn {
  readonly alert: Routed;
  /** The group that it is told for. */
  readonly group: Lead | undefined;
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly reason?: string;
}

function isOver({ notice }: Routed): boolean {
  return notice.kind === 'resolved';
}

function unsent(error: unknown): Answer {
  return { outcome: 'unsent', reason: error instanceof Error ? error.message : String(error) };
}
