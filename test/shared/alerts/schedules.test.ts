import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { isCritical } from '../../../shared/alerts/delivery/ranking.js';
import type { Digest, Post } from '../../../shared/alerts/ports.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import { slack } from '../../../shared/limits.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { AlertWorld, type Course } from '../../helpers/alertWorld.js';
import type { Crash, LookUp, SaveAnswer } from '../../helpers/instance.js';
import type { SlackAnswer } from '../../helpers/simulatedSlack.js';

// A thousand courses of some hours each are twenty seconds of computing; a busy machine gives a tenth of that.
jest.setTimeout(300_000);

const SECOND = 1000;
const rules = [
  aRule({ name: 'fatal', cooldown: 10 * MINUTE, severity: 'critical' }),
  aRule({ name: 'declined', cooldown: 2 * MINUTE, maxCooldown: 8 * MINUTE, resolveAfter: 5 * MINUTE }),
  aRule({ name: 'burst', type: 'frequency', threshold: 3, window: 5 * MINUTE, cooldown: MINUTE }),
];
const perMinute = 2;
// Two routes that share a webhook, and one that has its own.
const routes = { critical: 'oncall', warning: 'team' };
const oneWebhook = { critical: 'team', warning: 'team' };
/** Which alerts become one message: from a critical one on, those of a service, all after a while, none. */
const groupings: readonly AlertsConfig[] = [
  { routes },
  { routes: oneWebhook },
  { routes: oneWebhook, group_by: ['service'], group_interval: '1m' },
  { routes: oneWebhook, group_by: ['rule', 'severity'], group_wait: '30s' },
  { routes: oneWebhook, group_by: [], group_interval: '2m' },
  { routes, group_by: ['...'] },
];
const owners = { team: 'default', operations: 'default' };
// A critical alert goes to two webhooks, and to a third route that shares one of these.
const several = { routes: { critical: ['oncall', 'team', 'operations'], warning: 'team' } };

interface Schedule extends Course {
  readonly grouping: AlertsConfig;
  /** Lines by rule and key of each batch. */
  readonly batches: readonly (readonly { rule: number; key: number; count: number }[])[];
  /** How far the lines of each batch are behind when they come, as after an outage of the stream: milliseconds. */
  readonly behind: readonly number[];
}

const keys = ['pay', 'cart', 'search', 'web'];

function batchOf(id: string, matches: Schedule['batches'][number], ts: number): SignalBatch {
  const byKey = new Map(matches.map((match) => [`${match.rule} ${match.key}`, match]));
  const signals = [...byKey.values()].map(({ rule: at, key: of, count }) => {
    const rule = rules[at] ?? aRule();
    const [width, key] = [bucketWidth(rule), keys[of] ?? ''];
    const labels = { service: key };
    return aSignal({
      rule: rule.name,
      key,
      labels,
      bucket: Math.floor(ts / width) * width,
      count,
      first: ts,
      last: ts,
    });
  });
  return { version: 1, id: id.padEnd(64, '0'), signals };
}

/** Plays a schedule to its end: no later match brings out what was held back. */
async function play(schedule: Schedule, changes: AlertsConfig = {}): Promise<AlertWorld> {
  const book = ruleBook(rules, { ...schedule.grouping, ...changes, messages_per_minute: perMinute });
  const world = new AlertWorld(book, schedule, owners);
  for (const [at, matches] of schedule.batches.entries())
    world.send(batchOf(`batch-${at}-`, matches, T0 - (schedule.behind[at] ?? 0)));
  await world.run();
  return world;
}

/** Lines by rule and key, of a repeated message only the last: it tells all that its forerunners told. */
function toldLines({ slack: { received } }: AlertWorld, webhook?: string): Map<string, number> {
  const last = new Map<string, [name: string, lines: number]>();
  for (const { post } of received) {
    if (webhook !== undefined && post.route !== webhook) continue;
    if (post.kind === 'alert') {
      const { rule, key, notice } = post.alert;
      last.set(`${rule} ${key} ${notice.kind} ${notice.number}`, [`${rule} ${key}`, notice.count]);
      continue;
    }
    const { digest, route } = post;
    for (const { rule, keys: of } of digest.rules)
      for (const { key, lines } of of) last.set(`${nameOf(digest, route)} ${rule} ${key}`, [`${rule} ${key}`, lines]);
  }
  const sums = new Map<string, number>();
  for (const [name, lines] of last.values()) sums.set(name, (sums.get(name) ?? 0) + lines);
  return sums;
}

function nameOf({ number, group }: Digest, route: string): string {
  return `${route} ${group ? `group ${group.key}` : 'digest'} ${number}`;
}

function matchedLines({ batches }: Schedule, of = rules.map(({ name }) => name)): Map<string, number> {
  const sums = new Map<string, number>();
  for (const matches of batches) {
    const byKey = new Map(matches.map((match) => [`${match.rule} ${match.key}`, match]));
    for (const { rule, key, count } of byKey.values()) {
      if (!of.includes(rules[rule]?.name ?? '')) continue;
      const name = `${rules[rule]?.name} ${keys[key]}`;
      sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  return sums;
}

/** How many alerts were told: those of digests, and the others. A repeat counts once. */
function toldAlerts({ slack: { received } }: AlertWorld): { single: Set<string>; digested: number } {
  const single = new Set<string>();
  const digests = new Map<string, number>();
  for (const { post } of received) {
    if (post.kind === 'digest') digests.set(nameOf(post.digest, post.route), post.digest.alerts);
    else if (post.alert.notice.kind === 'firing')
      single.add(`alert#${post.alert.rule}#${post.alert.key}#${post.alert.notice.number}`);
  }
  return { single, digested: [...digests.values()].reduce((sum, alerts) => sum + alerts, 0) };
}

/** Messages that people got more than once. */
function repeated({ slack: { received } }: AlertWorld): string[] {
  const names = received.map(({ post }) => {
    if (post.kind === 'digest') return nameOf(post.digest, post.route);
    const { rule, key, notice } = post.alert;
    return `${post.route} ${rule} ${key} ${notice.kind} ${notice.number}`;
  });
  return names.filter((name, at) => names.indexOf(name) !== at);
}

function expectPace({ slack: { attempts }, late }: AlertWorld): void {
  expect(late).toEqual([]);
  for (const [webhook, times] of attempts) {
    const inOrder = [...times].sort((a, b) => a - b);
    const gaps = inOrder.slice(1).map((at, index) => at - (inOrder[index] ?? 0));
    expect({ webhook, tooClose: gaps.filter((gap) => gap < slack.minInterval) }).toEqual({ webhook, tooClose: [] });
  }
}

/** The most messages of a kind that a webhook got in a minute. */
function mostInMinute({ slack: { received } }: AlertWorld, isOfKind: (post: Post) => boolean): number {
  const of = received.filter(({ post }) => isOfKind(post));
  const within = of.map(
    ({ at, post }) =>
      of.filter((each) => each.post.route === post.route && each.at >= at && each.at < at + MINUTE).length,
  );
  return Math.max(0, ...within);
}

/** What there was no room for one by one. */
function isDigest(post: Post): boolean {
  return post.kind === 'digest' && !post.digest.group;
}

function isUrgent(post: Post): boolean {
  if (post.kind === 'alert') return isCritical(post.alert);
  return post.digest.rules.some(({ severity, alerts }) => severity === 'critical' && alerts > 0);
}

const aCrash = fc.record({ step: fc.nat({ max: 25 }), after: fc.boolean() });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, arbitrary);

const anAnswer = fc.oneof(
  { weight: 5, arbitrary: fc.constant<SlackAnswer>({ answer: 'ok' }) },
  fc.constant<SlackAnswer>({ answer: 'failed' }),
  fc.constant<SlackAnswer>({ answer: 'reset' }),
  fc.constant<SlackAnswer>({ answer: 'refused' }),
  fc.integer({ min: 1, max: 90 }).map<SlackAnswer>((s) => ({ answer: 'throttled', retryAfter: s * SECOND })),
  fc.integer({ min: 1, max: 9 }).map<SlackAnswer>((s) => ({ answer: 'slow', after: s * SECOND })),
);

function schedules(
  crash: fc.Arbitrary<Crash | undefined>,
  answers: fc.Arbitrary<SlackAnswer[]> = fc.array(anAnswer, { maxLength: 30 }),
): fc.Arbitrary<Schedule> {
  // As many as the frequency rule asks for: what is below it, nobody is told.
  const match = fc.record({ rule: fc.nat({ max: 2 }), key: fc.nat({ max: 3 }), count: fc.integer({ min: 3, max: 9 }) });
  const wait = fc.constantFrom(0, 100, SECOND, 20 * SECOND, 3 * MINUTE, 11 * MINUTE);
  const again = fc.constantFrom(undefined, undefined, 0, MINUTE, 40 * MINUTE);
  return fc.record({
    batches: fc.array(fc.array(match, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }),
    behind: fc.array(fc.constantFrom(0, 7 * MINUTE, 31 * MINUTE), { maxLength: 6 }),
    deliveries: fc.array(fc.record({ wait, messages: fc.integer({ min: 1, max: 4 }), again, crash }), {
      maxLength: 10,
    }),
    sweeps: fc.array(fc.record({ crash, twice: fc.boolean() }), { maxLength: 10 }),
    slack: answers,
    seed: fc.nat(),
    grouping: fc.constantFrom(...groupings),
  });
}

/** Slack takes whatever comes, at once. */
const readySlack = fc.constant<SlackAnswer[]>([]);

describe('any schedule of matches, late ones too, redeliveries, Slack answers, sweeps and two instances at once', () => {
  it('tells every alert exactly once and every line of it, alone or in its group, at the pace of each webhook', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(fc.constant(undefined)), async (schedule) => {
        const world = await play(schedule);
        expectPace(world);
        expect(toldLines(world)).toEqual(matchedLines(schedule));
        expect(repeated(world)).toEqual([]);
        const { single, digested } = toldAlerts(world);
        expect(single.size + digested).toBe(world.claimed.size);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells every alert at least once when functions die at any step', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(maybe(aCrash)), async (schedule) => {
        const world = await play(schedule);
        expectPace(world);
        const [told, matched] = [toldLines(world), matchedLines(schedule)];
        const lost = [...matched].filter(([name, lines]) => (told.get(name) ?? 0) < lines);
        expect(lost).toEqual([]);
        const { single, digested } = toldAlerts(world);
        expect(single.size + digested).toBeGreaterThanOrEqual(world.claimed.size);
      }),
      { numRuns: 1000 },
    );
  });

  it('does both when states are too large for the item of their key, or too many, and when they come back to it', async () => {
    const bounds = fc.record({ maxStateBytes: fc.constantFrom(0, 500, 700), maxStates: fc.nat({ max: 3 }) });
    const crash = fc.oneof(fc.constant(undefined), aCrash);
    await fc.assert(
      fc.asyncProperty(schedules(crash), bounds, async (schedule, keyItem) => {
        const world = await play({ ...schedule, keyItem });
        expectPace(world);
        const [told, matched] = [toldLines(world), matchedLines(schedule)];
        expect([...matched].filter(([name, lines]) => (told.get(name) ?? 0) < lines)).toEqual([]);
        const isUndisturbed = [...schedule.deliveries, ...schedule.sweeps].every((each) => !each.crash);
        if (!isUndisturbed) return;
        expect(told).toEqual(matched);
        expect(repeated(world)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('tells each exactly once when what is due is read in part, or late, and saved by others before it is considered', async () => {
    const aLookUp = fc.oneof(
      fc.constantFrom<LookUp>({ answer: 'all' }, { answer: 'half' }, { answer: 'failed' }),
      fc.constantFrom(200, 2 * SECOND, 9 * SECOND).map<LookUp>((after) => ({ answer: 'late', after })),
    );
    const lookUps = fc.array(aLookUp, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(schedules(fc.constant(undefined)), lookUps, async (schedule, lookUps) => {
        const world = await play({ ...schedule, lookUps });
        expectPace(world);
        expect(toldLines(world)).toEqual(matchedLines(schedule));
        expect(repeated(world)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('tells each at least once when the table throttles, and when the answers to what it saved are lost', async () => {
    const anAnswer = fc.oneof(
      { weight: 5, arbitrary: fc.constant<SaveAnswer>('saved') },
      fc.constantFrom<SaveAnswer>('throttled', 'lost', 'retried'),
    );
    const answers = fc.array(anAnswer, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(schedules(maybe(aCrash)), answers, async (schedule, saveAnswers) => {
        const world = await play({ ...schedule, saveAnswers });
        expectPace(world);
        const [told, matched] = [toldLines(world), matchedLines(schedule)];
        expect([...matched].filter(([name, lines]) => (told.get(name) ?? 0) < lines)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('tells no more alerts one by one than a minute allows, as many critical ones beside them, and one digest, however they are grouped', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(fc.constant(undefined), readySlack), async (schedule) => {
        const world = await play(schedule);
        expect(mostInMinute(world, (post) => !isDigest(post) && !isUrgent(post))).toBeLessThanOrEqual(perMinute);
        expect(mostInMinute(world, (post) => !isDigest(post))).toBeLessThanOrEqual(2 * perMinute);
        // Two sweeps are a minute apart, and what they do first takes more or less time.
        expect(mostInMinute(world, isDigest)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});

describe('any schedule with alerts that go to several routes', () => {
  /** The lines that either webhook is to be told of, and of which each was told less or more. */
  function differences(world: AlertWorld, schedule: Schedule, isWrong: (told: number, lines: number) => boolean) {
    return [['oncall', ['fatal']] as const, ['default', ['fatal', 'declined', 'burst']] as const].flatMap(
      ([webhook, of]) => {
        const told = toldLines(world, webhook);
        const wrong = [...matchedLines(schedule, [...of])].filter(([name, lines]) =>
          isWrong(told.get(name) ?? 0, lines),
        );
        return wrong.map(([name, lines]) => ({ webhook, name, lines, told: told.get(name) }));
      },
    );
  }

  it('tells each webhook every line exactly once, whatever the other answers, at its pace', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(fc.constant(undefined)), async (schedule) => {
        const world = await play(schedule, several);
        expectPace(world);
        expect(differences(world, schedule, (told, lines) => told !== lines)).toEqual([]);
        expect(repeated(world)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('tells each webhook every line at least once when functions die at any step', async () => {
    await fc.assert(
      fc.asyncProperty(schedules(maybe(aCrash)), async (schedule) => {
        const world = await play(schedule, several);
        expectPace(world);
        expect(differences(world, schedule, (told, lines) => told < lines)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
