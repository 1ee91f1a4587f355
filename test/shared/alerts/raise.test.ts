import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leaseTime } from '../../../shared/alerts/decide.js';
import type { Alert, AlertStore, Notifier, PostResult } from '../../../shared/alerts/ports.js';
import { type AlertOutcome, raiseAlerts } from '../../../shared/alerts/raise.js';
import type { SignalBatch } from '../../../shared/signals.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { memoryAlertStore } from '../../helpers/memoryAlertStore.js';

const rule = aRule({ cooldown: 10 * MINUTE });
const aBatch = (id: string, counts: Record<string, number>): SignalBatch => ({
  version: 1,
  id,
  signals: Object.entries(counts).map(([key, count]) => aSignal({ key, labels: { service: key }, count })),
});

class World {
  now = T0;
  readonly posted: Alert[] = [];
  answer: (alert: Alert) => PostResult = () => ({ result: 'sent' });
  readonly store: AlertStore = memoryAlertStore();
  readonly notifier: Notifier = {
    post: async (alert) => {
      const answer = this.answer(alert);
      if (answer.result === 'sent') this.posted.push(alert);
      return answer;
    },
  };

  raise(batch: SignalBatch, store = this.store, notifier = this.notifier): Promise<AlertOutcome[]> {
    return raiseAlerts(batch, [rule], { store, notifier, now: () => this.now });
  }

  toldCounts(key = 'pay'): number[] {
    return this.posted.filter((alert) => alert.key === key).map(({ notice }) => notice.count);
  }
}

describe('raiseAlerts', () => {
  it('tells once a cooldown and tells what it held back', async () => {
    const world = new World();
    expect(await world.raise(aBatch('a', { pay: 3 }))).toEqual([
      { outcome: 'notified', id: { rule: 'a-rule', key: 'pay' } },
    ]);
    expect(await world.raise(aBatch('b', { pay: 4 }))).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await world.raise(aBatch('b', { pay: 4 }))).toMatchObject([{ outcome: 'already counted' }]);
    world.now += 10 * MINUTE;
    await world.raise(aBatch('c', { pay: 1 }));
    expect(world.posted.map(({ notice }) => [notice.count, notice.suppressed])).toEqual([
      [3, 0],
      [5, 4],
    ]);
  });

  it('goes as the table in docs/rules.md says', async () => {
    const world = new World();
    const hourly = aRule({ cooldown: 60 * MINUTE });
    const matches: [minutes: number, seconds: number, count: number][] = [
      [0, 4, 3],
      [0, 31, 120],
      [59, 0, 1],
      [67, 12, 2],
    ];
    for (const [minutes, seconds, count] of matches) {
      const now = () => T0 + minutes * MINUTE + seconds * 1000;
      await raiseAlerts(aBatch(`${minutes}:${seconds}`, { billing: count }), [hourly], { ...world, now });
    }
    expect(world.posted.map(({ notice }) => [notice.count, notice.suppressed])).toEqual([
      [3, 0],
      [123, 121],
    ]);
  });

  it('gives each key a cooldown of its own and adds up a key of several minutes', async () => {
    const world = new World();
    const minutes = [aSignal({ count: 1 }), aSignal({ count: 2, minute: T0 + MINUTE, last: T0 + MINUTE })];
    await world.raise({ version: 1, id: 'a', signals: [...minutes, aSignal({ key: 'cart', count: 4 })] });
    expect(world.posted.map(({ key, notice }) => [key, notice.count, notice.last])).toEqual([
      ['pay', 3, T0 + MINUTE],
      ['cart', 4, T0 + 2000],
    ]);
  });

  it('drops the matches of a rule that is gone', async () => {
    const world = new World();
    const outcomes = await world.raise({
      version: 1,
      id: 'a',
      signals: [aSignal({ rule: 'gone', count: 3 }), aSignal({})],
    });
    expect(outcomes).toMatchObject([{ outcome: 'unknown rule', rule: 'gone', count: 3 }, { outcome: 'notified' }]);
  });

  it('tells with the redelivery what Slack did not take, and lets the other keys pass', async () => {
    const world = new World();
    world.answer = ({ key }) => (key === 'pay' ? { result: 'unavailable', reason: '503' } : { result: 'sent' });
    const outcomes = await world.raise(aBatch('a', { pay: 3, cart: 1 }));
    expect(outcomes).toMatchObject([{ outcome: 'undelivered', reason: '503' }, { outcome: 'notified' }]);

    world.answer = () => ({ result: 'sent' });
    await world.raise(aBatch('a', { pay: 3, cart: 1 }));
    expect([world.toldCounts('pay'), world.toldCounts('cart')]).toEqual([[3], [1]]);
  });

  it('has SQS bring back what a dying invocation had claimed, until its lease is over', async () => {
    const world = new World();
    const [claimed, afterwards] = [1, true];
    await world.raise(aBatch('a', { pay: 3 }), ...new Crash(claimed, afterwards).around(world));
    expect(world.toldCounts()).toEqual([]);

    world.now += leaseTime - 1;
    expect(await world.raise(aBatch('a', { pay: 3 }))).toMatchObject([{ outcome: 'undelivered' }]);
    world.now += 1;
    expect(await world.raise(aBatch('a', { pay: 3 }))).toMatchObject([{ outcome: 'notified' }]);
    expect(world.toldCounts()).toEqual([3]);
  });

  it('says when a message was refused for good', async () => {
    const world = new World();
    world.answer = () => ({ result: 'refused', reason: '404 no_service' });
    expect(await world.raise(aBatch('a', { pay: 1 }))).toMatchObject([
      { outcome: 'refused', reason: '404 no_service' },
    ]);
  });

  it('reports a broken store and goes on with the other keys', async () => {
    const world = new World();
    const store: AlertStore = {
      ...world.store,
      load: (id) => (id.key === 'pay' ? Promise.reject(new Error('no table')) : world.store.load(id)),
    };
    const outcomes = await world.raise(aBatch('a', { pay: 1, cart: 1 }), store);
    expect(outcomes).toMatchObject([{ outcome: 'undelivered', reason: 'no table' }, { outcome: 'notified' }]);
  });
});

/** Ends an invocation at its n-th step, before or after the step took effect, as a kill would. */
class Crash {
  #left: number;
  #after: boolean;
  happened = false;

  constructor(step: number, after: boolean) {
    this.#left = step;
    this.#after = after;
  }

  async step<T>(act: () => Promise<T>): Promise<T> {
    if (this.happened) throw new Error('dead');
    if (this.#left-- > 0) return act();
    this.happened = true;
    if (this.#after) await act();
    throw new Error('killed');
  }

  around({ store, notifier }: World): [AlertStore, Notifier] {
    return [
      {
        load: (id) => this.step(() => store.load(id)),
        save: (...args) => this.step(() => store.save(...args)),
      },
      { post: (alert) => this.step(() => notifier.post(alert)) },
    ];
  }
}

const aFault = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ fault: 'none' as const }) },
  { weight: 1, arbitrary: fc.constant({ fault: 'slack' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ fault: fc.constant('crash' as const), step: fc.nat({ max: 8 }), after: fc.boolean() }),
  },
);
type Fault = typeof aFault extends fc.Arbitrary<infer F> ? F : never;

const aSchedule = fc.record({
  batches: fc.array(fc.record({ pay: fc.integer({ min: 1, max: 9 }), cart: fc.nat({ max: 3 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  /** Which waiting batch is delivered next, whether SQS delivers it once more anyway, what goes wrong, and how long until then. */
  deliveries: fc.array(
    fc.record({
      pick: fc.nat(),
      again: fc.boolean(),
      fault: aFault,
      wait: fc.constantFrom(0, 1000, leaseTime, 3 * MINUTE, 10 * MINUTE),
    }),
    { maxLength: 40 },
  ),
});

/** Delivers as SQS does: until a batch is answered as done, it stays in the queue. */
async function play(
  world: World,
  batches: readonly SignalBatch[],
  deliveries: readonly { pick: number; again: boolean; fault: Fault; wait: number }[],
): Promise<void> {
  const queue = [...batches];
  const calm = { pick: 0, again: false, fault: { fault: 'none' } as Fault, wait: leaseTime };
  for (let i = 0; queue.length > 0; i++) {
    const { pick, again, fault, wait } = deliveries[i] ?? calm;
    world.now += wait;
    const at = pick % queue.length;
    const batch = queue[at] as SignalBatch;
    world.answer = () => (fault.fault === 'slack' ? { result: 'unavailable', reason: '500' } : { result: 'sent' });

    const crash = fault.fault === 'crash' ? new Crash(fault.step, fault.after) : undefined;
    const [store, notifier] = crash?.around(world) ?? [world.store, world.notifier];
    const outcomes = await world.raise(batch, store, notifier);
    const done = !crash?.happened && outcomes.every(({ outcome }) => outcome !== 'undelivered');
    if (done && !again) queue.splice(at, 1);
  }
}

/** A busy machine may need longer than jest's 5 s. */
const patience = 60_000;

describe('any schedule of deliveries, redeliveries, crashes and Slack failures', () => {
  const batchesOf = (counts: readonly { pay: number; cart: number }[]) =>
    counts.map(({ pay, cart }, i) => aBatch(`batch-${i}`.padEnd(64, '0'), cart > 0 ? { pay, cart } : { pay }));
  const totalOf = (batches: readonly SignalBatch[], key: string) =>
    batches
      .flatMap(({ signals }) => signals.filter((signal) => signal.key === key))
      .reduce((sum, { count }) => sum + count, 0);
  /** One more match when every cooldown is over brings out what was held back. */
  const flush = async (world: World) => {
    world.now += 60 * MINUTE;
    await play(world, [aBatch('flush', { pay: 1, cart: 1 })], []);
  };

  it(
    'tells every count exactly once when nothing crashes',
    async () => {
      await fc.assert(
        fc.asyncProperty(aSchedule, async ({ batches: counts, deliveries }) => {
          const world = new World();
          const batches = batchesOf(counts);
          await play(
            world,
            batches,
            deliveries.filter(({ fault }) => fault.fault !== 'crash'),
          );
          await flush(world);
          for (const key of ['pay', 'cart']) {
            const told = world.toldCounts(key).reduce((sum, count) => sum + count, 0);
            expect(told).toBe(totalOf(batches, key) + 1);
          }
        }),
        { numRuns: 500 },
      );
    },
    patience,
  );

  it(
    'never loses a count when invocations die, and repeats only what may have been lost',
    async () => {
      await fc.assert(
        fc.asyncProperty(aSchedule, async ({ batches: counts, deliveries }) => {
          const world = new World();
          const batches = batchesOf(counts);
          await play(world, batches, deliveries);
          // Everything SQS has was delivered, so each key that matched has been told of at least once.
          expect(world.toldCounts('pay').length).toBeGreaterThan(0);
          await flush(world);
          const crashes = deliveries.filter(({ fault }) => fault.fault === 'crash').length;
          for (const key of ['pay', 'cart']) {
            const total = totalOf(batches, key) + 1;
            const told = world.toldCounts(key);
            expect(told.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(total);
            expect(sumOfLast(world.posted.filter((alert) => alert.key === key))).toBe(total);
            expect(told.length).toBeLessThanOrEqual(batches.length + 1 + crashes);
          }
        }),
        { numRuns: 700 },
      );
    },
    patience,
  );

  it(
    'tells every count exactly once when invocations run at the same time',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), aSchedule, async (scheduler, { batches: counts }) => {
          const world = new World();
          const batches = batchesOf(counts);
          const store: AlertStore = {
            load: scheduler.scheduleFunction((id) => world.store.load(id)),
            save: scheduler.scheduleFunction((...args: Parameters<AlertStore['save']>) => world.store.save(...args)),
          };
          const notifier: Notifier = { post: scheduler.scheduleFunction((alert) => world.notifier.post(alert)) };
          // Every batch twice, all at once: a claim may only be waited for, never taken over.
          const running = Promise.all([...batches, ...batches].map((batch) => world.raise(batch, store, notifier)));
          await scheduler.waitFor(running);
          expect(world.toldCounts('pay')).toHaveLength(1);
          await flush(world);
          const told = world.toldCounts('pay').reduce((sum, count) => sum + count, 0);
          expect(told).toBe(totalOf(batches, 'pay') + 1);
        }),
        { numRuns: 200 },
      );
    },
    patience,
  );
});

/** The counts of the messages, of a repeated one only the last: it tells all that its forerunners told. */
function sumOfLast(alerts: readonly Alert[]): number {
  const last = new Map(alerts.map(({ notice }) => [notice.number, notice.count]));
  return [...last.values()].reduce((sum, count) => sum + count, 0);
}
