import type { AlertPorts, Digest } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import { foldContent, type PostingDigest } from './collection.js';
import { type Attempt, PacedEndpoint } from './pacedEndpoint.js';

/**
 * Hands a message that its endpoint did not take to the digest of the route's fallback: at once when it was refused, else after the time that
 * the route states. The sweep posts it there.
 *
 * @param from the id of the collection that it was claimed from.
 * @returns the route that tells it now; undefined when it is still for the first to tell.
 */
export async function fallBack(
  owner: string,
  from: string,
  { digest, since }: Pick<PostingDigest, 'since'> & { readonly digest: Digest },
  { result }: Attempt,
  book: Pick<RuleBook, 'fallbackOf'>,
  ports: AlertPorts,
): Promise<string | undefined> {
  if (result === 'sent' || result === 'full') return undefined;
  const fallback = book.fallbackOf(owner);
  if (!fallback) return undefined;
  const isTime = result === 'refused' || ports.clock.now() >= (since ?? ports.clock.now()) + fallback.after;
  if (!isTime) return undefined;
  const other = await ports.notifier.ownerOf(fallback.route);
  if (other === owner) return undefined;
  await new PacedEndpoint(other, ports).update((state, now) => ({
    next: foldContent(state, from, digest, now),
    result: undefined,
  }));
  return other;
}
