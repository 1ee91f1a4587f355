import { signToken } from '../../shared/alerts/links/token.js';
import type { AlertId, Notifier, Post } from '../../shared/alerts/ports.js';
import { silenceLinks } from '../../shared/bounds.js';
import { slack } from '../../shared/limits.js';
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
    if (!isLinkable(post)) return post;
    const [secret] = await keys('cached');
    if (secret === undefined) return post;
    const withLink = <T extends AlertId>(alert: T) => ({ ...alert, silenceUrl: linkOf(alert, secret) });
    if (post.kind === 'alert') return { ...post, alert: withLink(post.alert) };
    const members = post.digest.members?.map((each) => (each.over ? each : withLink(each)));
    return { ...post, digest: { ...post.digest, ...(members ? { members } : {}) } };
  }

  function linkOf({ rule, key }: AlertId, secret: string): string | undefined {
    const link = `${url}${signToken({ rule, key, expires: now() + silenceLinks.life }, secret)}`;
    return link.length <= slack.maxButtonUrl ? link : undefined;
  }

  return { ...notifier, post: async (post) => notifier.post(await linked(post)) };
}

/** It names alerts that fire. */
function isLinkable(post: Post): boolean {
  if (post.kind === 'alert') return post.alert.notice.kind === 'firing';
  return post.digest.members?.some(({ over }) => !over) ?? false;
}
