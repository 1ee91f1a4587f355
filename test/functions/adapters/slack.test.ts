import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { FetchFunction } from '@slack/webhook';
import fc from 'fast-check';
import { slackNotifier } from '../../../functions/adapters/slack.js';
import type { WebhookSource } from '../../../functions/adapters/webhookSource.js';
import type { Alert, Post } from '../../../shared/alerts/ports.js';
import { slack } from '../../../shared/limits.js';
import { aRule, aSignal, T0 } from '../../helpers/alerts.js';

const secret = 'T000/B000/verysecret';
const url = `https://hooks.slack.com/services/${secret}`;
const { labels, count, first, last, samples } = aSignal({});
const alert: Alert = {
  rule: 'a-rule',
  key: 'pay',
  settings: aRule({}),
  notice: {
    kind: 'firing',
    number: 1,
    suppressed: 0,
    measured: { type: 'match' },
    labels,
    count,
    first,
    last,
    samples,
  },
};
const post: Post = { kind: 'alert', route: 'oncall', alert };

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

/** A webhook that is the first of these, and the next one whenever it is read again. */
function webhooks(...urls: string[]): WebhookSource & { reads: string[] } {
  const reads: string[] = [];
  let at = 0;
  const current = (route: string) => {
    reads.push(route);
    return { route: 'default', name: 'the test', url: urls[Math.min(at, urls.length - 1)] ?? url };
  };
  return {
    reads,
    webhook: async (route) => current(route),
    reread: async (route) => {
      at++;
      return current(route);
    },
  };
}

const gone = 'Slack answered 404 no_service; put a working webhook URL into the test';

describe('slackNotifier', () => {
  it('posts the message of an alert to the webhook of its route, once', async () => {
    const { posts, fetch } = slackAnswering();
    const source = webhooks(url);
    expect(await slackNotifier(source, [], fetch).post(post)).toEqual({ result: 'sent' });
    expect(source.reads).toEqual(['oncall']);
    expect(posts).toEqual([
      { url, body: expect.objectContaining({ text: '🟠 Something is wrong in pay (warning, 1 line)' }) },
    ]);
  });

  it('posts the message of a digest, with what it knows of the rules', async () => {
    const { posts, fetch } = slackAnswering();
    const digest = {
      number: 1,
      alerts: 12,
      lines: 4310,
      first: T0,
      last: T0,
      rules: [{ rule: 'a-rule', alerts: 12, lines: 4310, keys: [] }],
    };
    const notifier = slackNotifier(webhooks(url), [aRule({ severity: 'critical' })], fetch);
    expect(await notifier.post({ kind: 'digest', route: 'oncall', digest })).toEqual({ result: 'sent' });
    expect(posts[0]?.body.text).toBe('🔴 12 alerts, 1 rule, 4,310 lines (a-rule)');
  });

  it.each<[string, Record<string, string>, number]>([
    ['seconds', { 'retry-after': '30' }, 30_000],
    ['a part of a second, but no less than the pace', { 'retry-after': '0.05' }, slack.minInterval],
    [
      'a date, by the clock of who says it',
      { 'retry-after': 'Sun, 22 Nov 2026 16:03:10 GMT', date: 'Sun, 22 Nov 2026 16:03:00 GMT' },
      10_000,
    ],
    ['a date that is over', { 'retry-after': 'Sun, 22 Nov 2020 16:03:10 GMT' }, slack.minInterval],
    ['nothing', {}, slack.minInterval],
    ['nonsense', { 'retry-after': 'soon' }, slack.minInterval],
    ['a day, of which it believes an hour', { 'retry-after': '86400' }, 3_600_000],
  ])('passes on how long Slack asks to wait: %s', async (_name, headers, retryAfter) => {
    const { posts, fetch } = slackAnswering([429, 'rate_limited', headers]);
    expect(await slackNotifier(webhooks(url), [], fetch).post(post)).toEqual({ result: 'throttled', retryAfter });
    expect(posts).toHaveLength(1);
  });

  it.each<[string, Answer, string, string]>([
    ['a server error', [500, 'rollup_error'], 'unavailable', 'Slack answered 500 rollup_error'],
    ['a refused message', [400, 'invalid_blocks'], 'refused', 'Slack answered 400 invalid_blocks'],
    ['a webhook that is gone', [404, 'no_service'], 'refused', gone],
    ['a webhook that may not post', [403, 'action_prohibited'], 'refused', 'Slack answered 403 action_prohibited; put'],
    ['an archived channel', [410, 'channel_is_archived'], 'refused', 'Slack answered 410 channel_is_archived; put'],
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
    ['an answer that names what is secret of it', [400, 'bad token verysecret'], 'refused', 'bad token <webhook>'],
  ])('tells %s apart, without the secret', async (_name, answer, result, reason) => {
    const posted = await slackNotifier(webhooks(url), [], slackAnswering(answer).fetch).post(post);
    expect(posted).toEqual({ result, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(posted)).not.toContain('verysecret');
  });

  it('never shows the secret, wherever an answer is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 250 }), fc.constantFrom(400, 404, 500), async (length, status) => {
        const { fetch } = slackAnswering([status, `${'x'.repeat(length)} ${url} ${secret}`]);
        expect(JSON.stringify(await slackNotifier(webhooks(url), [], fetch).post(post))).not.toContain('verysec');
      }),
    );
  });

  const successor = 'https://hooks.slack.com/services/T000/B111/another';

  it('posts to the successor of a webhook that is gone', async () => {
    const { posts, fetch } = slackAnswering([404, 'no_service']);
    expect(await slackNotifier(webhooks(url, successor), [], fetch).post(post)).toEqual({ result: 'sent' });
    expect(posts.map((each) => each.url)).toEqual([url, successor]);
  });

  it('reads a webhook again once, not for ever', async () => {
    const { posts, fetch } = slackAnswering([404, 'no_service'], [404, 'no_service'], [200, 'ok']);
    const source = webhooks(url, successor, `${successor}s`);
    expect(await slackNotifier(source, [], fetch).post(post)).toEqual({ result: 'refused', reason: gone });
    expect(posts).toHaveLength(2);
  });

  it('gives the webhook and all attempts one and the same time', async () => {
    const signals: unknown[] = [];
    const source = webhooks(url, successor);
    const watch = (look: WebhookSource['webhook']): WebhookSource['webhook'] => {
      return (route, signal) => {
        signals.push(signal);
        return look(route, signal);
      };
    };
    const watched: WebhookSource = { webhook: watch(source.webhook), reread: watch(source.reread) };
    const fetch: FetchFunction = async (_input, init) => {
      signals.push(init?.signal);
      return new Response('no_service', { status: 404 });
    };
    await slackNotifier(watched, [], fetch).post(post);
    expect(signals).toHaveLength(4);
    expect(signals[0]).toBeInstanceOf(AbortSignal);
    expect(new Set(signals).size).toBe(1);
  });

  it('tries again later when the webhook can not be read', async () => {
    const broken: WebhookSource = { ...webhooks(url), webhook: () => Promise.reject(new Error('ThrottlingException')) };
    expect(await slackNotifier(broken, [], slackAnswering().fetch).post(post)).toEqual({
      result: 'unavailable',
      reason: "route oncall can't be posted to: ThrottlingException",
    });
  });

  it.each(['hooks.slack.com/services/verysecret', 'ftp://verysecret', 'https://'])(
    'refuses to post to %s',
    async (value) => {
      const { posts, fetch } = slackAnswering();
      expect(await slackNotifier(webhooks(value), [], fetch).post(post)).toEqual({
        result: 'refused',
        reason: 'the value of the test is not a URL; put a working webhook URL into the test',
      });
      expect(posts).toEqual([]);
    },
  );
});

describe('webhookOf', () => {
  it('names the route whose webhook it is', async () => {
    expect(await slackNotifier(webhooks(url), []).webhookOf('oncall')).toBe('default');
  });

  it('names the route itself when the webhook can not be read', async () => {
    const broken: WebhookSource = { ...webhooks(url), webhook: () => Promise.reject(new Error('down')) };
    expect(await slackNotifier(broken, []).webhookOf('oncall')).toBe('oncall');
  });
});

describe('slackNotifier over HTTP', () => {
  async function listening(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T000/B000/verysecret`;
  }

  it('reports a connection that is reset, and one that nobody answers', async () => {
    const server = createServer((request) => request.socket.destroy());
    const notifier = slackNotifier(webhooks(await listening(server)), []);
    const reset = await notifier.post(post);
    server.close();
    await once(server, 'close');
    const refused = await notifier.post(post);
    for (const posted of [reset, refused]) {
      expect(posted).toEqual({ result: 'unavailable', reason: expect.stringContaining('Slack was not reached: ') });
      expect(JSON.stringify(posted)).not.toContain('verysecret');
    }
  });

  it('follows no redirect: the message is for Slack alone', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const posted = await slackNotifier(webhooks(await listening(server)), []).post(post);
    server.close();
    server.closeAllConnections();
    expect(posted).toMatchObject({ result: 'unavailable' });
    expect(paths).toEqual(['/services/T000/B000/verysecret']);
  });
});
