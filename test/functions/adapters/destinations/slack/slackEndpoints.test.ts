import { describe, expect, it } from '@jest/globals';
import { slackEndpoints } from '../../../../../functions/adapters/destinations/slack/slackEndpoints.js';
import type { Parameters } from '../../../../../functions/adapters/parameters.js';

const signal = new AbortController().signal;
const noParameters: Parameters = { read: async () => undefined };

describe('slackEndpoints on a laptop', () => {
  const both = '{"oncall":"http://o","default":"http://d"}';

  it.each<[Record<string, string>, string, string | undefined, string | undefined]>([
    [{ SLACK_WEBHOOK_URL: 'http://a' }, 'oncall', undefined, undefined],
    [{ SLACK_WEBHOOK_URL: 'http://a' }, 'default', 'http://a', 'SLACK_WEBHOOK_URL'],
    [{ SLACK_WEBHOOK_URLS: both }, 'oncall', 'http://o', 'SLACK_WEBHOOK_URLS.oncall'],
    [{ SLACK_WEBHOOK_URLS: both }, 'default', 'http://d', 'SLACK_WEBHOOK_URLS.default'],
    [{ SLACK_WEBHOOK_URLS: both }, 'team', undefined, undefined],
    [
      { SLACK_WEBHOOK_URL: 'http://i', SLACK_WEBHOOK_BASE: 'http://i/' },
      'oncall',
      'http://i/oncall',
      'SLACK_WEBHOOK_BASE',
    ],
    [{ SLACK_WEBHOOK_URL: 'http://i', SLACK_WEBHOOK_BASE: 'http://i/' }, 'default', 'http://i', 'SLACK_WEBHOOK_URL'],
    [{ SLACK_WEBHOOK_BASE: 'http://i/' }, 'default', 'http://i/default', 'SLACK_WEBHOOK_BASE'],
  ])('%j has for route %s: %s', async (env, route, url, name) => {
    const endpoint = url === undefined ? undefined : { owner: route, name, url };
    expect(await slackEndpoints(env, noParameters).endpointOf(route, signal, 'cached')).toEqual(endpoint);
  });

  it('names SLACK_WEBHOOK_URLS.team as the place for route team', () => {
    expect(slackEndpoints({ SLACK_WEBHOOK_URLS: both }, noParameters).placeOf('team')).toBe('SLACK_WEBHOOK_URLS.team');
  });

  it.each(['["http://secret"]', '{"a":{"b":"http://secret"}}', 'http://secret', 'null'])(
    'refuses %s without showing it',
    (urls) => {
      const made = () => slackEndpoints({ SLACK_WEBHOOK_URLS: urls }, noParameters);
      expect(made).toThrow('SLACK_WEBHOOK_URLS is not a JSON object of texts, such as {"default":"https://…"}');
      expect(made).not.toThrow('secret');
    },
  );

  it('asks for SLACK_WEBHOOK_PREFIX when nothing is set', () => {
    expect(() => slackEndpoints({}, noParameters)).toThrow('set SLACK_WEBHOOK_PREFIX');
  });
});

describe('slackEndpoints in AWS', () => {
  it('reads the parameter that is named by the route, as fresh as it is asked to be', async () => {
    const reads: unknown[] = [];
    const parameters: Parameters = {
      async read(...asked) {
        reads.push(asked);
        return asked[0] === '/f/prod/slack/oncall' ? 'https://1' : undefined;
      },
    };
    const endpoints = slackEndpoints({ SLACK_WEBHOOK_PREFIX: '/f/prod/slack/' }, parameters);
    const name = 'SSM parameter /f/prod/slack/oncall';
    expect(await endpoints.endpointOf('oncall', signal, 'current')).toEqual({
      owner: 'oncall',
      name,
      url: 'https://1',
    });
    expect(await endpoints.endpointOf('team', signal, 'cached')).toBeUndefined();
    expect(reads).toEqual([
      ['/f/prod/slack/oncall', signal, 'current'],
      ['/f/prod/slack/team', signal, 'cached'],
    ]);
    expect(endpoints.placeOf('oncall')).toBe(name);
  });
});
