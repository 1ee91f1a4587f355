import { describe, expect, it } from '@jest/globals';
import type { Notifier, Post, PostResult } from '../../../shared/alerts/ports.js';
import { isRouteTest, testRoute } from '../../../shared/alerts/routeTest.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';

const now = Date.UTC(2026, 10, 30, 12);
const clock = { now: () => now, sleepUntil: async () => undefined };

function test(route: string, results: readonly PostResult[], config = {}) {
  const posts: Post[] = [];
  const notifier: Notifier = {
    post: async (post) => {
      posts.push(post);
      return results[posts.length - 1] ?? { result: 'sent' };
    },
    ownerOf: async (asked) => (asked === 'own' ? asked : 'default'),
  };
  return { posts, answer: testRoute({ testRoute: route, run: '0123' }, { notifier, clock }, config) };
}

describe('the test of a route', () => {
  it('is asked for by an event of its own', () => {
    expect(isRouteTest({ testRoute: 'team' })).toBe(true);
    for (const other of [{ Records: [] }, { testRoute: 1 }, null, 'testRoute']) expect(isRouteTest(other)).toBe(false);
  });

  it('is one message that nobody takes for an alert, by the endpoint that alerts would take', async () => {
    const { posts, answer } = test('team', []);
    expect(await answer).toEqual({ result: 'sent', route: 'team', owner: 'default' });
    expect(posts).toMatchObject([{ kind: 'alert', route: 'default', alert: { notice: { kind: 'firing' } } }]);
    const [post] = posts;
    if (post?.kind !== 'alert') throw new Error('no alert');
    const message = alertMessage(post.alert);
    expect(message.text).toBe('🔵 Test of route team (info, 1 line)');
    const text = JSON.stringify(message.blocks);
    expect(text).toContain('Nothing is wrong.');
    expect(text).toContain('test of route team, 0123');
    expect(text).not.toContain('Athena');
  });

  it('says why nobody was told', async () => {
    const { posts, answer } = test('own', [{ result: 'refused', reason: 'Slack answered 403' }]);
    expect(await answer).toEqual({ result: 'refused', reason: 'Slack answered 403', route: 'own', owner: 'own' });
    expect(posts).toHaveLength(1);
  });

  it('leaves no incident open', async () => {
    const config = { routes: { own: { pagerduty: { key_parameter: 'key' } } } };
    const { posts, answer } = test('own', [], config);
    expect(await answer).toMatchObject({ result: 'sent' });
    expect(posts).toMatchObject([
      { alert: { notice: { kind: 'firing' } } },
      { alert: { notice: { kind: 'resolved' } } },
    ]);
    const failed = test('own', [{ result: 'sent' }, { result: 'unavailable', reason: 'down' }], config);
    expect(await failed.answer).toMatchObject({ result: 'unavailable', reason: 'down' });
  });
});
