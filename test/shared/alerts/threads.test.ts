import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Called, Method } from '../../../functions/adapters/destinations/slackBot/slackApi.js';
import { slackBotDestination } from '../../../functions/adapters/destinations/slackBot/slackBot.js';
import type { Clock, Notifier, Post } from '../../../shared/alerts/ports.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import { slack } from '../../../shared/limits.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { AlertWorld, type Course } from '../../helpers/alertWorld.js';
import type { Crash } from '../../helpers/instance.js';
import { endpointsAt } from '../../helpers/posts.js';
import { channelId, SlackChannel } from '../../helpers/slackChannel.js';

jest.setTimeout(300_000);

const SECOND = 1000;
const rules = [
  aRule({ name: 'fatal', cooldown: 2 * MINUTE, severity: 'critical' }),
  aRule({ name: 'down', cooldown: 2 * MINUTE, severity: 'critical', resolveAfter: 4 * MINUTE }),
  aRule({ name: 'slow', cooldown: 2 * MINUTE, resolveAfter: 4 * MINUTE }),
];
const groupings: readonly AlertsConfig[] = [{}, { group_by: ['service'], group_interval: '1m' }, { group_by: ['...'] }];

/** How Slack answers one call, instead of doing it. */
type Planned = 'ok' | 'declined' | 'unavailable' | 'throttled' | 'slow';

/** A bot in a channel whose Slack fails by a plan, one answer for each call. */
class Bot {
  readonly channel = new SlackChannel();
  /** When each method was called. */
  readonly calls = new Map<Method, number[]>();
  /** What was posted, and where: a reply may be said again in a new message, when the old one can't be updated. */
  readonly said: string[] = [];
  private readonly store = new MemoryStateStore();

  constructor(private readonly plan: Planned[]) {}

  notifierOn(clock: Clock): Notifier {
    const endpoint = { owner: 'oncall', name: 'the test', url: 'https://slack.example/', channel: channelId };
    return {
      ownerOf: async (route) => route,
      post: async (post) => {
        const call = (_endpoint: unknown, method: Method, body: object) => this.call(clock, post, method, body);
        const destination = slackBotDestination(endpointsAt(endpoint), rules, this.store, clock, call);
        const answer = await destination.post(endpoint, post, AbortSignal.timeout(60_000));
        return answer.result === 'gone' ? { ...answer, result: 'refused' } : answer;
      },
    };
  }

  private async call(clock: Clock, post: Post, method: Method, body: object): Promise<Called> {
    const at = clock.now();
    this.calls.set(method, [...(this.calls.get(method) ?? []), at]);
    const planned = this.plan.shift() ?? 'ok';
    await clock.sleepUntil(at + (planned === 'slow' ? 2 * SECOND : 80));
    if (planned === 'unavailable') return { result: 'unavailable', reason: 'Slack answered 503' };
    if (planned === 'throttled') return { result: 'throttled', retryAfter: 20 * SECOND };
    if (planned === 'declined' && method !== 'chat.postMessage')
      return { result: 'declined', error: 'message_not_found', reason: 'it is gone' };
    const { ok, error = '', channel = '', ts = '' } = this.channel.call(method, { ...body });
    if (!ok) return { result: 'declined', error, reason: error };
    const { thread_ts: thread = 'channel' } = body as { thread_ts?: string };
    if (method === 'chat.postMessage') this.said.push(`${nameOf(post)} in ${thread}`);
    return { result: 'done', channel, ts };
  }
}

function nameOf(post: Post): string {
  if (post.kind === 'alert') {
    const { rule, key, notice } = post.alert;
    return `${rule} ${key} ${notice.kind} ${notice.number}`;
  }
  const { number, group } = post.digest;
  return `${group ? `group ${group.key}` : 'digest'} ${number}`;
}

interface Schedule extends Course {
  readonly grouping: AlertsConfig;
  readonly batches: readonly (readonly { rule: number; key: number }[])[];
  readonly answers: readonly Planned[];
}

const services = ['pay', 'cart', 'search'];

async function play(schedule: Schedule) {
  const bot = new Bot([...schedule.answers]);
  const world = new AlertWorld(ruleBook(rules, schedule.grouping), schedule, {}, (clock) => bot.notifierOn(clock));
  for (const [at, matches] of schedule.batches.entries()) {
    const named = new Map(
      matches.map(({ rule, key }) => [`${rule} ${key}`, { rule: rules[rule]?.name ?? '', key: services[key] ?? '' }]),
    );
    const signals = [...named.values()].map(({ rule, key }) =>
      aSignal({ rule, key, labels: { service: key }, count: 1, first: T0, last: T0 }),
    );
    world.send({ version: 1, id: `batch-${at}-`.padEnd(64, '0'), signals });
  }
  await world.run();
  return { bot, world };
}

function schedules(crash: fc.Arbitrary<Crash | undefined>): fc.Arbitrary<Schedule> {
  const match = fc.record({ rule: fc.nat({ max: 2 }), key: fc.nat({ max: 2 }) });
  const wait = fc.constantFrom(0, SECOND, 20 * SECOND, 3 * MINUTE, 6 * MINUTE);
  const answer = fc.constantFrom<Planned[]>('ok', 'ok', 'ok', 'declined', 'unavailable', 'throttled', 'slow');
  return fc.record({
    grouping: fc.constantFrom(...groupings),
    batches: fc.array(fc.array(match, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
    deliveries: fc.array(
      fc.record({ wait, messages: fc.integer({ min: 1, max: 3 }), again: fc.constantFrom(undefined, 0), crash }),
      { maxLength: 8 },
    ),
    sweeps: fc.array(fc.record({ crash, twice: fc.boolean() }), { maxLength: 8 }),
    answers: fc.array(answer, { maxLength: 30 }),
    slack: fc.constant([]),
    seed: fc.nat(),
  });
}

/** The first notice of every rule and key that matched. */
function matched({ batches }: Schedule): Set<string> {
  return new Set(batches.flat().map(({ rule, key }) => `${rules[rule]?.name} ${services[key]}`));
}

/** The rules and keys that somebody can read of in the channel, in a message or a reply as it was posted. */
function readable({ channel }: Bot): string {
  return JSON.stringify(channel.messages.map(({ versions }) => versions));
}

describe('any schedule with a bot whose Slack fails now and then', () => {
  it('says everything once, and posts no sooner than Slack allows', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(fc.constant(undefined)), async (schedule) => {
        const { bot, world } = await play(schedule);
        expect(world.late).toEqual([]);
        expect(bot.said.filter((name, at) => bot.said.indexOf(name) !== at)).toEqual([]);
        const text = readable(bot);
        for (const each of matched(schedule)) expect(text).toContain(each.split(' ')[1]);
        const times = bot.calls.get('chat.postMessage') ?? [];
        const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
        expect(gaps.filter((gap) => gap < slack.minInterval)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('loses nothing when functions die at any step', async () => {
    const crash = fc.option(fc.record({ step: fc.nat({ max: 25 }), after: fc.boolean() }), { nil: undefined, freq: 2 });
    await fc.assert(
      fc.asyncProperty(schedules(crash), async (schedule) => {
        const { bot } = await play(schedule);
        const text = readable(bot);
        for (const each of matched(schedule)) expect(text).toContain(each.split(' ')[1]);
      }),
      { numRuns: 200 },
    );
  });
});
