import { expect, it } from '@jest/globals';
import type { FetchFunction } from '@slack/webhook';
import fc from 'fast-check';
import { slackDestination } from '../../functions/adapters/destinations/slack/slack.js';
import { routeNotifier } from '../../functions/adapters/notifier.js';
import type { Destination } from '../../shared/alerts/destination.js';
import type { Clock } from '../../shared/alerts/ports.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { slack } from '../../shared/limits.js';
import { aRule, aSignal } from '../helpers/alerts.js';
import { AlertWorld } from '../helpers/alertWorld.js';

const rules = [aRule({ name: 'fatal', severity: 'critical', route: 'oncall' }), aRule({ name: 'declined' })];

/** Each route has a webhook. */
const endpoints: Pick<Destination, 'endpointOf' | 'placeOf'> = {
  endpointOf: async (route) => ({ owner: route, name: route, url: `https://hooks.slack.com/${route}` }),
  placeOf: (route) => route,
};

type Answer = readonly [status: number, body: string, retryAfter?: number] | 'reset';

/** Slack over HTTP: answers by a plan, then with ok. */
class WebSlack {
  readonly attempts: { readonly url: string; readonly at: number }[] = [];
  readonly texts: string[] = [];
  /** Of each webhook, when an answer said that the pause is over. */
  private readonly pauses = new Map<string, number>();
  readonly tooSoon: string[] = [];

  constructor(private readonly plan: Answer[]) {}

  fetchOn(clock: Clock): FetchFunction {
    return async (input, init) => {
      const [url, at] = [String(input), clock.now()];
      this.attempts.push({ url, at });
      if (at < (this.pauses.get(url) ?? 0)) this.tooSoon.push(url);
      const answer = this.plan.shift() ?? [200, 'ok'];
      await clock.sleepUntil(at + 50);
      if (answer === 'reset') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
      const [status, body, retryAfter] = answer;
      if (status === 200) this.texts.push((JSON.parse(String(init?.body)) as { text: string }).text);
      if (retryAfter === undefined) return new Response(body, { status });
      this.pauses.set(url, clock.now() + retryAfter * 1000);
      return new Response(body, { status, headers: { 'retry-after': `${retryAfter}` } });
    };
  }
}

const anAnswer = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Answer>([200, 'ok']) },
  fc.constantFrom<Answer>([500, 'rollup_error'], [503, 'down'], [400, 'invalid_blocks'], 'reset'),
  fc.integer({ min: 1, max: 60 }).map<Answer>((seconds) => [429, 'rate_limited', seconds]),
);

it('posts over HTTP at the pace that Slack allows and asks for, until everything is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anAnswer, { maxLength: 12 }), fc.nat(), async (plan, seed) => {
      const web = new WebSlack([...plan]);
      const course = { deliveries: [], sweeps: [], slack: [], seed };
      const world = new AlertWorld(ruleBook(rules), course, {}, (clock) => {
        const slackOn = slackDestination(endpoints, rules, web.fetchOn(clock));
        return routeNotifier(() => slackOn);
      });
      const signals = rules.flatMap(({ name }) =>
        ['pay', 'cart', 'web'].map((key) => aSignal({ rule: name, key, labels: { service: key } })),
      );
      world.send({ version: 1, id: 'a', signals });
      await world.run();

      for (const url of new Set(web.attempts.map((attempt) => attempt.url))) {
        const times = web.attempts.filter((attempt) => attempt.url === url).map(({ at }) => at);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
        expect(gaps.filter((gap) => gap < slack.minInterval)).toEqual([]);
      }
      expect(web.tooSoon).toEqual([]);
      expect(world.late).toEqual([]);
      expect(world.claimed.size).toBe(6);
      expect(new Set(web.texts).size).toBe(web.texts.length);
      // Some may have been folded while Slack was away.
      const told = web.texts.reduce((sum, text) => sum + Number(/(\d+) alerts?,/.exec(text)?.[1] ?? 1), 0);
      expect(told).toBe(6);
    }),
    { numRuns: 150 },
  );
});
