import { describe, expect, it } from '@jest/globals';
import type { FetchFunction } from '@slack/webhook';
import fc from 'fast-check';
import { slackDestination } from '../../../../../functions/adapters/destinations/slack/slack.js';
import type { DestinationAnswer } from '../../../../../shared/alerts/destination.js';
import type { Post } from '../../../../../shared/alerts/ports.js';
import { slack } from '../../../../../shared/limits.js';
import type { Rule } from '../../../../../shared/rules/language/rule.js';
import { aRule } from '../../../../helpers/alerts.js';
import { aDigestPost, anAlertPost, endpointsAt } from '../../../../helpers/posts.js';
import { startWebServer } from '../../../../helpers/webServer.js';

const secret = 'T000/B000/verysecret';
const url = `https://hooks.slack.com/services/${secret}`;

type Answer = [status: number, body: string, headers?: Record<string, string>] | Error;

/** Slack, giving these answers one after the other. */
function slackAnswering(...answers: Answer[]) {
  const posts: { url: string; body: { text: string } }[] = [];
  const fetch: FetchFunction = async (input, init) => {
    posts.push({ url: String(input), body: JSON.parse(String(init?.body)) });
    const answer = answers.shift() ?? [200, 'ok'];
    if (answer instanceof Error) throw answer;
    const [status, body, headers = {}] = answer;
    return new Response(body, { status, headers });
  };
  return { posts, fetch };
}

function postTo(
  at: string,
  fetch?: FetchFunction,
  post: Post = anAlertPost(),
  rules: readonly Rule[] = [],
): Promise<DestinationAnswer> {
  const endpoint = { owner: 'oncall', name: 'the test', url: at };
  return slackDestination(endpointsAt(), rules, fetch).post(endpoint, post, AbortSignal.timeout(10_000));
}

describe('slackDestination', () => {
  it('posts an alert once, as a Slack message', async () => {
    const { posts, fetch } = slackAnswering();
    expect(await postTo(url, fetch)).toEqual({ result: 'sent' });
    expect(posts).toEqual([
      { url, body: expect.objectContaining({ text: '🟠 Something is wrong in pay (warning, 1 line)' }) },
    ]);
  });

  it('posts a digest with the severity of its rules', async () => {
    const { posts, fetch } = slackAnswering();
    expect(await postTo(url, fetch, aDigestPost(), [aRule({ severity: 'critical' })])).toEqual({ result: 'sent' });
    expect(posts[0]?.body.text).toBe('🔴 12 alerts, 1 rule, 4,310 lines (a-rule)');
  });

  it.each<[string, Record<string, string>, number]>([
    ['30', { 'retry-after': '30' }, 30_000],
    ['0.05, which is less than the pace', { 'retry-after': '0.05' }, slack.minInterval],
    [
      'a date 10 s after the Date header',
      { 'retry-after': 'Sun, 22 Nov 2026 16:03:10 GMT', date: 'Sun, 22 Nov 2026 16:03:00 GMT' },
      10_000,
    ],
    ['a date in the past', { 'retry-after': 'Sun, 22 Nov 2020 16:03:10 GMT' }, slack.minInterval],
    ['no Retry-After', {}, slack.minInterval],
    ['"soon"', { 'retry-after': 'soon' }, slack.minInterval],
    ['86400, of which an hour counts', { 'retry-after': '86400' }, 3_600_000],
  ])('is throttled by a 429 with %s', async (_name, headers, retryAfter) => {
    const { posts, fetch } = slackAnswering([429, 'rate_limited', headers]);
    expect(await postTo(url, fetch)).toEqual({ result: 'throttled', retryAfter });
    expect(posts).toHaveLength(1);
  });

  it.each<[string, Answer, string, string]>([
    ['500', [500, 'rollup_error'], 'unavailable', 'Slack answered 500 rollup_error'],
    ['400', [400, 'invalid_blocks'], 'refused', 'Slack answered 400 invalid_blocks'],
    ['404, a webhook that is gone', [404, 'no_service'], 'gone', 'Slack answered 404 no_service'],
    ['403, a webhook that may not post', [403, 'action_prohibited'], 'gone', 'Slack answered 403 action_prohibited'],
    ['410, an archived channel', [410, 'channel_is_archived'], 'gone', 'Slack answered 410 channel_is_archived'],
    [
      'a broken connection',
      new TypeError('fetch failed', { cause: new Error('ECONNRESET') }),
      'unavailable',
      'fetch failed (ECONNRESET)',
    ],
    [
      'an error that names the webhook',
      new TypeError(`Failed to parse URL from ${url}`),
      'unavailable',
      'Failed to parse URL from <webhook>',
    ],
    [
      'an answer that names the webhook',
      [502, `no route to /services/${secret}`],
      'unavailable',
      'no route to /<webhook>',
    ],
    ['an answer that names the secret part', [400, 'bad token verysecret'], 'refused', 'bad token <webhook>'],
  ])('reports %s without the secret', async (_name, answer, result, reason) => {
    const posted = await postTo(url, slackAnswering(answer).fetch);
    expect(posted).toEqual({ result, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(posted)).not.toContain('verysecret');
  });

  it('never shows the secret, wherever an answer is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 250 }), fc.constantFrom(400, 404, 500), async (length, status) => {
        const { fetch } = slackAnswering([status, `${'x'.repeat(length)} ${url} ${secret}`]);
        expect(JSON.stringify(await postTo(url, fetch))).not.toContain('verysec');
      }),
    );
  });

  it.each(['<html>Log in to the proxy</html>', '', 'no_text', '{"ok":true}', `ok ${url}`])(
    'takes a 200 with %j for no success',
    async (body) => {
      const { posts, fetch } = slackAnswering([200, body]);
      const posted = await postTo(url, fetch);
      expect(posted).toEqual({ result: 'refused', reason: expect.stringContaining('not Slack\'s "ok"; put the URL') });
      expect(JSON.stringify(posted)).not.toContain('verysecret');
      expect(posts).toHaveLength(1);
    },
  );

  it.each(['hooks.slack.com/services/verysecret', 'ftp://verysecret', 'https://'])(
    'refuses to post to %s',
    async (value) => {
      const { posts, fetch } = slackAnswering();
      expect(await postTo(value, fetch)).toEqual({
        result: 'refused',
        reason: 'the value of the test is not a URL; put a working webhook URL into the test',
      });
      expect(posts).toEqual([]);
    },
  );

  it('is unavailable to a connection that is reset, and to one that nobody answers', async () => {
    const server = await startWebServer((request) => request.socket.destroy());
    const reset = await postTo(`${server.url}/services/${secret}`);
    await server.stop();
    const refused = await postTo(`${server.url}/services/${secret}`);
    for (const posted of [reset, refused]) {
      expect(posted).toEqual({ result: 'unavailable', reason: expect.stringContaining('Slack was not reached: ') });
      expect(JSON.stringify(posted)).not.toContain('verysecret');
    }
  });

  it('follows no redirect: the message is for Slack alone', async () => {
    const paths: string[] = [];
    const server = await startWebServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const posted = await postTo(`${server.url}/services/${secret}`);
    await server.stop();
    expect(posted).toMatchObject({ result: 'unavailable' });
    expect(paths).toEqual([`/services/${secret}`]);
  });
});
