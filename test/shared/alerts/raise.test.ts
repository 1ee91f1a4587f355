import { describe, expect, it } from '@jest/globals';
import type { AlertPorts, Silence, StateStore } from '../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../shared/alerts/raise.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../shared/alerts/simulation/simulatedClock.js';
import { leaseTime } from '../../../shared/alerts/state/decide.js';
import { KeyStates } from '../../../shared/alerts/state/keyStates.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { Signal, SignalBatch } from '../../../shared/signals/signal.js';
import { firstOf } from '../../../shared/text/firstOf.js';
import { groupBy } from '../../../shared/text/groupBy.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { Instance } from '../../helpers/instance.js';
import { SimulatedSlack, type SlackAnswer } from '../../helpers/simulatedSlack.js';

const rule = aRule({ cooldown: 10 * MINUTE });
const SECOND = 1000;
/** Every alert is told alone, as far as there is room. */
const ungrouped: AlertsConfig = { group_by: ['...'] };

function aBatch(id: string, counts: Record<string, number>, of = rule.name): SignalBatch {
  const signals = Object.entries(counts).map(([key, count]) =>
    aSignal({ rule: of, key, labels: { service: key }, count }),
  );
  return { version: 1, id, signals };
}

function countBy(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groupBy(names, (name) => name)].map(([name, of]) => [name, of.length]));
}

class World {
  readonly clock = new SimulatedClock(T0);
  readonly slack: SimulatedSlack;
  readonly items = new MemoryStateStore();
  store: StateStore = new KeyStates(this.items, () => this.clock.now());
  silences: Silence[] = [];
  /** ms that an invocation has. */
  timeout = 30 * SECOND;

  constructor(
    private readonly rules: readonly Rule[] = [rule],
    plan: SlackAnswer[] = [],
    private readonly config: AlertsConfig = {},
  ) {
    this.slack = new SimulatedSlack(this.clock, plan, { other: 'default' });
  }

  raise(batch: SignalBatch, changes: Partial<AlertPorts> = {}) {
    const { clock, store, slack: notifier } = this;
    const deadline = clock.now() + this.timeout;
    const ports = { store, notifier, clock, deadline, silences: async () => this.silences, ...changes };
    return raiseAlerts(batch, ruleBook(this.rules, this.config), ports);
  }

  wait(ms: number) {
    this.clock.moveTo(this.clock.now() + ms);
  }

  /** Key, lines and held back ones of what people were told. */
  told() {
    return this.slack.received.map(({ post }) =>
      post.kind === 'alert'
        ? [post.alert.key, post.alert.notice.count, post.alert.notice.suppressed]
        : ['digest', post.digest.alerts],
    );
  }
}

describe('alerts of one key', () => {
  const rules = Array.from({ length: 23 }, (_, n) => aRule({ name: `rule-${n}` }));
  const signals = rules.map(({ name }) => aSignal({ rule: name, key: 'pay', labels: { service: 'pay' } }));

  it('are claimed in one write, and those that are folded are marked in one: none is in the way of another', async () => {
    const world = new World(rules, [], { ...ungrouped, messages_per_minute: 1 });
    const { clock, items } = world;
    const saved: boolean[] = [];
    const save = items.save.bind(items);
    items.save = async (id, ...of) => {
      // As long as a table takes, so that what is done at once meets.
      await clock.sleepUntil(clock.now() + 5);
      const isSaved = await save(id, ...of);
      if (id === 'key#pay') saved.push(isSaved);
      return isSaved;
    };
    const outcomes = await world.raise({ version: 1, id: 'a', signals });
    expect(countBy(outcomes.map(({ outcome }) => outcome))).toEqual({ notified: 1, digested: 22 });
    // The one that is told alone is marked by itself, and tries again if the others are marked meanwhile.
    expect(saved.filter((isSaved) => isSaved)).toHaveLength(3);
    expect(saved.length).toBeLessThanOrEqual(4);
  });
});

describe('lines that are replayed in shadow', () => {
  const shadow = (id: string, counts: Record<string, number>): SignalBatch => ({ ...aBatch(id, counts), shadow: true });

  it('tell nobody, and say what they would have told', async () => {
    const world = new World();
    const outcomes = await world.raise(shadow('a', { pay: 3 }));
    expect(outcomes).toMatchObject([{ outcome: 'shadow', id: { rule: 'a-rule', key: 'pay', replayed: true } }]);
    expect(await world.raise(shadow('a', { pay: 3 }))).toMatchObject([{ outcome: 'already counted' }]);
    expect(world.told()).toEqual([]);
  });

  it('neither hold back nor set off what is told of other lines, and leave nothing for the sweep', async () => {
    const world = new World([aRule({ type: 'frequency', threshold: 5, window: MINUTE, cooldown: 10 * MINUTE })]);
    await world.raise(shadow('a', { pay: 4 }));
    expect(await world.raise(aBatch('b', { pay: 4 }))).toMatchObject([{ outcome: 'counted' }]);
    await world.raise(shadow('c', { pay: 4 }));
    expect(await world.raise(aBatch('d', { pay: 4 }))).toMatchObject([{ outcome: 'notified' }]);
    const due = await firstOf(world.store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10);
    expect(due.filter((id) => id.startsWith('replay'))).toEqual([]);
  });

  it('are no sign of life for a rule that misses a service', async () => {
    const world = new World([aRule({ type: 'absence', window: MINUTE })]);
    expect(await world.raise(shadow('a', { pay: 1 }))).toEqual([]);
  });
});

describe('raiseAlerts', () => {
  it('tells once a cooldown and tells what it held back', async () => {
    const world = new World();
    expect(await world.raise(aBatch('a', { pay: 3 }))).toEqual([
      { outcome: 'notified', id: { rule: 'a-rule', key: 'pay' } },
    ]);
    expect(await world.raise(aBatch('b', { pay: 4 }))).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await world.raise(aBatch('b', { pay: 4 }))).toMatchObject([{ outcome: 'already counted' }]);
    world.wait(10 * MINUTE);
    await world.raise(aBatch('c', { pay: 1 }));
    expect(world.told()).toEqual([
      ['pay', 3, 0],
      ['pay', 5, 4],
    ]);
  });

  it('tells once of a thousand lines that come twice', async () => {
    const world = new World([aRule({ type: 'frequency', threshold: 5, window: MINUTE })]);
    const batch = aBatch('a', { pay: 1000 });
    await Promise.all([world.raise(batch), world.raise(batch)]);
    expect(world.told()).toEqual([['pay', 1000, 0]]);
  });

  it('gives each key a cooldown of its own and adds up a key of several buckets', async () => {
    const world = new World();
    const signals: Signal[] = [
      aSignal({ count: 1 }),
      aSignal({ count: 2, bucket: T0 + MINUTE, last: T0 + MINUTE }),
      aSignal({ key: 'cart', count: 4 }),
    ];
    await world.raise({ version: 1, id: 'a', signals });
    expect(world.told()).toEqual([
      ['cart', 4, 0],
      ['pay', 3, 0],
    ]);
  });

  it('reports lines that are too late for every window, with how far they are behind', async () => {
    const world = new World([aRule({ type: 'spike', window: MINUTE, lateness: MINUTE })]);
    world.wait(31 * MINUTE);
    const now = T0 + 31 * MINUTE;
    const signals = [
      aSignal({ count: 412, first: T0, last: T0 + 1000 }),
      aSignal({ bucket: now, first: now, last: now }),
    ];
    await world.raise({ version: 1, id: 'a', signals: signals.slice(1) });
    expect(await world.raise({ version: 1, id: 'b', signals: signals.slice(0, 1) })).toEqual([
      { outcome: 'counted', id: { rule: 'a-rule', key: 'pay' } },
      { outcome: 'too late', id: { rule: 'a-rule', key: 'pay' }, lines: 412, behind: 31 * MINUTE },
    ]);
    expect((await world.raise({ version: 1, id: 'c', signals })).map(({ outcome }) => outcome)).toEqual([
      'counted',
      'too late',
    ]);
  });

  it.each([
    ['a match', aRule({})],
    ['a ratio', aRule({ type: 'ratio', window: 5 * MINUTE, lateness: MINUTE, above: 0.05 })],
  ])('says of %s how late its lines came', async (_type, rule) => {
    const world = new World([rule]);
    world.wait(31 * MINUTE);
    const now = T0 + 31 * MINUTE;
    const width = bucketWidth(rule);
    const late = aSignal({
      bucket: Math.floor(T0 / width) * width,
      count: 412,
      total: 1300,
      first: T0,
      last: T0 + 1000,
    });
    const inTime = aSignal({ bucket: now, count: 0, total: 1, first: now, last: now });
    if (rule.type === 'ratio') await world.raise({ version: 1, id: 'a', signals: [inTime] });
    await world.raise({ version: 1, id: 'b', signals: [late] });
    const notices = world.slack.received.flatMap(({ post }) => (post.kind === 'alert' ? post.alert.notice : []));
    expect(notices).toMatchObject([{ count: 412, first: T0, late: { count: 412, behind: 31 * MINUTE } }]);
  });

  it('drops the matches of a rule that is gone', async () => {
    const batch = { ...aBatch('a', { pay: 1 }), signals: [aSignal({ rule: 'gone', count: 3 }), aSignal({})] };
    expect(await new World().raise(batch)).toMatchObject([
      { outcome: 'unknown rule', rule: 'gone', count: 3 },
      { outcome: 'notified' },
    ]);
  });

  it('tells of rules that failed, once an hour, on the operations route', async () => {
    const world = new World();
    const failing = (id: string): SignalBatch => ({
      ...aBatch(id, {}),
      failures: [{ rule: 'odd', count: 7, reason: 'too much recursion' }],
    });
    await world.raise(failing('a'));
    world.wait(59 * MINUTE);
    expect(await world.raise(failing('b'))).toMatchObject([{ outcome: 'suppressed' }]);
    world.wait(MINUTE);
    await world.raise(failing('c'));
    expect(world.told()).toEqual([
      ['odd', 7, 0],
      ['odd', 14, 7],
    ]);
    expect(world.slack.received[0]?.post).toMatchObject({
      alert: { rule: 'firesplit:rule-failed', notice: { samples: [{ message: 'too much recursion' }] } },
    });
  });
});

describe('what may not be told', () => {
  const silence: Silence = {
    id: 's1',
    matchers: { service: 'p*', severity: 'warning' },
    until: T0 + MINUTE,
    created: T0,
    by: 'me',
    why: 'a test',
  };

  it('is held back by a silence, and told with its reason after it', async () => {
    const world = new World();
    world.silences = [silence];
    expect(await world.raise(aBatch('a', { pay: 2, cart: 1 }))).toMatchObject([
      { outcome: 'held', id: { key: 'pay' }, by: 'silence' },
      { outcome: 'notified', id: { key: 'cart' } },
    ]);
    world.wait(MINUTE);
    await world.raise(aBatch('b', { pay: 1 }));
    expect(world.slack.received.at(-1)?.post).toMatchObject({
      alert: { notice: { count: 3, suppressed: 2, heldBy: { by: 'silence', silence: 's1', why: 'a test' } } },
    });
  });

  it('is held back at a mute time', async () => {
    const mute = [{ days: [0], from: 0, to: 0, zone: 'UTC' }];
    // T0 is a Sunday.
    const world = new World([aRule({ mute })]);
    expect(await world.raise(aBatch('a', { pay: 2 }))).toMatchObject([{ outcome: 'held', by: 'mute' }]);
    expect(world.told()).toEqual([]);
  });

  it('is held back while another rule fires for the same values, wherever it stands in the batch', async () => {
    const outer = aRule({ name: 'service-down', cooldown: 10 * MINUTE });
    const inner = aRule({ name: 'errors', by: ['service', 'logger'], unlessFiring: ['service-down'] });
    const world = new World([inner, outer]);
    const of = (service: string) =>
      aSignal({ rule: 'errors', key: `${service}|x`, labels: { service, logger: 'x' }, count: 2 });
    const signals = [of('pay'), of('cart'), aSignal({ rule: 'service-down' })];
    const outcomes = await world.raise({ version: 1, id: 'a', signals });
    expect(outcomes).toMatchObject([
      { outcome: 'held', id: { key: 'pay|x' }, by: 'unless firing' },
      { outcome: 'notified', id: { key: 'cart|x' } },
      { outcome: 'notified', id: { rule: 'service-down' } },
    ]);
  });

  describe('is not held back by a rule that nobody is told of', () => {
    // T0 is a Sunday.
    const mute = [{ days: [0], from: 0, to: 16 * 60 + 10, zone: 'UTC' }];
    const inner = aRule({ name: 'inner', cooldown: MINUTE, unlessFiring: ['outer'] });
    const both = (id: string): SignalBatch => ({
      ...{ version: 1, id, signals: [aSignal({ rule: 'outer' }), aSignal({ rule: 'inner' })] },
    });

    it('since that one is muted, or was when it fired', async () => {
      const world = new World([inner, aRule({ name: 'outer', mute })]);
      const [outer, told] = await world.raise(both('a'));
      expect([outer, told]).toMatchObject([{ outcome: 'held', by: 'mute' }, { outcome: 'notified' }]);
      // The mute time is over, and the sweep has yet to tell of it.
      world.wait(8 * MINUTE);
      expect(await world.raise(aBatch('b', { pay: 1 }, 'inner'))).toMatchObject([{ outcome: 'notified' }]);
    });

    it('since that one is silenced, though people were told of it before', async () => {
      const world = new World([inner, aRule({ name: 'outer' })]);
      expect(await world.raise(both('a'))).toMatchObject([
        { outcome: 'held', by: 'unless firing' },
        { outcome: 'notified' },
      ]);
      world.silences = [{ ...silence, matchers: { rule: 'outer' }, until: T0 + 5 * MINUTE }];
      expect(await world.raise(aBatch('b', { pay: 1 }, 'inner'))).toMatchObject([{ outcome: 'notified' }]);
    });

    it('since that one was in shadow when it fired', async () => {
      const before = new World([inner, aRule({ name: 'outer', mode: 'shadow' })]);
      await before.raise(aBatch('a', { pay: 1 }, 'outer'));
      const world = new World([inner, aRule({ name: 'outer' })]);
      world.store = before.store;
      expect(await world.raise(aBatch('b', { pay: 1 }, 'inner'))).toMatchObject([{ outcome: 'notified' }]);
    });

    it('but by one that is itself held back by a rule that people were told of', async () => {
      const root = aRule({ name: 'root' });
      const world = new World([inner, aRule({ name: 'outer', unlessFiring: ['root'] }), root]);
      const signals = ['root', 'outer', 'inner'].map((of) => aSignal({ rule: of }));
      const outcomes = await world.raise({ version: 1, id: 'a', signals });
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['held', 'held', 'notified']);
    });
  });

  it('is not held back by a rule in shadow', async () => {
    const world = new World([aRule({ unlessFiring: ['other'] }), aRule({ name: 'other', mode: 'shadow' })]);
    const signals = [aSignal({ rule: 'other' }), aSignal({})];
    expect(await world.raise({ version: 1, id: 'a', signals })).toMatchObject([
      { outcome: 'shadow', alert: { rule: 'other', notice: { count: 1 } } },
      { outcome: 'notified' },
    ]);
  });
});

describe('a Slack that does not take it', () => {
  const ok = { answer: 'ok' } as const;
  const outcomesOf = async (world: World, batch = aBatch('a', { pay: 3 })) =>
    (await world.raise(batch)).map(({ outcome }) => outcome);

  it('is asked again in the same invocation, a little later each time', async () => {
    const world = new World([rule], [{ answer: 'failed' }, { answer: 'reset' }, ok]);
    expect(await outcomesOf(world)).toEqual(['notified']);
    const [first = 0, ...others] = world.slack.attempts.get('default') ?? [];
    expect(others.map((at) => Math.round((at - first) / SECOND))).toEqual([1, 3]);
  });

  it('is left alone for as long as it asks', async () => {
    const world = new World([rule], [{ answer: 'throttled', retryAfter: 7 * SECOND }, ok]);
    expect(await outcomesOf(world)).toEqual(['notified']);
    const [first = 0, second = 0] = world.slack.attempts.get('default') ?? [];
    expect(second - first).toBeGreaterThanOrEqual(7 * SECOND);
  });

  it('is left to the sweep when it asks for longer than there is time', async () => {
    const world = new World([rule], [{ answer: 'throttled', retryAfter: 60 * SECOND }]);
    expect(await world.raise(aBatch('a', { pay: 3 }))).toMatchObject([
      {
        outcome: 'undelivered',
        reason: expect.stringContaining('the endpoint of route default asked for a pause until'),
      },
    ]);
    // Nobody posts to a webhook that is paused.
    expect(await world.raise(aBatch('b', { cart: 1 }))).toMatchObject([
      { outcome: 'undelivered', reason: expect.stringContaining('is not free before') },
    ]);
    expect(world.slack.attempts.get('default')).toHaveLength(1);
    expect(await firstOf(world.store.agenda('sweep', 0, world.clock.now()), 10)).toEqual([
      'alert#a-rule#pay',
      'alert#a-rule#cart',
    ]);

    world.wait(60 * SECOND);
    expect(await outcomesOf(world)).toEqual(['notified']);
    expect(world.told()).toEqual([['pay', 3, 0]]);
  });

  it('holds up no other alert with the one that makes it fail', async () => {
    const world = new World([rule], [{ answer: 'failed' }, ok, { answer: 'failed' }, { answer: 'failed' }]);
    expect(await world.raise(aBatch('a', { pay: 3, cart: 1 }))).toMatchObject([
      { outcome: 'notified', id: { key: 'cart' } },
      { outcome: 'undelivered', id: { key: 'pay' } },
    ]);
  });

  it('is not asked again at once about a message that it refused', async () => {
    const world = new World([rule], [{ answer: 'refused' }]);
    expect(await outcomesOf(world)).toEqual(['refused']);
    expect(await outcomesOf(world)).toEqual(['undelivered']);
    expect(world.slack.attempts.get('default')).toHaveLength(1);
  });
});

describe('more alerts than a minute allows', () => {
  it('fold into a digest, critical ones told first, on top of what the minute allows', async () => {
    const critical = aRule({ name: 'critical', severity: 'critical' });
    const world = new World([rule, critical], [], ungrouped);
    const quiet = Array.from({ length: 20 }, (_, at) => [`s${at}`, at + 1] as const);
    const signals = [
      ...aBatch('a', Object.fromEntries(quiet)).signals,
      ...aBatch('a', { x: 1, y: 2, z: 3 }, 'critical').signals,
    ];
    const outcomes = await world.raise({ version: 1, id: 'a', signals });
    expect(world.told()).toEqual([
      ['z', 3, 0],
      ['y', 2, 0],
      ['x', 1, 0],
      ...[20, 19, 18, 17, 16].map((lines) => [`s${lines - 1}`, lines, 0]),
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === 'digested')).toHaveLength(15);
    const route = await world.store.load('route#default');
    expect(route?.value).toMatchObject({ open: { alerts: 15, lines: 120, rules: [{ rule: 'a-rule', alerts: 15 }] } });
  });

  it('do not hide a critical one that comes after them', async () => {
    const [info, fatal] = [aRule({ severity: 'info' }), aRule({ name: 'fatal', severity: 'critical' })];
    const world = new World([info, fatal]);
    await world.raise(aBatch('a', Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`s${at}`, 9]))));
    world.wait(SECOND);
    expect(await world.raise(aBatch('b', { pay: 1 }, 'fatal'))).toMatchObject([{ outcome: 'notified' }]);
    expect(world.told().at(-1)).toEqual(['pay', 1, 0]);
    expect(await world.raise(aBatch('c', { web: 1 }))).toMatchObject([{ outcome: 'digested' }]);
  });

  it('are, of critical ones, twice as many as a minute allows, and no more', async () => {
    const world = new World([aRule({ severity: 'critical' })], [], ungrouped);
    const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`s${at}`, 1] as const));
    const outcomes = await world.raise(aBatch('a', keys));
    expect(outcomes.filter(({ outcome }) => outcome === 'notified')).toHaveLength(10);
    expect(outcomes.filter(({ outcome }) => outcome === 'digested')).toHaveLength(4990);
    expect(world.clock.now() - T0).toBeLessThan(15 * SECOND);
  });

  it('are counted by webhook, whatever the routes that fall back to it', async () => {
    const other = aRule({ name: 'other', route: 'other' });
    const world = new World([rule, other]);
    const keys = { a: 1, b: 1, c: 1, d: 1 };
    const signals = [...aBatch('a', keys).signals, ...aBatch('a', keys, 'other').signals];
    const outcomes = await world.raise({ version: 1, id: 'a', signals });
    expect(outcomes.filter(({ outcome }) => outcome === 'notified')).toHaveLength(5);
    expect([...world.slack.attempts.keys()]).toEqual(['default']);
  });

  it('are 10,000 in one invocation, and all accounted for', async () => {
    const world = new World();
    const keys = Array.from({ length: 10_000 }, (_, at) => [`key ${at}`, 2] as const);
    const outcomes = await world.raise(aBatch('a', Object.fromEntries(keys)));
    expect(outcomes).toHaveLength(10_000);
    expect(world.told()).toHaveLength(5);
    const route = await world.store.load('route#default');
    expect(route?.value).toMatchObject({ open: { alerts: 9995, lines: 19_990 } });
    expect(JSON.stringify(route?.value).length).toBeLessThan(50_000);
    expect(await firstOf(world.store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
  });
});

describe('an invocation that ends early', () => {
  it('has SQS bring back what it had claimed, once its lease is over', async () => {
    const world = new World();
    const { items, clock, slack: notifier } = world;
    const dying = new Instance({ store: items, notifier, clock, latency: () => 0 }, { step: 3, after: true });
    await world.raise(aBatch('a', { pay: 3 }), dying.portsUntil(T0 + 30 * SECOND));
    expect(world.told()).toEqual([]);

    world.wait(leaseTime - 1);
    expect(await world.raise(aBatch('a', { pay: 3 }))).toMatchObject([{ outcome: 'undelivered' }]);
    world.wait(1);
    expect(await world.raise(aBatch('a', { pay: 3 }))).toMatchObject([{ outcome: 'notified' }]);
    expect(world.told()).toEqual([['pay', 3, 0]]);
  });

  it.each(Array.from({ length: 40 }, (_, step) => step))(
    'folds every alert once though it died at step %i',
    async (step) => {
      const world = new World([rule], [], { messages_per_minute: 0 });
      const { items, store, clock, slack: notifier } = world;
      const keys = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`s${at}`, 1] as const));
      const dying = new Instance({ store: items, notifier, clock, latency: () => 0 }, { step, after: step % 2 === 0 });
      await world.raise(aBatch('a', keys), dying.portsUntil(T0 + 30 * SECOND));

      world.wait(leaseTime);
      const again = await world.raise(aBatch('a', keys));
      expect(again.filter(({ outcome }) => outcome === 'undelivered')).toEqual([]);
      expect((await store.load('route#default'))?.value).toMatchObject({ open: { alerts: 8, lines: 8 } });
    },
  );

  it('leaves to others what it finds no time for', async () => {
    const world = new World();
    const load = world.items.load.bind(world.items);
    world.items.load = async (id) => {
      await world.clock.sleepUntil(world.clock.now() + SECOND);
      return load(id);
    };
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`s${at}`, 1] as const));
    const outcomes = await world.raise(aBatch('a', keys));
    expect(world.clock.now()).toBeLessThanOrEqual(T0 + 30 * SECOND);
    const left = outcomes.filter(({ outcome }) => outcome === 'undelivered');
    expect(left.length).toBeGreaterThan(0);
    expect(left[0]).toMatchObject({ reason: 'there was no time left to count it' });
  });

  it('reports a broken store and goes on with the other keys', async () => {
    const world = new World();
    const load = world.items.load.bind(world.items);
    world.items.load = (id) => (id.endsWith('pay') ? Promise.reject(new Error('no table')) : load(id));
    expect(await world.raise(aBatch('a', { pay: 1, cart: 1 }))).toMatchObject([
      { outcome: 'undelivered', reason: 'no table' },
      { outcome: 'notified' },
    ]);
  });
});
