import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SweepPorts } from '../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../shared/alerts/raise.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../shared/alerts/simulation/simulatedClock.js';
import type { KeyItem } from '../../../shared/alerts/state/keyItem.js';
import { KeyStates } from '../../../shared/alerts/state/keyStates.js';
import { sweep } from '../../../shared/alerts/sweep.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { firstOf } from '../../../shared/text/firstOf.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { SimulatedSlack, type SlackAnswer } from '../../helpers/simulatedSlack.js';

const SECOND = 1000;

class World {
  readonly clock = new SimulatedClock(T0);
  readonly items = new MemoryStateStore();
  readonly store;
  readonly slack: SimulatedSlack;
  readonly objects = new Map<string, string>();
  readonly sent: SignalBatch[] = [];

  readonly book;

  constructor(
    private readonly rules: readonly Rule[],
    plan: SlackAnswer[] = [],
    bounds?: ConstructorParameters<typeof KeyStates>[2],
  ) {
    this.store = new KeyStates(this.items, () => this.clock.now(), bounds);
    this.slack = new SimulatedSlack(this.clock, plan);
    this.book = ruleBook(rules);
  }

  /** The ports of an invocation that begins now. */
  ports(timeout = 50 * SECOND): SweepPorts {
    const { clock, store, slack: notifier, objects, sent } = this;
    return {
      ...{ clock, store, notifier, deadline: clock.now() + timeout, silences: async () => [] },
      queue: { send: async (batch) => void sent.push(batch) },
      refused: {
        list: async (limit) => [...objects.keys()].slice(0, limit),
        read: async (name) => objects.get(name),
        remove: async (name) => void objects.delete(name),
      },
    };
  }

  sweepAfter(ms: number, changes: Partial<SweepPorts> = {}) {
    this.clock.moveTo(this.clock.now() + ms);
    return sweep(this.book, { ...this.ports(), ...changes });
  }

  raise(id: string, counts: Record<string, number>, changes: Partial<SweepPorts> = {}) {
    const rule = this.rules[0]?.name ?? '';
    const ts = this.clock.now();
    const signals = Object.entries(counts).map(([key, count]) =>
      aSignal({ rule, key, labels: { service: key }, count, first: ts, last: ts }),
    );
    return raiseAlerts({ version: 1, id, signals }, this.book, { ...this.ports(30 * SECOND), ...changes });
  }

  /** What people were told, and the seconds since T0. */
  told() {
    return this.slack.received.map(({ at, post }) => {
      const second = Math.floor((at - T0) / SECOND);
      if (post.kind === 'digest') return [second, 'digest', post.digest.number, post.digest.alerts, post.digest.lines];
      return [second, post.alert.notice.kind, post.alert.key, post.alert.notice.count];
    });
  }
}

const nothing = { returned: 0, digests: [], outcomes: [], problems: [] };

describe('sweep', () => {
  it('has nothing to do in quiet times', async () => {
    expect(await new World([aRule()]).sweepAfter(0)).toEqual(nothing);
  });

  it('tells of an expected key that was never seen, even when nothing at all arrives', async () => {
    const rule = aRule({ type: 'absence', window: 10 * MINUTE, lateness: MINUTE, expect: [{ service: 'pay' }] });
    const world = new World([rule]);
    for (let minute = 0; minute <= 12; minute++) await world.sweepAfter(minute === 0 ? 0 : MINUTE);
    expect(world.told()).toEqual([[11 * 60, 'firing', 'pay', 0]]);
  });

  it('gives a key that many rules expect a state of each in one write', async () => {
    const changes = { type: 'absence', window: 10 * MINUTE, expect: [{ service: 'pay' }] } as const;
    const world = new World(Array.from({ length: 25 }, (_, n) => aRule({ name: `rule-${n}`, ...changes })));
    const save = world.items.save.bind(world.items);
    const saved: boolean[] = [];
    world.items.save = async (id, ...of) => {
      const isSaved = await save(id, ...of);
      if (id === 'key#pay') saved.push(isSaved);
      return isSaved;
    };
    expect(await world.sweepAfter(0)).toEqual(nothing);
    expect(saved).toEqual([true]);
    expect(await firstOf(world.store.scan('alert#rule-'), 100)).toHaveLength(25);
  });

  it('tells that it is over, and then leaves the key alone', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    await world.raise('a', { pay: 2 });
    for (let minute = 0; minute < 8; minute++) await world.sweepAfter(MINUTE);
    expect(world.told()).toEqual([
      [0, 'firing', 'pay', 2],
      [300, 'resolved', 'pay', 0],
    ]);
    expect(await firstOf(world.store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
  });

  it('leaves a key alone that was told until it may be over, though the claim ended before', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    await world.raise('a', { pay: 2 });
    const due = (to: number) => firstOf(world.store.agenda('sweep', 0, to), 10);
    expect(await due(T0 + 5 * MINUTE - 1)).toEqual([]);
    expect(await due(T0 + 5 * MINUTE)).toHaveLength(1);
  });

  it('tells of the other keys when the item of one can not be read, and says which and why', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    await world.raise('a', { pay: 1, cart: 2 });
    const load = world.items.load.bind(world.items);
    world.items.load = async (id) => {
      if (id === 'key#pay') throw new Error('throttled');
      return load(id);
    };
    const { problems } = await world.sweepAfter(6 * MINUTE);
    expect(problems).toEqual(['the alerts that are due of key#pay: throttled']);
    expect(world.told().slice(2)).toEqual([[expect.any(Number), 'resolved', 'cart', 0]]);
    world.items.load = load;
    await world.sweepAfter(MINUTE);
    expect(world.told().slice(3)).toEqual([[expect.any(Number), 'resolved', 'pay', 0]]);
  });

  it('tells what it claimed when the agenda fails on the way, and says that it did', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    await world.raise('a', { pay: 1, cart: 2, web: 3 });
    const agenda = world.items.agenda.bind(world.items);
    world.items.agenda = async function* (name, ...of) {
      yield* await firstOf(agenda(name, ...of), 2);
      if (name === 'sweep') throw new Error('throttled');
    };
    const { problems } = await world.sweepAfter(6 * MINUTE);
    expect(problems).toEqual(['the alerts that are due: throttled']);
    expect(world.told().filter(([, kind]) => kind === 'resolved')).toHaveLength(2);
    world.items.agenda = agenda;
    await world.sweepAfter(MINUTE);
    expect(world.told().filter(([, kind]) => kind === 'resolved')).toHaveLength(3);
  });

  it.each([
    { of: 'a rule', gone: false },
    { of: 'a rule that is gone', gone: true },
  ])('takes a state of $of off the agenda whose value is gone, and looks at it no more', async ({ gone }) => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })], [], { maxStateBytes: 0, maxStates: 24 });
    await world.raise('a', { pay: 1 });
    const items = await firstOf(world.items.scan('apart#'), 10);
    expect(items).toHaveLength(1);
    // Time to live takes them one by one.
    for (const { id } of items) await world.items.remove(id);
    world.clock.moveTo(T0 + 6 * MINUTE);
    const { problems } = await sweep(gone ? ruleBook([]) : world.book, world.ports());
    expect(problems).toEqual([]);
    expect(await firstOf(world.items.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
    expect(await world.store.load('alert#a-rule#pay')).toBeUndefined();
  });

  it('says of an item on the agenda that it is of another form, rather than to find nothing due in it', async () => {
    const world = new World([aRule()]);
    const terms = { expires: T0 + 60 * MINUTE, agenda: { name: 'sweep', at: T0 } } as const;
    await world.items.save('key#pay', { states: {} }, undefined, terms);
    const { problems } = await world.sweepAfter(MINUTE);
    expect(problems).toEqual(['the alerts that are due of key#pay: what is stored of the key has no rules']);
  });

  it('tells what a silence and a mute time kept, when they end', async () => {
    // T0 is a Sunday, 16:03.
    const mute = [{ days: [0], from: 0, to: 16 * 60 + 8, zone: 'UTC' }];
    const world = new World([aRule({ mute })]);
    await world.raise('a', { pay: 2 });
    await world.raise('b', { pay: 3 });
    const silence = {
      id: 's1',
      matchers: { service: 'pay' },
      until: T0 + 8 * MINUTE,
      created: T0,
      by: 'me',
      why: 'a test',
    };
    for (let minute = 1; minute <= 20; minute++) await world.sweepAfter(MINUTE, { silences: async () => [silence] });
    expect(world.told()).toEqual([[480, 'firing', 'pay', 5]]);
    expect(await firstOf(world.store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
  });

  it('tells of a key that is silenced until it is over that it is, with what was held back, and of the next time as ever', async () => {
    const [quiet, cooldown] = [5 * MINUTE, MINUTE];
    const minutes = fc.array(fc.record({ lines: fc.nat(3), quiet: fc.boolean() }), { minLength: 20, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(minutes, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (course, silenced, resolves) => {
        // Without `resolve` it is over after a cooldown without a line.
        const rule = aRule(resolves ? { resolveAfter: quiet, cooldown } : { cooldown: quiet });
        const world = new World([rule]);
        const alert = { rule: rule.name, key: 'pay' };
        const times = { created: T0 + silenced * MINUTE - 1, until: T0 + 7 * 1440 * MINUTE };
        const silence = { id: 's', matchers: {}, alert, untilResolved: true, ...times, by: 'me', why: 'x' } as const;
        const silences = async () => (world.clock.now() > silence.created ? [silence] : []);
        await world.raise('first', { pay: 1 });
        let [sent, last, over] = [1, 0, Number.POSITIVE_INFINITY];
        const all = [...course, ...Array(12).fill({ lines: 0, quiet: true })];
        for (const [at, { lines, quiet: none }] of all.entries()) {
          const minute = at + 1;
          if (minute >= silenced && minute - last >= quiet / MINUTE) over = Math.min(over, minute);
          const count = none || minute % 2 === 1 ? 0 : lines;
          if (count > 0) {
            world.clock.moveTo(T0 + minute * MINUTE);
            await world.raise(`batch ${minute}`, { pay: count }, { silences });
            [sent, last] = [sent + count, minute];
          }
          world.clock.moveTo(T0 + minute * MINUTE);
          await world.sweepAfter(0, { silences });
        }
        const told = world.told().map(([second, ...what]) => [Number(second) / 60, ...what] as const);
        expect(told.filter(([at]) => at >= silenced && at < over)).toEqual([]);
        expect(told.reduce((sum, [, , , count]) => sum + Number(count), 0)).toBe(sent);
        const [next] = told.filter(([at]) => at >= over);
        const notices = world.slack.received.flatMap(({ at, post }) => (post.kind === 'alert' ? [{ at, post }] : []));
        const later = notices.filter(({ at }) => at > T0 + over * MINUTE).map(({ post }) => post.alert.notice);
        expect(later.filter(({ heldBy }) => heldBy?.by === 'silence').slice(next?.[0] === over ? 0 : 1)).toEqual([]);
        if (resolves) expect(next?.slice(0, 2)).toEqual([over, expect.stringMatching(/resolved|firing/)]);
      }),
      { numRuns: 60 },
    );
  });

  it('tells what another rule kept silent, when that one is over', async () => {
    const world = new World([
      aRule({ unlessFiring: ['outer'] }),
      aRule({ name: 'outer', cooldown: 5 * MINUTE, severity: 'critical' }),
    ]);
    const signals = ['a-rule', 'outer'].map((rule) => aSignal({ rule, count: 7 }));
    await raiseAlerts({ version: 1, id: 'a', signals }, world.book, world.ports());
    for (let minute = 1; minute <= 20; minute++) await world.sweepAfter(MINUTE);
    expect(world.slack.received.map(({ post }) => post.kind === 'alert' && post.alert)).toMatchObject([
      { rule: 'outer', notice: { count: 7, suppressed: 0 } },
      { rule: 'a-rule', notice: { count: 7, suppressed: 7, heldBy: { by: 'unless firing', rule: 'outer' } } },
    ]);
    expect(world.told().map(([second]) => second)).toEqual([0, 300]);
  });

  it('tells what could not be told', async () => {
    const world = new World([aRule()], [{ answer: 'throttled', retryAfter: 45 * SECOND }]);
    await world.raise('a', { pay: 2 });
    await world.sweepAfter(MINUTE);
    expect(world.told()).toEqual([[60, 'firing', 'pay', 2]]);
    expect(await world.sweepAfter(MINUTE)).toEqual(nothing);
  });

  it('tells once when two of them run at once', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    const keys = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}`, 1] as const));
    await world.raise('a', keys);
    await Promise.all([world.sweepAfter(MINUTE), world.sweepAfter(0)]);
    expect(world.told().filter(([, kind]) => kind === 'digest')).toEqual([[65, 'digest', 1, 4, 4]]);
    await Promise.all([world.sweepAfter(5 * MINUTE), world.sweepAfter(0)]);
    await world.sweepAfter(MINUTE);
    const over = world.told().filter(([, kind]) => kind === 'resolved');
    const digests = world.slack.received.flatMap(({ post }) =>
      post.kind === 'digest' ? [post.digest.resolved ?? 0] : [],
    );
    expect(over.length + digests.reduce((sum, resolved) => sum + resolved, 0)).toBe(9);
  });

  it('takes off the agenda what a rule left that is gone', async () => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE })]);
    await world.raise('a', { pay: 2 });
    world.clock.moveTo(T0 + 10 * MINUTE);
    const { outcomes } = await sweep(ruleBook([]), world.ports());
    expect(outcomes).toEqual([{ outcome: 'unknown rule', rule: 'a-rule', count: 0 }]);
    expect(await firstOf(world.store.agenda('sweep', 0, Number.MAX_SAFE_INTEGER), 10)).toEqual([]);
    expect(await world.store.load('alert#a-rule#pay')).toBeDefined();
  });

  it.each(
    ['in the item', 'apart', 'gone'].flatMap((value) =>
      ['is there', 'is gone'].flatMap((rule) => [8, 40 * 24 * 60].map((minutes) => ({ value, rule, minutes }))),
    ),
  )('looks once at a state after $minutes minutes whose value is $value and whose rule $rule', async (of) => {
    const world = new World([aRule({ resolveAfter: 5 * MINUTE }), aRule({ name: 'other' })]);
    await world.raise('a', { pay: 2 });
    const { value, version = 0, agenda } = (await world.items.load('key#pay')) ?? {};
    const { rules } = value as KeyItem;
    const { value: state, ...entry } = rules['a-rule'] ?? { version: 0, expires: 0 };
    if (of.value !== 'in the item') {
      const apart = { ...rules, 'a-rule': { ...entry, apart: 'apart#a-rule#x' } };
      await world.items.save('key#pay', { rules: apart }, version, { expires: 0, ...(agenda && { agenda }) });
    }
    if (of.value === 'apart') await world.items.save('apart#a-rule#x', state, undefined, { expires: 0 });
    world.clock.moveTo(T0 + of.minutes * MINUTE);
    await sweep(of.rule === 'is there' ? world.book : ruleBook([]), world.ports());
    const read: string[] = [];
    const load = world.items.load.bind(world.items);
    world.items.load = (id) => {
      if (id.startsWith('key#')) read.push(id);
      return load(id);
    };
    world.clock.moveTo(world.clock.now() + MINUTE);
    expect(await sweep(world.book, world.ports())).toEqual(nothing);
    expect(read).toEqual([]);
  });

  it('goes on with the rest when a part fails', async () => {
    const world = new World([aRule()], [{ answer: 'throttled', retryAfter: 45 * SECOND }]);
    await world.raise('a', { pay: 2 });
    const refused = { ...world.ports().refused, list: () => Promise.reject(new Error('Access Denied')) };
    const { problems } = await world.sweepAfter(MINUTE, { refused });
    expect(problems).toEqual(['the batches under signals/: Access Denied']);
    expect(world.told()).toEqual([[60, 'firing', 'pay', 2]]);
  });
});

describe('digests', () => {
  const storm = (from: number) =>
    Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`s${from + at}`, 2] as const));

  it('are posted by the sweep, at most one a minute', async () => {
    const world = new World([aRule()]);
    await world.raise('a', storm(0));
    expect((await world.sweepAfter(10 * SECOND)).digests).toEqual([
      { route: 'default', number: 1, alerts: 15, lines: 30, outcome: 'sent' },
    ]);
    await world.raise('b', storm(100));
    expect((await world.sweepAfter(20 * SECOND)).digests).toEqual([]);
    expect((await world.sweepAfter(40 * SECOND)).digests).toMatchObject([{ number: 2, alerts: 20, outcome: 'sent' }]);
    expect(await world.sweepAfter(MINUTE)).toEqual(nothing);
  });

  it('that were not sent take along what came since, under their number', async () => {
    const world = new World([aRule()], [...Array(5).fill({ answer: 'ok' }), { answer: 'failed' }]);
    await world.raise('a', storm(0));
    expect((await world.sweepAfter(30 * SECOND)).digests).toMatchObject([{ number: 1, alerts: 15, outcome: 'unsent' }]);
    await world.raise('b', storm(100));
    expect((await world.sweepAfter(30 * SECOND)).digests).toMatchObject([{ number: 1, alerts: 35, outcome: 'sent' }]);
  });

  it('that Slack refuses are tried again with growing pauses, and grow', async () => {
    const world = new World(
      [aRule()],
      [...Array(5).fill({ answer: 'ok' }), { answer: 'refused' }, { answer: 'refused' }],
    );
    await world.raise('a', storm(0));
    const outcomes: (string | undefined)[] = [];
    for (let minute = 0; minute < 7; minute++) outcomes.push((await world.sweepAfter(MINUTE)).digests[0]?.outcome);
    expect(outcomes).toEqual(['refused', 'refused', undefined, 'sent', undefined, undefined, undefined]);
  });

  it('wait for a paused webhook', async () => {
    const plan: SlackAnswer[] = [...Array(4).fill({ answer: 'ok' }), { answer: 'throttled', retryAfter: 170 * SECOND }];
    const world = new World([aRule()], plan);
    await world.raise('a', storm(0));
    const outcomes: number[] = [];
    for (let minute = 0; minute < 4; minute++) outcomes.push((await world.sweepAfter(MINUTE)).digests.length);
    expect(outcomes).toEqual([0, 0, 1, 0]);
  });
});

describe('batches that the queue refused', () => {
  const batch: SignalBatch = { version: 1, id: 'a', signals: [aSignal({})] };

  it('go back to it', async () => {
    const world = new World([aRule()]);
    for (let at = 0; at < 20; at++) world.objects.set(`signals/a-${at}.json`, JSON.stringify(batch));
    expect(await world.sweepAfter(0)).toEqual({ ...nothing, returned: 20 });
    expect(world.sent).toEqual(Array(20).fill(batch));
    expect(world.objects.size).toBe(0);
  });

  it('stay when it refuses them again, or when they can not be read', async () => {
    const world = new World([aRule()]);
    world.objects.set('signals/a-0.json', JSON.stringify(batch));
    world.objects.set('signals/b-0.json', 'password');
    const queue = { send: () => Promise.reject(new Error('QueueDoesNotExist')) };
    const { problems, returned } = await world.sweepAfter(0, { queue });
    expect([returned, world.objects.size]).toEqual([0, 2]);
    expect([...problems].sort()).toEqual([
      'signals/a-0.json: QueueDoesNotExist',
      expect.stringContaining('signals/b-0.json: the message is not a signal batch'),
    ]);
  });

  it('that another sweep took are none of its business', async () => {
    const world = new World([aRule()]);
    const refused = { ...world.ports().refused, list: async () => ['signals/gone-0.json'] };
    expect(await world.sweepAfter(0, { refused })).toEqual(nothing);
  });
});
