import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Alert, Post, SweepPorts } from '../../../shared/alerts/ports.js';
import { raiseAlerts } from '../../../shared/alerts/raise.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../../shared/alerts/simulation/simulatedClock.js';
import { KeyStates } from '../../../shared/alerts/state/keyStates.js';
import { sweep } from '../../../shared/alerts/sweep.js';
import { titleOf } from '../../../shared/alerts/title.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { aRule, aSignal, MINUTE, type RuleChanges, T0 } from '../../helpers/alerts.js';
import { AlertWorld } from '../../helpers/alertWorld.js';
import { SimulatedSlack } from '../../helpers/simulatedSlack.js';

jest.setTimeout(300_000);

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function newRule(changes: RuleChanges = {}) {
  return aRule({
    ...{ type: 'new', remember: 30 * DAY, learn: 0, burst: 3, name: 'new-error', by: ['service', 'fingerprint'] },
    ...{ title: 'New error in {service} ({fingerprint})', cooldown: HOUR, maxCooldown: HOUR },
    ...changes,
  } as RuleChanges);
}

/** Lines of errors, by service and fingerprint. */
function aBatch(id: string, counts: Record<string, Record<string, number>>, ts = T0): SignalBatch {
  const signals = Object.entries(counts).flatMap(([service, errors]) =>
    Object.entries(errors).map(([fingerprint, count]) =>
      aSignal({
        ...{ rule: 'new-error', key: `${service}|${fingerprint}`, labels: { service, fingerprint } },
        ...{ bucket: ts, first: ts, last: ts, count, samples: [{ ts, service, message: `error ${fingerprint}` }] },
      }),
    ),
  );
  return { version: 1, id: id.padEnd(64, '0'), signals };
}

function errors(count: number, prefix = 'e'): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 1]));
}

class World {
  readonly clock = new SimulatedClock(T0);
  readonly slack = new SimulatedSlack(this.clock, [], {});
  readonly store = new KeyStates(new MemoryStateStore(), () => this.clock.now());
  constructor(readonly rule = newRule()) {}

  raise(batch: SignalBatch) {
    return raiseAlerts(batch, this.book, this.ports());
  }

  async sweepUntil(time: number) {
    for (let now = this.clock.now(); now <= time; now += MINUTE) {
      this.clock.moveTo(now);
      await sweep(this.book, this.ports());
    }
  }

  /** Key, lines and new keys of what people were told, of those that are told together. */
  told() {
    return alertsOf(this.slack.received).map(({ key, notice }) => [key, notice.count, keysOf(notice.measured)]);
  }

  private get book() {
    return ruleBook([this.rule], { messages_per_minute: 30 });
  }

  private ports(): SweepPorts {
    const { clock, store, slack: notifier } = this;
    return {
      ...{ clock, store, notifier, deadline: clock.now() + 30_000, silences: async () => [] },
      ...{ queue: { send: async () => undefined } },
      refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
    };
  }
}

function alertsOf(received: readonly { readonly post: Post }[]): Alert[] {
  return received.flatMap(({ post }) => (post.kind === 'alert' ? [post.alert] : []));
}

function keysOf(measured: Alert['notice']['measured']): number | undefined {
  return measured.type === 'new' ? measured.keys : undefined;
}

describe('a crowd of new keys', () => {
  it('has its first told singly, the loudest before the others, and the others together, with their number', async () => {
    const world = new World();
    await world.raise(aBatch('a', { cart: { ...errors(4997), loud: 9, louder: 12, loudest: 15 }, pay: { x: 2 } }));
    expect(world.told().sort()).toEqual([
      ['cart|*', 4997, 4997],
      ['cart|loud', 9, undefined],
      ['cart|louder', 12, undefined],
      ['cart|loudest', 15, undefined],
      ['pay|x', 2, undefined],
    ]);
    const together = alertsOf(world.slack.received).find(({ key }) => key === 'cart|*');
    expect(together && titleOf(together)).toBe('New error in cart ((several))');
  });

  it('is told once of in its cooldown, and of those that came meanwhile after it', async () => {
    const world = new World();
    await world.raise(aBatch('a', { cart: errors(10) }));
    for (let minute = 1; minute <= 20; minute++) {
      world.clock.moveTo(T0 + minute * MINUTE);
      await world.raise(aBatch(`b${minute}`, { cart: errors(10, `b${minute}-`) }, world.clock.now()));
    }
    expect(world.told()).toHaveLength(4);
    await world.sweepUntil(T0 + 2 * HOUR);
    expect(world.told().filter(([key]) => key === 'cart|*')).toEqual([
      ['cart|*', 7, 7],
      ['cart|*', 200, 200],
    ]);
  });

  it('is known afterwards, each of it', async () => {
    const world = new World();
    await world.raise(aBatch('a', { cart: errors(10) }));
    world.clock.moveTo(T0 + 3 * HOUR);
    expect(await world.raise(aBatch('b', { cart: errors(10) }, T0 + MINUTE))).toEqual(
      Array.from({ length: 10 }, (_, at) => ({ outcome: 'counted', id: { rule: 'new-error', key: `cart|e${at}` } })),
    );
    expect(world.told()).toHaveLength(4);
  });

  it('is counted once when its batch comes again', async () => {
    const world = new World();
    await world.raise(aBatch('a', { cart: errors(10) }));
    await world.raise(aBatch('a', { cart: errors(10) }));
    await world.sweepUntil(T0 + 3 * HOUR);
    expect(world.told()).toHaveLength(4);
  });

  it('has a place again an hour later', async () => {
    const world = new World();
    await world.raise(aBatch('a', { cart: errors(3) }));
    world.clock.moveTo(T0 + HOUR);
    await world.raise(aBatch('b', { cart: errors(3, 'b') }, world.clock.now()));
    expect(world.told()).toHaveLength(6);
  });

  it('is one of the rule where keys are of one column', async () => {
    const world = new World(newRule({ by: ['fingerprint'] }));
    const signals = aBatch('a', { cart: errors(5) }).signals.map((signal) => ({
      ...signal,
      key: `${signal.labels.fingerprint}`,
      labels: { fingerprint: `${signal.labels.fingerprint}` },
    }));
    await world.raise({ ...aBatch('a', {}), signals });
    expect(world.told()).toContainEqual(['*', 2, 2]);
  });
});

describe('a rule that learns', () => {
  it('remembers what turns up on its first day and tells nobody, and tells what is new after it', async () => {
    const world = new World(newRule({ learn: DAY } as RuleChanges));
    await world.raise(aBatch('a', { cart: errors(50), pay: errors(2) }));
    world.clock.moveTo(T0 + DAY - 1);
    await world.raise(aBatch('b', { cart: { late: 1 } }, world.clock.now()));
    expect(world.told()).toEqual([]);
    world.clock.moveTo(T0 + DAY);
    await world.raise(aBatch('c', { cart: { ...errors(50), late: 1, fresh: 2 } }, world.clock.now()));
    expect(world.told()).toEqual([['cart|fresh', 2, undefined]]);
  });

  it('begins with the first sweep: the first error of a quiet service is told', async () => {
    const world = new World(newRule({ learn: DAY } as RuleChanges));
    await world.sweepUntil(T0 + MINUTE);
    world.clock.moveTo(T0 + 2 * DAY);
    await world.raise(aBatch('a', { cart: { first: 1 } }, world.clock.now()));
    expect(world.told()).toEqual([['cart|first', 1, undefined]]);
  });
});

describe('any course of batches, redeliveries, sweeps and two instances at once', () => {
  const aCrash = fc.record({ step: fc.nat({ max: 60 }), after: fc.boolean() });
  const maybe = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, aCrash);

  function courses(crash: fc.Arbitrary<{ step: number; after: boolean } | undefined>) {
    const crowd = fc.record({ service: fc.constantFrom('cart', 'pay'), keys: fc.integer({ min: 1, max: 8 }) });
    return fc.record({
      crowds: fc.array(crowd, { minLength: 1, maxLength: 5 }),
      deliveries: fc.array(
        fc.record({
          wait: fc.constantFrom(0, 100, 20_000),
          messages: fc.integer({ min: 1, max: 3 }),
          again: fc.constantFrom(undefined, 0),
          crash,
        }),
        {
          maxLength: 8,
        },
      ),
      sweeps: fc.array(fc.record({ crash, twice: fc.boolean() }), { maxLength: 8 }),
      slack: fc.constant([]),
      seed: fc.nat(),
    });
  }

  type CourseOf<A> = A extends fc.Arbitrary<infer C> ? C : never;

  async function play(course: CourseOf<ReturnType<typeof courses>>) {
    const rule = newRule({ cooldown: 4 * MINUTE, maxCooldown: 4 * MINUTE });
    const world = new AlertWorld(ruleBook([rule], { messages_per_minute: 60 }), course, {});
    for (const [at, { service, keys }] of course.crowds.entries())
      world.send(aBatch(`batch-${at}-`, { [service]: errors(keys, `${at}-`) }));
    await world.run();
    const last = new Map(
      alertsOf(world.slack.received).map(({ key, notice }) => [`${key} ${notice.number}`, { key, notice }]),
    );
    const told = [...last.values()];
    const together = told.filter(({ key }) => key.endsWith('|*'));
    return {
      singly: told.filter(({ key }) => !key.endsWith('|*')).map(({ key }) => key),
      together: together.reduce((sum, { notice }) => sum + (keysOf(notice.measured) ?? 0), 0),
      lines: together.reduce((sum, { notice }) => sum + notice.count, 0),
    };
  }

  const keysIn = (course: { crowds: readonly { keys: number }[] }) =>
    course.crowds.reduce((sum, { keys }) => sum + keys, 0);

  it('tells every key once, singly or together, and no more singly than there are places', async () => {
    await fc.assert(
      fc.asyncProperty(courses(fc.constant(undefined)), async (course) => {
        const { singly, together, lines } = await play(course);
        expect(new Set(singly).size).toBe(singly.length);
        for (const service of ['cart', 'pay'])
          expect(singly.filter((key) => key.startsWith(service)).length).toBeLessThanOrEqual(3);
        expect({ keys: singly.length + together, lines }).toEqual({ keys: keysIn(course), lines: together });
      }),
      { numRuns: 300 },
    );
  });

  it('tells of every line at least once when functions die at any step', async () => {
    await fc.assert(
      fc.asyncProperty(courses(maybe), async (course) => {
        const { singly, lines } = await play(course);
        expect(singly.length + lines).toBeGreaterThanOrEqual(keysIn(course));
      }),
      { numRuns: 300 },
    );
  });
});
