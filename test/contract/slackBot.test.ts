import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { slackBotDestination } from '../../functions/adapters/destinations/slackBot/slackBot.js';
import { slackBotEndpoints } from '../../functions/adapters/destinations/slackBot/slackBotEndpoints.js';
import { routeNotifier } from '../../functions/adapters/notifier.js';
import type { DigestGroup, Post, StateStore } from '../../shared/alerts/ports.js';
import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../shared/alerts/simulation/simulatedClock.js';
import { aRule, MINUTE, T0 } from '../helpers/alerts.js';
import { aDigestPost, anAlertPost, endpointsAt } from '../helpers/posts.js';
import { botToken, channelId, SlackChannel, serveChannel } from '../helpers/slackChannel.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

let channel: SlackChannel;
let server: WebServer;
let store: StateStore;
let clock: SimulatedClock;

beforeEach(async () => {
  channel = new SlackChannel();
  store = new MemoryStateStore();
  clock = new SimulatedClock(T0);
  server = await serveChannel(channel);
});
afterEach(() => server.stop());

const settings = aRule({ cooldown: 15 * MINUTE, resolveAfter: 20 * MINUTE });
const firing = (number: number, changes = {}): Post =>
  anAlertPost({ settings, ...changes }, { number, count: number, last: T0 + number });
const over = (number: number): Post => anAlertPost({ settings }, { kind: 'resolved', number, count: 0, samples: [] });

function post(what: Post, changes: { token?: string; channel?: string; url?: string } = {}) {
  const { token = botToken, url = `${server.url}/api/` } = changes;
  const headers = { authorization: `Bearer ${token}` };
  const endpoint = { owner: 'oncall', name: 'the test', url, headers, channel: changes.channel ?? channelId };
  const destination = slackBotDestination(endpointsAt({ url }), [settings], store, clock);
  return destination.post(endpoint, what, AbortSignal.timeout(5000));
}

const title = (rest: string) => expect.stringContaining(rest);

describe('a bot', () => {
  it('has one message for each key: updated in place, with repeats in its thread, and a reaction once it is over', async () => {
    expect(await post(firing(1))).toEqual({ result: 'sent' });
    clock.moveTo(T0 + 15 * MINUTE);
    expect(await post(firing(2))).toEqual({ result: 'sent' });
    clock.moveTo(T0 + 40 * MINUTE);
    expect(await post(over(3))).toEqual({ result: 'sent' });
    expect(channel.shown()).toEqual([
      {
        text: title('✅ Over: Something is wrong in pay'),
        replies: [title('🟠 Something is wrong in pay'), title('✅ Over')],
        reactions: ['white_check_mark'],
      },
    ]);
    // What it was can still be read.
    const [root] = channel.messages;
    expect(root?.versions).toHaveLength(3);
    expect(JSON.stringify(root?.versions.at(-1))).toContain('card declined');

    expect(await post(firing(4))).toEqual({ result: 'sent' });
    expect(channel.shown()).toHaveLength(2);
  });

  it('has another reaction once it fell silent, since nobody knows whether it is over', async () => {
    await post(firing(1));
    const ending = { as: 'silent', since: T0 } as const;
    await post(anAlertPost({ settings }, { kind: 'resolved', number: 2, count: 0, samples: [], ending }));
    expect(channel.shown()).toMatchObject([
      { text: title('🔇 Silent: Something is wrong in pay'), reactions: ['mute'] },
    ]);
  });

  it('has a message of its own for every other key', async () => {
    await post(firing(1));
    await post(firing(1, { key: 'cart' }));
    await post(firing(1, { rule: 'other' }));
    expect(channel.shown().map(({ replies }) => replies)).toEqual([[], [], []]);
  });

  it('begins another message for what comes long after', async () => {
    await post(firing(1));
    clock.moveTo(T0 + 41 * MINUTE);
    await post(firing(2));
    expect(channel.shown()).toHaveLength(2);
  });

  it('says nothing new when a message is repeated', async () => {
    await post(firing(1));
    await post(firing(1));
    expect(channel.shown()).toMatchObject([{ replies: [] }]);
  });

  it('has one message for a group, which begins with its first alert', async () => {
    const group = { key: '', began: T0 };
    await post({ ...firing(1), group: { ...group, known: false } } as Post);
    const head: DigestGroup = { ...group, labels: {}, firing: 2, earlier: [] };
    const member = {
      ...({ rule: 'a-rule', key: 'cart', severity: 'critical', title: 'cart is down' } as const),
      ...{ lines: 1, first: T0, last: T0 },
    };
    await post(aDigestPost({ number: 1, alerts: 1, members: [member], group: head }));
    const ended = { ...member, over: true as const };
    await post(aDigestPost({ number: 2, alerts: 0, resolved: 2, members: [ended], group: { ...head, firing: 0 } }));
    expect(channel.shown()).toEqual([
      {
        text: title('✅ All over: 2 alerts'),
        replies: [title('cart is down'), title('✅ All over')],
        reactions: ['white_check_mark'],
      },
    ]);
    await post(aDigestPost({ number: 3, alerts: 1, members: [member], group: { ...head, began: T0 + MINUTE } }));
    expect(channel.shown()).toHaveLength(2);
  });

  it('shows replies in the channel too when something critical begins, and no others', async () => {
    const group = { key: '', began: T0, known: false };
    const critical = { ...settings, severity: 'critical' } as const;
    const lead = (number: number, changes: object) =>
      post({ ...firing(number, { key: `${number}`, ...changes }), group: { ...group, ...changes } } as Post);
    await lead(1, { settings: critical });
    await lead(2, { settings: critical });
    await lead(3, { settings: critical, known: true });
    await lead(4, {});
    const shown = channel.messages.map(
      ({ versions: [posted] }) => (posted as { reply_broadcast?: boolean }).reply_broadcast,
    );
    expect(shown).toEqual([undefined, true, false, false]);
  });

  it('posts each digest of what there was no room for anew', async () => {
    await post(aDigestPost({ number: 1 }));
    await post(aDigestPost({ number: 2 }));
    expect(channel.shown()).toHaveLength(2);
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed', 'msg_too_long', 'an_error_of_tomorrow'])(
    'posts a new message when it may not update the old one: %s',
    async (error) => {
      await post(firing(1));
      channel.refusals['chat.update'] = error;
      // The reply has taken the slot.
      expect(await post(firing(2))).toEqual({ result: 'throttled', retryAfter: 1000 });
      expect(await post(firing(2))).toEqual({ result: 'sent' });
      expect(channel.shown()).toHaveLength(2);
      // From now on that one is updated.
      delete channel.refusals['chat.update'];
      await post(firing(3));
      expect(channel.shown()).toMatchObject([{ replies: [title('Something')] }, { replies: [title('Something')] }]);
    },
  );

  it('posts a new message when somebody deleted the old one', async () => {
    await post(firing(1));
    channel.delete(channel.messages[0]?.ts);
    expect(await post(firing(2))).toEqual({ result: 'throttled', retryAfter: 1000 });
    expect(await post(firing(2))).toEqual({ result: 'sent' });
    expect(channel.shown()).toHaveLength(1);
  });

  it('posts at once in place of a message that is gone when it can not remember that', async () => {
    await post(firing(1));
    channel.delete(channel.messages[0]?.ts);
    store.save = async () => false;
    expect(await post(firing(2))).toEqual({ result: 'sent' });
    expect(channel.shown()).toHaveLength(1);
  });

  it('says what is new once, however often the update fails', async () => {
    await post(firing(1));
    channel.refusals['chat.update'] = 'internal_error';
    expect(await post(firing(2))).toMatchObject({ result: 'unavailable' });
    expect(await post(firing(2))).toMatchObject({ result: 'unavailable' });
    delete channel.refusals['chat.update'];
    expect(await post(firing(2))).toEqual({ result: 'sent' });
    expect(channel.shown()).toMatchObject([{ replies: [title('Something')] }]);
  });

  it('has told that it is over without the reaction', async () => {
    await post(firing(1));
    channel.refusals['reactions.add'] = 'missing_scope';
    expect(await post(over(2))).toEqual({ result: 'sent' });
    expect(channel.shown()).toMatchObject([{ text: title('✅'), reactions: [] }]);
  });

  it('tells although it can neither read nor write which message it was', async () => {
    const away = async () => Promise.reject(new Error('the table is away'));
    store = { ...new MemoryStateStore(), load: away, save: away } as unknown as StateStore;
    expect(await post(firing(1))).toEqual({ result: 'sent' });
    expect(await post(firing(2))).toEqual({ result: 'sent' });
    expect(channel.shown()).toHaveLength(2);
  });

  it.each([
    ['not_in_channel', 'gone', 'invite the app'],
    ['channel_not_found', 'gone', 'state the id of a channel'],
    ['is_archived', 'gone', 'unarchive the channel'],
    ['missing_scope', 'gone', 'chat:write'],
    ['token_revoked', 'gone', 'put a bot token that works into the test'],
    ['invalid_blocks', 'refused', 'invalid_blocks'],
    ['msg_blocks_too_long', 'refused', 'msg_blocks_too_long'],
    ['internal_error', 'unavailable', 'internal_error'],
    ['service_unavailable', 'unavailable', 'service_unavailable'],
  ] as const)('is answered with %s: %s, and what to do', async (error, result, words) => {
    channel.refusals['chat.postMessage'] = error;
    expect(await post(firing(1))).toEqual({ result, reason: expect.stringContaining(words) });
  });

  it('is throttled by an answer of 200 that says so', async () => {
    channel.refusals['chat.postMessage'] = 'ratelimited';
    expect(await post(firing(1))).toEqual({ result: 'throttled', retryAfter: 1000 });
  });

  it('does not take another token or channel for its own, and shows no token', async () => {
    const answer = await post(firing(1), { token: 'xoxb-another-secret' });
    expect(answer).toMatchObject({ result: 'gone', reason: expect.stringContaining('invalid_auth') });
    expect(JSON.stringify(answer)).not.toContain('another-secret');
    expect(await post(firing(1), { channel: 'C9' })).toMatchObject({ result: 'gone' });
  });

  it.each([
    [429, '', { result: 'throttled', retryAfter: 7000 }],
    [500, 'no', { result: 'unavailable', reason: expect.stringContaining('500 no') }],
    [200, '<html>', { result: 'refused', reason: expect.stringContaining('proxy') }],
    [302, '', { result: 'refused', reason: expect.stringContaining('302') }],
    [404, `${botToken}`, { result: 'refused', reason: expect.not.stringContaining(botToken) }],
  ])('takes %d "%s" for what it is', async (status, body, expected) => {
    const other = await startWebServer((_request, response) => {
      response.writeHead(status, { 'retry-after': '7' }).end(body);
    });
    expect(await post(firing(1), { url: `${other.url}/api/` })).toEqual(expected);
    await other.stop();
  });

  it('is unavailable when nobody answers in time', async () => {
    const silent = await startWebServer(() => undefined);
    const endpoint = { owner: 'oncall', name: 'the test', url: `${silent.url}/`, channel: channelId };
    const destination = slackBotDestination(endpointsAt(endpoint), [], store, clock);
    expect(await destination.post(endpoint, firing(1), AbortSignal.timeout(50))).toMatchObject({
      result: 'unavailable',
    });
    await silent.stop();
  });

  it('is found by its route, with the token of SSM, and again when that is replaced', async () => {
    const tokens = ['xoxb-old', botToken];
    const parameters = {
      read: async (name: string, _signal: AbortSignal, freshness: string) =>
        name === '/firesplit/prod/webhook/slack-bot' ? tokens[freshness === 'current' ? 1 : 0] : undefined,
    };
    const config = { routes: { oncall: { slack_bot: { channel: channelId, token_parameter: 'slack-bot' } } } };
    const env = { WEBHOOK_PARAMETER_PREFIX: '/firesplit/prod/webhook/', SLACK_API_URL: `${server.url}/api/` };
    const endpoints = slackBotEndpoints(config, env, parameters);
    const notifier = routeNotifier(() => slackBotDestination(endpoints, [settings], store, clock));
    expect(await notifier.post(firing(1))).toEqual({ result: 'sent' });
    expect(channel.shown()).toHaveLength(1);
    expect(await notifier.ownerOf('oncall')).toBe('oncall');
  });
});
