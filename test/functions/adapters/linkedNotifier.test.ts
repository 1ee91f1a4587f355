import { describe, expect, it } from '@jest/globals';
import { linkedNotifier } from '../../../functions/adapters/linkedNotifier.js';
import { readToken } from '../../../shared/alerts/links/token.js';
import type { Notifier, Post } from '../../../shared/alerts/ports.js';
import { silenceLinks } from '../../../shared/bounds.js';
import { T0 } from '../../helpers/alerts.js';
import { aDigestPost, anAlertPost } from '../../helpers/posts.js';

const [secret, other] = ['1'.repeat(64), '2'.repeat(64)];
const url = 'https://abc.lambda-url.eu-central-1.on.aws/';

/** What is posted in the end. */
async function posted(post: Post, keys: readonly string[] = [secret, other], at: string | undefined = url) {
  const posts: Post[] = [];
  const notifier: Notifier = {
    post: async (each) => {
      posts.push(each);
      return { result: 'sent' };
    },
    ownerOf: async (route) => `owner of ${route}`,
  };
  const linked = linkedNotifier(
    notifier,
    at,
    async () => keys,
    () => T0,
  );
  expect(await linked.post(post)).toEqual({ result: 'sent' });
  expect(await linked.ownerOf('team')).toBe('owner of team');
  return posts[0];
}

describe('linkedNotifier', () => {
  it('gives each alert the link of its own, signed with the first key', async () => {
    const post = anAlertPost();
    const sent = await posted(post);
    if (sent?.kind !== 'alert' || post.kind !== 'alert') throw new Error('no alert');
    const { silenceUrl = '', ...alert } = sent.alert;
    expect({ ...sent, alert }).toEqual(post);
    expect(silenceUrl.startsWith(url)).toBe(true);
    const { rule, key } = post.alert;
    expect(readToken(silenceUrl.slice(url.length), [secret], T0)).toEqual({
      result: 'valid',
      alert: { rule, key, expires: T0 + silenceLinks.life },
    });
  });

  it('gives each alert of a group that fires its own', async () => {
    const member = { severity: 'critical', title: 'x', lines: 1, first: T0, last: T0 } as const;
    const members = [
      { rule: 'a-rule', key: 'pay', ...member },
      { rule: 'a-rule', key: 'cart', ...member, over: true },
    ] as const;
    const sent = await posted(aDigestPost({ members }));
    const [first, second] = (sent?.kind === 'digest' && sent.digest.members) || [];
    expect(readToken((first?.silenceUrl ?? '').slice(url.length), [secret], T0)).toMatchObject({
      ...{ result: 'valid', alert: { rule: 'a-rule', key: 'pay' } },
    });
    expect(second).toEqual(members[1]);
  });

  it.each<[string, Post, readonly string[], string | undefined]>([
    ['what is over', anAlertPost({}, { kind: 'resolved' }), [secret], url],
    ['a digest', aDigestPost(), [secret], url],
    ['anything while there is no key', anAlertPost(), [], url],
    ['anything while there is no page', anAlertPost(), [secret], ''],
    ['a key too long for a button', anAlertPost({ key: '\u0001'.repeat(400) }), [secret], url],
  ])('gives none to %s', async (_, post, keys, at) => {
    expect(JSON.stringify(await posted(post, keys, at))).toBe(JSON.stringify(post));
  });
});
