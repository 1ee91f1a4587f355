import { describe, expect, it } from '@jest/globals';
import { webhookSource } from '../../../functions/adapters/webhookSource.js';
import { MINUTE } from '../../helpers/alerts.js';

const signal = new AbortController().signal;

describe('webhookSource on a laptop', () => {
  it.each<[string, Record<string, string>, string, string, string, string]>([
    ['one URL for all routes', { SLACK_WEBHOOK_URL: 'http://a' }, 'oncall', 'http://a', 'SLACK_WEBHOOK_URL', 'default'],
    [
      "a route's own",
      { SLACK_WEBHOOK_URLS: '{"oncall":"http://o","default":"http://d"}' },
      'oncall',
      'http://o',
      'SLACK_WEBHOOK_URLS.oncall',
      'oncall',
    ],
    [
      'the default for a route without',
      { SLACK_WEBHOOK_URLS: '{"oncall":"http://o","default":"http://d"}' },
      'team',
      'http://d',
      'SLACK_WEBHOOK_URLS.default',
      'default',
    ],
    [
      'a path of the inbox for each route',
      { SLACK_WEBHOOK_URL: 'http://i/slack', SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'oncall',
      'http://i/slack/oncall',
      'SLACK_WEBHOOK_BASE',
      'oncall',
    ],
    [
      'the inbox itself for the default',
      { SLACK_WEBHOOK_URL: 'http://i/slack', SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'default',
      'http://i/slack',
      'SLACK_WEBHOOK_URL',
      'default',
    ],
    [
      'a base alone',
      { SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'default',
      'http://i/slack/default',
      'SLACK_WEBHOOK_BASE',
      'default',
    ],
  ])('takes %s', async (_name, env, route, url, name, owner) => {
    const source = webhookSource(env);
    expect(await source.webhook(route, signal)).toEqual({ route: owner, name, url });
    expect(await source.reread(route, signal)).toEqual({ route: owner, name, url });
  });

  it('says which route has none', async () => {
    const source = webhookSource({ SLACK_WEBHOOK_URLS: '{"oncall":"http://o"}' });
    await expect(source.webhook('team', signal)).rejects.toThrow('SLACK_WEBHOOK_URLS has no webhook for route team');
  });

  it.each(['["http://secret"]', '{"a":{"b":"http://secret"}}', 'http://secret', 'null'])(
    'refuses %s without showing it',
    (urls) => {
      const made = () => webhookSource({ SLACK_WEBHOOK_URLS: urls });
      expect(made).toThrow('SLACK_WEBHOOK_URLS is not a JSON object of URLs by route');
      expect(made).not.toThrow('secret');
    },
  );

  it('asks for one of them', () => {
    expect(() => webhookSource({})).toThrow('set SLACK_WEBHOOK_PREFIX');
  });
});

describe('webhookSource in AWS', () => {
  function parameters(values: Record<string, string>) {
    const reads: string[] = [];
    const state = { now: 0, down: false };
    const read = async (name: string) => {
      reads.push(name);
      if (state.down) throw new Error('SSM is down');
      return values[name];
    };
    const source = webhookSource({ SLACK_WEBHOOK_PREFIX: '/f/prod/slack/' }, read, () => state.now);
    return { reads, source, state };
  }

  it('reads the parameter of the route, once in five minutes or when told to', async () => {
    const values = { '/f/prod/slack/oncall': ' https://1\n' };
    const { reads, source, state } = parameters(values);
    const expected = { route: 'oncall', name: 'SSM parameter /f/prod/slack/oncall', url: 'https://1' };
    expect([await source.webhook('oncall', signal), await source.webhook('oncall', signal)]).toEqual([
      expected,
      expected,
    ]);
    expect(reads).toHaveLength(1);
    values['/f/prod/slack/oncall'] = 'https://2';
    state.now = 5 * MINUTE - 1;
    expect(await source.webhook('oncall', signal)).toEqual(expected);
    state.now = 5 * MINUTE;
    expect((await source.webhook('oncall', signal)).url).toBe('https://2');
    values['/f/prod/slack/oncall'] = 'https://3';
    expect((await source.reread('oncall', signal)).url).toBe('https://3');
    expect((await source.webhook('oncall', signal)).url).toBe('https://3');
  });

  it('takes the default for a route that has none, and remembers that', async () => {
    const values: Record<string, string> = { '/f/prod/slack/default': 'https://d' };
    const { reads, source, state } = parameters(values);
    const expected = {
      route: 'default',
      name: 'SSM parameter /f/prod/slack/default',
      url: 'https://d',
    };
    expect([await source.webhook('team', signal), await source.webhook('team', signal)]).toEqual([expected, expected]);
    expect(reads).toEqual(['/f/prod/slack/team', '/f/prod/slack/default']);
    values['/f/prod/slack/team'] = 'https://t';
    state.now = 5 * MINUTE;
    expect((await source.webhook('team', signal)).url).toBe('https://t');
  });

  it('says when there is neither', async () => {
    const { source } = parameters({});
    await expect(source.webhook('team', signal)).rejects.toThrow(
      "there is no SSM parameter /f/prod/slack/team nor /f/prod/slack/default; store a webhook's URL in one of them",
    );
  });

  it('goes on with the webhook that worked while SSM is down, and does not ask each time', async () => {
    const { reads, source, state } = parameters({ '/f/prod/slack/oncall': 'https://1' });
    await source.webhook('oncall', signal);
    Object.assign(state, { now: 60 * MINUTE, down: true });
    for (let post = 0; post < 3; post++) expect((await source.webhook('oncall', signal)).url).toBe('https://1');
    expect(reads).toHaveLength(2);
    await expect(source.reread('oncall', signal)).rejects.toThrow('SSM is down');
    await expect(source.webhook('team', signal)).rejects.toThrow('SSM is down');
  });

  it('gives up reading when the post has no time left', async () => {
    const signals: AbortSignal[] = [];
    const read = async (_name: string, given: AbortSignal) => void signals.push(given);
    const source = webhookSource({ SLACK_WEBHOOK_PREFIX: '/' }, read);
    await expect(source.webhook('oncall', AbortSignal.abort())).rejects.toThrow('there is no SSM parameter');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
