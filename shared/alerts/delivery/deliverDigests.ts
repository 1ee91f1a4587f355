import { groupBy } from '../../text/groupBy.js';
import { postGroup } from '../groups/deliverGroups.js';
import { type AlertPorts, longestPost } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { endpointId, readEndpointId, readGroupId } from '../state/ids.js';
import { settleDigest } from './collection.js';
import type { DigestOutcome } from './digestOutcome.js';
import { claimDigest } from './endpointState.js';
import { fallBack } from './fallBack.js';
import { PacedEndpoint } from './pacedEndpoint.js';

type Attempt = <T>(what: string, act: () => Promise<T>, otherwise: T) => Promise<T>;

/**
 * Posts the messages of groups and the digests that are due.
 *
 * @param ids of the agenda: of endpoints and groups.
 * @param attempt keeps one that fails from stopping the others.
 */
export async function deliverDigests(
  ids: readonly string[],
  book: RuleBook,
  ports: AlertPorts,
  attempt: Attempt,
): Promise<DigestOutcome[]> {
  const byOwner = groupBy(ids, (id) => readGroupId(id)?.owner ?? readEndpointId(id));
  const outcomes = await Promise.all([...byOwner].map(([owner, of]) => deliverOf(owner, of, book, ports, attempt)));
  return outcomes.flat();
}

/** One after the other: the messages share a pace, and the digest takes along what there is no room for. */
async function deliverOf(
  owner: string,
  ids: readonly string[],
  book: RuleBook,
  ports: AlertPorts,
  attempt: Attempt,
): Promise<DigestOutcome[]> {
  const endpoint = new PacedEndpoint(owner, ports);
  const outcomes: DigestOutcome[] = [];
  for (const { key } of ids.flatMap((id) => readGroupId(id) ?? [])) {
    // The next sweep finds the others.
    if (ports.clock.now() > ports.deadline - longestPost) break;
    const post = () => postGroup(endpoint, key, book, ports);
    outcomes.push(
      ...(await attempt(`the group ${key} of route ${owner}`, async () => [await post()], [])).flatMap(
        (each) => each ?? [],
      ),
    );
  }
  const digest = await attempt(`the digest of route ${owner}`, () => deliverDigest(endpoint, book, ports), undefined);
  return digest ? [...outcomes, digest] : outcomes;
}

/** Posts the digest of an endpoint, if it is time for one. */
async function deliverDigest(
  endpoint: PacedEndpoint,
  book: RuleBook,
  ports: AlertPorts,
): Promise<DigestOutcome | undefined> {
  const claimed = await endpoint.update((state, now) => {
    const next = claimDigest(state, now);
    return { next, result: next?.posting };
  });
  if (!claimed) return undefined;

  const { owner } = endpoint;
  const { digest, claim } = claimed;
  const attempt = await endpoint.post({ kind: 'digest', route: owner, digest });
  const { number, alerts, lines } = digest;
  const what = { route: owner, number, alerts, lines };
  if (await fallBack(owner, endpointId(owner), claimed, attempt, book, ports)) {
    await endpoint.update((state, now) => ({ next: settleDigest(state, claim, 'sent', now), result: undefined }));
    return { ...what, outcome: 'digested' };
  }
  const outcome = attempt.result === 'sent' || attempt.result === 'refused' ? attempt.result : 'unsent';
  await endpoint.update((state, now) => ({ next: settleDigest(state, claim, outcome, now), result: undefined }));
  const reason = 'reason' in attempt ? attempt.reason : '';
  return { ...what, ...(outcome === 'sent' ? { outcome } : { outcome, reason }) };
}
