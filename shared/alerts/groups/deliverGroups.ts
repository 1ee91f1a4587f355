import { groupBy } from '../../text/groupBy.js';
import { inParallel } from '../../text/parallel.js';
import { foldContent, settleDigest } from '../delivery/collection.js';
import type { DigestOutcome } from '../delivery/digestOutcome.js';
import { fallBack } from '../delivery/fallBack.js';
import type { PacedEndpoint } from '../delivery/pacedEndpoint.js';
import type { Alert, AlertPorts, Digest, DigestGroup, Lead } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { groupId } from '../state/ids.js';
import { update } from '../state/update.js';
import { type GroupLabels, groupOf, infoGroup } from './grouping.js';
import {
  afterMessage,
  claimGroup,
  type GroupState,
  groupTerms,
  type Joined,
  join,
  loudestOf,
  newGroup,
} from './groupState.js';

type Book = Pick<RuleBook, 'grouping' | 'messagesPerMinute' | 'fallbackOf'>;

/** Groups that are saved at a time. */
const parallelGroups = 32;

/** What is done with the alerts of one endpoint. */
export interface Grouped<A extends Alert> {
  /** To be posted one by one. */
  readonly single: readonly A[];
  /** The groups of those of them that are told for a group. */
  readonly leads: ReadonlyMap<Alert, Lead>;
  /** A group's message stands for them: they are to be marked as sent. */
  readonly folded: readonly A[];
  /** The groups that took some of them, the most severe first. Each may be due by now: {@link postGroup}. */
  readonly groups: readonly string[];
}

/**
 * Gives alerts to their groups.
 *
 * @param alerts in the order in which they are to be posted. Groups that there is no room for in this minute take none:
 * their alerts are posted one by one, and so end in the digest.
 */
export async function joinGroups<A extends Alert>(
  owner: string,
  alerts: readonly A[],
  book: Book,
  ports: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<Grouped<A>> {
  const byGroup = groupBy(alerts, (alert) => groupOf(alert, book.grouping)?.key ?? alone);
  const ungrouped = byGroup.get(alone) ?? [];
  byGroup.delete(alone);
  const [taken, rest] = [[...byGroup].slice(0, maxGroups(book)), [...byGroup].slice(maxGroups(book))];
  const joined = await inParallel(taken, parallelGroups, ([key, of]) => joinOwnGroup(owner, key, of, book, ports));
  const others = joined.flatMap((each) => each.alone);
  const info = others.filter(({ settings }) => settings.severity === 'info');
  if (info.length > 0)
    joined.push(await joinGroup(owner, infoGroup, info, { grouping: { ...book.grouping, by: [] } }, ports));
  const pick = (chosen: readonly Alert[]) => {
    const names = new Set(chosen);
    return alerts.filter((alert) => names.has(alert));
  };
  return {
    single: pick([
      ...ungrouped,
      ...rest.flatMap(([, of]) => of),
      ...joined.flatMap(({ lead }) => lead),
      ...others.filter((alert) => !info.includes(alert)),
    ]),
    leads: new Map(
      joined.flatMap(({ key, began, known, lead }) => lead.map((alert) => [alert, { key, began, known }])),
    ),
    folded: pick(joined.flatMap(({ folded }) => folded)),
    groups: joined.filter(({ folded }) => folded.length > 0).map(({ key }) => key),
  };
}

/** No group has this key: a backslash is followed by what it escapes. */
const alone = '\\';

/** Messages that a minute has room for. */
function maxGroups({ messagesPerMinute }: Book): number {
  return 2 * messagesPerMinute;
}

type JoinedGroup = Joined & { readonly key: string; readonly began: number };

function joinOwnGroup(
  owner: string,
  key: string,
  alerts: readonly Alert[],
  book: Pick<Book, 'grouping'>,
  ports: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<JoinedGroup> {
  const [first] = alerts;
  const { labels = {} } = (first && groupOf(first, book.grouping)) ?? {};
  return joinGroup(owner, { key, labels }, alerts, book, ports);
}

function joinGroup(
  owner: string,
  { key, labels }: GroupLabels,
  alerts: readonly Alert[],
  { grouping }: Pick<Book, 'grouping'>,
  { store, clock }: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<JoinedGroup> {
  return update<GroupState, JoinedGroup>(store, groupId(owner, key), (stored = newGroup) => {
    const now = clock.now();
    const joined = join({ ...stored, labels }, alerts, grouping, now);
    const next = joined.next && { value: joined.next, terms: groupTerms(joined.next, grouping, now) };
    return { next, result: { ...joined, key, began: joined.next?.began ?? stored.began } };
  });
}

/**
 * Posts the message of a group, if it is time for one. When its endpoint has had all the messages that a minute may have, its
 * alerts go into the digest.
 */
export async function postGroup(
  endpoint: PacedEndpoint,
  key: string,
  book: Book,
  ports: AlertPorts,
): Promise<DigestOutcome | undefined> {
  const { store, clock } = ports;
  const id = groupId(endpoint.owner, key);
  const change = <R>(step: (state: GroupState, now: number) => { next: GroupState | undefined; result: R }) =>
    update<GroupState, R>(store, id, (stored = newGroup) => {
      const now = clock.now();
      const { next, result } = step(stored, now);
      return { next: next && { value: next, terms: groupTerms(next, book.grouping, now) }, result };
    });

  const claimed = await change((state, now) => {
    const next = claimGroup(state, book.grouping, now);
    return { next, result: next };
  });
  if (!claimed) return undefined;

  const { digest, claim } = claimed.posting;
  const settle = (outcome: 'sent' | 'unsent' | 'refused') =>
    change((state, now) => {
      const settled = settleDigest(state, claim, outcome, now);
      return { next: settled && outcome === 'sent' ? afterMessage(settled, digest) : settled, result: undefined };
    });
  const post = {
    kind: 'digest',
    route: endpoint.owner,
    digest: { ...digest, group: headOf(key, claimed, digest) },
  } as const;
  const allowance = { perMinute: book.messagesPerMinute, isCritical: loudestOf(digest) === 'critical' };
  const attempt = await endpoint.post(post, allowance);
  const { number, alerts, lines } = digest;
  const what = { route: endpoint.owner, group: key, number, alerts, lines };
  if (await fallBack(endpoint.owner, id, claimed.posting, attempt, book, ports)) {
    await settle('sent');
    return { ...what, outcome: 'digested' };
  }
  switch (attempt.result) {
    case 'sent':
      await settle('sent');
      return { ...what, outcome: 'sent' };
    case 'full':
      await endpoint.update((state, now) => ({
        next: foldContent(state, id, digest, now),
        result: undefined,
      }));
      await settle('sent');
      return { ...what, outcome: 'digested' };
    case 'refused':
      await settle('refused');
      return { ...what, outcome: 'refused', reason: attempt.reason };
    default:
      await settle('unsent');
      return { ...what, outcome: 'unsent', reason: attempt.reason };
  }
}

/** What a message of a group says of it beside the alerts that it tells. */
function headOf(
  key: string,
  { labels, began, firing, members }: GroupState,
  { members: told = [] }: Digest,
): DigestGroup {
  const names = new Set(told.map(({ rule, key: of }) => `${rule}#${of}`));
  const earlier = members.filter((each) => !names.has(`${each.rule}#${each.key}`));
  return { key, labels, began, firing: firing.length, earlier };
}
