import { signToken } from '../../shared/alerts/links/token.js';
import type { Alert, Notifier, Post } from '../../shared/alerts/ports.js';
import { silenceLinks, slack } from '../../shared/limits.js';
import type { LinkKeys } from './linkKeys.js';

/**
 * A notifier whose messages carry the link that silences their alert. A message without one is better than none: while there
 * is no key, or for a key too long for a button, it goes as it is.
 *
 * @param url of the page of links, which a token is put after; undefined or empty while there is none.
 */
export function linkedNotifier(
  notifier: Notifier,
  url: string | undefined,
  keys: LinkKeys,
  now: () => number = Date.now,
): Notifier {
  if (!url) return notifier;

  async function linked(post: Post): Promise<Post> {
    if (post.kind !== 'alert' || post.alert.notice.kind === 'resolved') return post;
    const [secret] = await keys('cached');
    return secret === undefined ? post : { ...post, alert: { ...post.alert, silenceUrl: linkOf(post.alert, secret) } };
  }

  function linkOf({ rule, key }: Alert, secret: string): string | undefined {
    const link = `${url}${signToken({ rule, key, expires: now() + silenceLinks.life }, secret)}`;
    return link.length <= slack.maxButtonUrl ? link : undefined;
  }

  return { ...notifier, post: async (post) => notifier.post(await linked(post)) };
}
