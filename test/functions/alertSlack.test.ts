import { describe, expect, it } from '@jest/globals';
import type { FetchFunction } from '@slack/webhook';
import { slackChannel } from '../../functions/adapters/slack.js';
import { type WebhookSource, webhookSource } from '../../functions/adapters/webhookSource.js';
import type { Alert } from '../../shared/alerts/ports.js';
import { tallyOf } from '../../shared/alerts/tally.js';
import { aRule, aSignal, MINUTE } from '../helpers/alerts.js';

const secret = 'T000/B000/verysecret';
const url = `https://hooks.slack.com/services/${secret}`;
const alert: Alert = {
  rule: 'a-rule',
  key: 'pay',
  settings: aRule({}),
  notice: { ...tallyOf([aSignal({})]), number: 1, suppressed: 0 },
};

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

const fixed: WebhookSource = { name: 'the test', url: async () => url, reread: async () => url };
const soon = () => Date.now() + MINUTE;

describe('slackChannel', () => {
  it('posts the message of the alert', async () => {
    const { posts, fetch } = slackAnswering();
    expect(await slackChannel(fixed, fetch).notifierUntil(soon()).post(alert)).toEqual({ result: 'sent' });
    expect(posts).toEqual([
      { url, body: expect.objectContaining({ text: '🟠 Something is wrong in pay (warning, 1 line)' }) },
    ]);
  });

  it('waits as long as Slack asks, and then posts', async () => {
    const { posts, fetch } = slackAnswering([429, 'rate_limited', { 'retry-after': '0.05' }]);
    const started = performance.now();
    expect(await slackChannel(fixed, fetch).notifierUntil(soon()).post(alert)).toEqual({ result: 'sent' });
    expect(performance.now() - started).toBeGreaterThan(45);
    expect(posts).toHaveLength(2);
  });

  it('gives up when the pause is longer than the time left, and does not try before it is over', async () => {
    const { posts, fetch } = slackAnswering([429, 'rate_limited', { 'retry-after': '3600' }]);
    const channel = slackChannel(fixed, fetch);
    expect(await channel.notifierUntil(soon()).post(alert)).toMatchObject({ result: 'unavailable' });
    expect(await channel.notifierUntil(soon()).post(alert)).toMatchObject({ result: 'unavailable' });
    expect(posts).toHaveLength(1);
  });

  it.each<[string, Answer, string, string]>([
    ['a server error', [500, 'rollup_error'], 'unavailable', 'Slack answered 500 rollup_error'],
    ['a refused message', [400, 'invalid_blocks'], 'refused', 'Slack answered 400 invalid_blocks'],
    ['an archived channel', [410, 'channel_is_archived'], 'refused', 'Slack answered 410 channel_is_archived'],
    [
      'a webhook that is gone',
      [404, 'no_service'],
      'refused',
      'Slack answered 404 no_service; put a working webhook URL into the test',
    ],
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
  ])('tells %s apart, without the secret', async (_name, answer, result, reason) => {
    const { fetch } = slackAnswering(answer);
    const posted = await slackChannel(fixed, fetch).notifierUntil(soon()).post(alert);
    expect(posted).toEqual({ result, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(posted)).not.toContain('verysecret');
  });

  it('posts to the successor of a webhook that is gone', async () => {
    const { posts, fetch } = slackAnswering([404, 'no_service']);
    const rotated: WebhookSource = { ...fixed, reread: async () => 'https://hooks.slack.com/services/new' };
    expect(await slackChannel(rotated, fetch).notifierUntil(soon()).post(alert)).toEqual({ result: 'sent' });
    expect(posts.map((post) => post.url)).toEqual([url, 'https://hooks.slack.com/services/new']);
  });

  it('says when the webhook can not be read', async () => {
    const broken: WebhookSource = {
      ...fixed,
      name: 'SSM parameter /x',
      url: () => Promise.reject(new Error('ParameterNotFound')),
    };
    const posted = await slackChannel(broken, slackAnswering().fetch).notifierUntil(soon()).post(alert);
    expect(posted).toEqual({ result: 'unavailable', reason: "SSM parameter /x can't be read: ParameterNotFound" });
  });
});

describe('webhookSource', () => {
  it('takes the URL from the environment', async () => {
    expect(await webhookSource({ SLACK_WEBHOOK_URL: url }).url()).toBe(url);
  });

  it('reads the parameter once in five minutes, or when told to', async () => {
    let reads = 0;
    let now = 0;
    const read = async (name: string) => `${name}/${++reads}\n`;
    const source = webhookSource({ SLACK_WEBHOOK_PARAMETER: '/slack' }, read, () => now);
    expect([await source.url(), await source.url()]).toEqual(['/slack/1', '/slack/1']);
    now = 5 * MINUTE;
    expect(await source.url()).toBe('/slack/2');
    expect([await source.reread(), await source.url()]).toEqual(['/slack/3', '/slack/3']);
  });

  it('asks for one of the two', () => {
    expect(() => webhookSource({})).toThrow('set SLACK_WEBHOOK_PARAMETER');
  });
});
