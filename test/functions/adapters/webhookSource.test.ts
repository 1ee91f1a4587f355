import { describe, expect, it } from '@jest/globals';
import { webhookSource } from '../../../functions/adapters/webhookSource.js';
import { MINUTE } from '../../helpers/alerts.js';

describe('webhookSource on a laptop', () => {
  it.each<[string, Record<string, string>, string, string, string]>([
    ['one URL for all routes', { SLACK_WEBHOOK_URL: 'http://a' }, 'oncall', 'http://a', 'SLACK_WEBHOOK_URL'],
    [
      "a route's own",
      { SLACK_WEBHOOK_URLS: '{"oncall":"http://o","default":"http://d"}' },
      'oncall',
      'http://o',
      'SLACK_WEBHOOK_URLS.oncall',
    ],
    [
      'the default for a route without',
      { SLACK_WEBHOOK_URLS: '{"oncall":"http://o","default":"http://d"}' },
      'team',
      'http://d',
      'SLACK_WEBHOOK_URLS.default',
    ],
    [
      'a path of the inbox for each route',
      { SLACK_WEBHOOK_URL: 'http://i/slack', SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'oncall',
      'http://i/slack/oncall',
      'SLACK_WEBHOOK_BASE',
    ],
    [
      'the inbox itself for the default',
      { SLACK_WEBHOOK_URL: 'http://i/slack', SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'default',
      'http://i/slack',
      'SLACK_WEBHOOK_URL',
    ],
    [
      'a base alone',
      { SLACK_WEBHOOK_BASE: 'http://i/slack/' },
      'default',
      'http://i/slack/default',
      'SLACK_WEBHOOK_BASE',
    ],
  ])('takes %s', async (_name, env, route, url, name) => {
    const source = webhookSource(env);
    expect(await source.webhook(route)).toEqual({ name, url });
    expect(await source.reread(route)).toEqual({ name, url });
  });

  it('says which route has none', async () => {
    const source = webhookSource({ SLACK_WEBHOOK_URLS: '{"oncall":"http://o"}' });
    await expect(source.webhook('team')).rejects.toThrow('SLACK_WEBHOOK_URLS has no webhook for route team');
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
    const expected = { name: 'SSM parameter /f/prod/slack/oncall', url: 'https://1' };
    expect([await source.webhook('oncall'), await source.webhook('oncall')]).toEqual([expected, expected]);
    expect(reads).toHaveLength(1);
    values['/f/prod/slack/oncall'] = 'https://2';
    state.now = 5 * MINUTE - 1;
    expect(await source.webhook('oncall')).toEqual(expected);
    state.now = 5 * MINUTE;
    expect((await source.webhook('oncall')).url).toBe('https://2');
    values['/f/prod/slack/oncall'] = 'https://3';
    expect((await source.reread('oncall')).url).toBe('https://3');
    expect((await source.webhook('oncall')).url).toBe('https://3');
  });

  it('takes the default for a route that has none, and remembers that', async () => {
    const values: Record<string, string> = { '/f/prod/slack/default': 'https://d' };
    const { reads, source, state } = parameters(values);
    const expected = { name: 'SSM parameter /f/prod/slack/default', url: 'https://d' };
    expect([await source.webhook('team'), await source.webhook('team')]).toEqual([expected, expected]);
    expect(reads).toEqual(['/f/prod/slack/team', '/f/prod/slack/default']);
    values['/f/prod/slack/team'] = 'https://t';
    state.now = 5 * MINUTE;
    expect((await source.webhook('team')).url).toBe('https://t');
  });

  it('says when there is neither', async () => {
    const { source } = parameters({});
    await expect(source.webhook('team')).rejects.toThrow(
      "there is no SSM parameter /f/prod/slack/team nor /f/prod/slack/default; store a webhook's URL in one of them",
    );
  });

  it('goes on with the webhook that worked while SSM is down', async () => {
    const { source, state } = parameters({ '/f/prod/slack/oncall': 'https://1' });
    await source.webhook('oncall');
    Object.assign(state, { now: 60 * MINUTE, down: true });
    expect((await source.webhook('oncall')).url).toBe('https://1');
    await expect(source.reread('oncall')).rejects.toThrow('SSM is down');
    await expect(source.webhook('team')).rejects.toThrow('SSM is down');
  });
});
