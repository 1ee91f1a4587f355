import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertState, dueAt, isFiring } from '../../../shared/alerts/state/decide.js';
import { observe } from '../../../shared/conditions/condition.js';
import { joinSums, withoutKey } from '../../../shared/conditions/sums.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { OneKey } from '../../helpers/oneKey.js';

const HOUR = 60 * MINUTE;
const rule = aRule({ type: 'gap', of: 'fields.number', grace: HOUR, cooldown: HOUR, resolveAfter: MINUTE });
const at = (minutes: number) => T0 + minutes * MINUTE;
/** Lines with these numbers, all of one minute. */
const lines = (minutes: number, ...numbers: number[]) =>
  numbers.map((number) => ({ ts: at(minutes), value: String(number) }));
const minutesOf = (key: OneKey) => key.summary(T0).map(([kind, count, after]) => [kind, count, after / MINUTE]);

describe('gap: a number that has not come an hour after a higher one', () => {
  it('is not looked at again before it may be told, when another one was told a moment ago', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 2));
    key.deliver(at(5), 'b', lines(4, 5));
    key.deliver(at(30), 'c', lines(30, 8));
    key.sweep(at(65));
    expect(dueAt(key.state as AlertState, rule)).toBe(at(125));
    key.sweepUntil(at(66), at(1000));
    expect(minutesOf(key)).toEqual([
      ['firing', 2, 65],
      ['firing', 2, 125],
    ]);
  });

  it('is told once, with the lines around it', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 2));
    key.deliver(at(5), 'b', lines(4, 5));
    expect(dueAt(key.state as AlertState, rule)).toBe(at(65));
    expect(key.sweep(at(65) - 1)).toBeUndefined();
    expect(key.sweep(at(65))).toMatchObject({
      ...{ action: 'notify', reason: 'first' },
      notice: { count: 2, first: at(0), last: at(4), measured: { type: 'gap', missing: 2, ranges: [[3, 4]] } },
    });
    key.sweepUntil(at(66), at(1000));
    expect(minutesOf(key)).toEqual([['firing', 2, 65]]);
    expect(isFiring(key.state as AlertState, rule, at(66))).toBe(false);
  });

  it('is not told when it comes within the hour', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 4));
    key.deliver(at(59), 'b', lines(2, 3));
    key.deliver(at(59), 'c', lines(1, 2));
    expect(dueAt(key.state as AlertState, rule)).toBeUndefined();
    key.sweepUntil(at(0), at(500));
    expect(key.told).toEqual([]);
  });

  it('is told for what is left of it, each part an hour after it was noticed', () => {
    const key = new OneKey({ ...rule, cooldown: 0, maxCooldown: 0 } as typeof rule);
    key.deliver(at(0), 'a', lines(0, 1, 4));
    key.deliver(at(30), 'b', lines(30, 2, 6));
    key.sweepUntil(at(31), at(200));
    expect(minutesOf(key)).toEqual([
      ['firing', 1, 60],
      ['firing', 1, 90],
    ]);
  });

  it('is over when all of it comes after all', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 4));
    key.sweepUntil(at(1), at(60));
    key.deliver(at(70), 'b', lines(1, 2));
    key.sweepUntil(at(70), at(80));
    key.deliver(at(81), 'c', lines(1, 3));
    key.sweepUntil(at(81), at(500));
    expect(minutesOf(key)).toEqual([
      ['firing', 2, 60],
      ['resolved', 0, 81],
    ]);
  });

  it('waits for the end of a silence, and is told whole', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 4));
    for (let minute = 60; minute < 70; minute++) key.sweep(at(minute), { by: 'mute' });
    key.sweepUntil(at(70), at(80));
    expect(minutesOf(key)).toEqual([['firing', 2, 70]]);
  });

  it('comes to the same when a batch is delivered again, and counts it as no second line', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', lines(0, 1, 2));
    const { state } = key;
    expect(key.deliver(at(1), 'a', lines(0, 1, 2))).toEqual({
      action: 'none',
      reason: 'already counted',
      next: undefined,
    });
    expect(key.state).toEqual(state);
  });

  it('remembers the batches of half an hour, one a minute', () => {
    const key = new OneKey(rule);
    for (let minute = 0; minute < 100; minute++) key.deliver(at(minute), `${minute}`, lines(minute, minute + 1));
    expect(key.state?.batches).toHaveLength(30);
    // Less than a write unit of DynamoDB beside the item's other attributes.
    expect(JSON.stringify(key.state).length).toBeLessThan(900);
  });

  it('says what a batch changed', () => {
    const first = observe(rule, undefined, [aSignal({ numbers: [[1, 1]], doubled: 2 })], T0);
    expect(first).toMatchObject({ outcome: 'counted', noticed: { missing: 0, late: 0, doubled: 2 } });
    const memory = first.outcome === 'counted' ? first.memory : undefined;
    const numbers = [
      aSignal({
        numbers: [
          [1, 1],
          [4, 6],
        ],
      }),
      aSignal({ bucket: T0 + MINUTE, numbers: [[3, 3]] }),
    ] as const;
    expect(observe(rule, memory, [...numbers], T0)).toMatchObject({ noticed: { missing: 2, late: 1, doubled: 1 } });
  });

  it('knows no gaps among keys that were folded into one, nor without numbers', () => {
    const signal = aSignal({ key: otherKey, numbers: [[1, 9]] });
    expect(observe(rule, undefined, [signal], T0)).toEqual({ outcome: 'ignored', reason: 'several keys' });
    expect(withoutKey(signal)).not.toHaveProperty('numbers');
    expect(observe(rule, undefined, [aSignal({})], T0)).toEqual({ outcome: 'ignored', reason: 'unchanged' });
  });
});

describe('what the transform says of numbers', () => {
  const collect = (...values: unknown[]) => {
    const collector = compileRules([{ ...rule, by: [] } as typeof rule]).collector();
    for (const number of values) collector.observe('app', { ts: T0, fields: JSON.stringify({ number }) } as never);
    return collector.signals();
  };

  it('is their ranges, and how many lines had a number that another one had', () => {
    expect(collect(3, 1, 2, 7, 7, 7)).toMatchObject([
      {
        count: 6,
        numbers: [
          [1, 3],
          [7, 7],
        ],
        doubled: 2,
      },
    ]);
  });

  it('leaves out what is no whole number', () => {
    expect(collect('5', 1.5, '', ' ', '0x9', null, 'seven', 1e30, true)).toMatchObject([
      { numbers: [[5, 5]], doubled: 0 },
    ]);
  });

  it('is bounded', () => {
    const signals = collect(...Array.from({ length: 100 }, (_, at) => 2 * at));
    const ranges = Array.from({ length: 64 }, (_, at) => [72 + 2 * at, 72 + 2 * at]);
    expect(signals).toMatchObject([{ numbers: ranges }]);
  });

  it('takes no longer for numbers that leave gaps', () => {
    const started = process.cpuUsage();
    collect(...Array.from({ length: 20_000 }, (_, at) => 2 * ((at * 7919) % 1_000_003)));
    // Of µs. Joined one by one they take minutes.
    expect(process.cpuUsage(started).user).toBeLessThan(10e6);
  });

  it('adds up: two signals say what one of all lines would', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [[one], [other], [both]] = [collect(...a), collect(...b), collect(...a, ...b)];
        if (!one || !other || !both) throw new Error('a signal is missing');
        const { numbers, doubled } = both as { numbers?: unknown; doubled?: unknown };
        expect(joinSums(one, other)).toEqual({ numbers, doubled });
      }),
    );
  });
});
