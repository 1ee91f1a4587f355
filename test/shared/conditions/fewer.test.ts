import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AlertState } from '../../../shared/alerts/state/alertState.js';
import { isFiring } from '../../../shared/alerts/state/decide.js';
import { observe } from '../../../shared/conditions/condition.js';
import { typeOf } from '../../../shared/conditions/index.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { OneKey } from '../../helpers/oneKey.js';

const rule = aRule({ type: 'fewer', resolveAfter: MINUTE, cooldown: 600 * MINUTE });

/** A task that logs once a minute. */
interface Task {
  readonly name: string;
  readonly from: number;
  /** Its last minute. */
  readonly to: number;
}

/** Delivers each minute's lines and sweeps; when people were told, in minutes. */
function play(tasks: readonly Task[], until: number, of = rule): { told: [string, number][]; key: OneKey } {
  const key = new OneKey(of);
  for (let minute = 0; minute <= until; minute++) {
    const now = T0 + minute * MINUTE;
    const lines = tasks.filter(({ from, to }) => from <= minute && minute <= to);
    const [first, ...others] = lines.map(({ name }) => ({ ts: now, value: name }));
    if (first) key.deliver(now, `batch ${minute}`, [first, ...others]);
    key.sweep(now);
  }
  return { told: key.summary(T0).map(([kind, , after]) => [kind, after / MINUTE]), key };
}

const a = { name: 'a', from: 0, to: 20 };
const b = { name: 'b', from: 0, to: 20 };
const c = { name: 'c', from: 0, to: 100 };

describe('fewer: more than 40 % of the tasks, for 10 minutes, 2 minutes late', () => {
  it('tells of two of three, and that another has come', () => {
    const { told, key } = play([a, b, c, { name: 'd', from: 50, to: 100 }], 60);
    // What is stored of a task is up to a quarter of a window old.
    expect(told).toEqual([
      ['firing', 30],
      ['resolved', 50],
    ]);
    expect(key.told[0]?.notice).toMatchObject({
      count: 0,
      measured: { type: 'fewer', of: 'task', silent: ['a', 'b'], missing: 2, all: 3 },
    });
  });

  it('saves the state no more often while tasks are missed', () => {
    const { key } = play([a, b, c], 35);
    const seen = [36, 37, 38, 39, 40].map((minute) => {
      const now = T0 + minute * MINUTE;
      return key.deliver(now, `later ${minute}`, [{ ts: now, value: 'c' }]);
    });
    expect(seen.filter(({ next }) => next !== undefined).length).toBeLessThan(3);
  });

  it('tells neither of one of three, nor of all', () => {
    expect(play([a, { ...b, to: 100 }, c], 60).told).toEqual([]);
    expect(play([a, b], 60).told).toEqual([]);
  });

  it('tells nothing of tasks that end one by one, as when they are scaled in', () => {
    const tasks = [30, 36, 42, 48, 200, 200].map((to, at) => ({ name: `t${at}`, from: 0, to }));
    const half = { ...rule, above: 0.5 };
    expect(play(tasks, 150, half).told).toEqual([]);
    const atOnce = tasks.map((task) => ({ ...task, to: task.to < 200 ? 30 : 200 }));
    expect(play(atOnce, 60, half).told).toEqual([['firing', 42]]);
  });

  it('tells nothing of a service that falls asleep, its last task minutes after the first', () => {
    for (const last of [21, 23, 25]) expect(play([a, b, { ...c, to: last }], 60).told).toEqual([]);
    expect(play([a, b, { ...c, to: 40 }], 60).told).toHaveLength(1);
  });

  it('tells nothing of a deployment, rolling or all at once', () => {
    const fresh = ['x', 'y', 'z'].map((name, at) => ({ name, from: 14 + 3 * at, to: 100 }));
    expect(play([a, b, { ...c, to: 24 }, ...fresh], 80).told).toEqual([]);
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `old${at}`, from: 0, to: 20 + at / 4 }));
    const next = Array.from({ length: 40 }, (_, at) => ({ name: `new${at}`, from: Math.floor(18 + at / 4), to: 100 }));
    expect(play([...many, ...next], 80).told).toEqual([]);
  });

  it('tells nothing of tasks that log too rarely', () => {
    const key = new OneKey(rule);
    for (let minute = 0; minute <= 100; minute += 6) {
      const now = T0 + minute * MINUTE;
      const lines = minute <= 20 ? ['a', 'b', 'c'] : ['c'];
      key.deliver(now, `${minute}`, lines.map((value) => ({ ts: now, value })) as [{ ts: number; value: string }]);
      key.sweep(now);
    }
    expect(key.told).toEqual([]);
  });

  it('gives up what is missed for longer than it takes to forget it', () => {
    const { told, key } = play([a, b, { ...c, to: 300 }], 200);
    expect(told).toEqual([
      ['firing', 30],
      ['resolved', 90],
    ]);
    expect(key.told[1]?.notice.ending).toMatchObject({ as: 'given up' });
    expect(isFiring(key.state as AlertState, rule, T0 + 200 * MINUTE)).toBe(false);
  });

  it('costs a write a quarter of a window, and none for lines of the past', () => {
    const key = new OneKey(rule);
    const deliver = (minute: number, ts = T0 + minute * MINUTE) =>
      key.deliver(T0 + minute * MINUTE, `${minute}`, [{ ts, value: 'a' }]);
    expect(deliver(0).next).toBeDefined();
    expect(deliver(1)).toMatchObject({ reason: 'known', next: undefined });
    expect(deliver(2)).toMatchObject({ reason: 'known', next: undefined });
    expect(deliver(3).next).toBeDefined();
    expect(deliver(20, T0)).toMatchObject({ reason: 'too late', next: undefined });
  });

  it('misses nobody among keys that were folded into one', () => {
    expect(observe(rule, undefined, [aSignal({ key: otherKey, labels: {} })], T0)).toMatchObject({
      outcome: 'ignored',
    });
  });

  it('remembers no more than it says, whatever tasks are called', () => {
    const key = new OneKey(rule);
    for (let batch = 0; batch < 4; batch++) {
      const now = T0 + batch * MINUTE;
      const names = Array.from({ length: 150 }, (_, at) => ({
        ts: now,
        value: `${batch}-${at}-${'\u0001'.repeat(60)}`,
      }));
      key.deliver(now, `${batch}`, names as [{ ts: number; value: string }]);
    }
    expect(JSON.stringify(key.state?.memory).length).toBeLessThan(typeOf(rule).memoryBytes(rule));
  });

  it('tells first when a look at all tasks says so, of any course of starts and ends', () => {
    const task = fc.record({
      from: fc.nat({ max: 5 }),
      lasts: fc.integer({ min: 1, max: 6 }),
      more: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 7 }), (drawn) => {
        // Starts and ends that are no less than three minutes from what makes a difference.
        const tasks = drawn.map(({ from, lasts, more }, at) => {
          const start = from === 0 ? 0 : from * 15 - 3;
          return { name: `t${at}`, from: start, to: Math.ceil(start / 15) * 15 + 15 * lasts + more };
        });
        const [first] = play(tasks, 190).told;
        const expected = firstMissed(tasks, 190);
        if (expected === undefined) expect(first).toBeUndefined();
        else expect(Math.abs((first?.[1] ?? Number.NaN) - expected)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 500 },
    );
  });
});

/** Looks every minute at who is there, and finds for as many silent tasks as possible one that took its place. */
function firstMissed(tasks: readonly Task[], until: number): number | undefined {
  for (let minute = 0; minute <= until; minute++) {
    const begun = tasks.filter(({ from }) => from <= minute);
    const silent = begun.filter(({ to }) => to + 12 <= minute && to + 12 + 10 > minute);
    const live = begun.filter(({ to }) => to + 12 > minute);
    const missing = silent.length - mostPairs(silent, begun);
    const goesOn = begun.some(({ to }) => Math.min(to, minute) > minute - 2 - 10 / 4);
    if (goesOn && live.length > 0 && missing > 0.4 * (live.length + missing)) return minute;
  }
  return undefined;
}

function mostPairs([gone, ...others]: readonly Task[], starts: readonly Task[]): number {
  if (!gone) return 0;
  const without = mostPairs(others, starts);
  const suited = starts.filter(({ from }) => from > gone.from && from > gone.to - 10);
  return suited.reduce(
    (most, each) =>
      Math.max(
        most,
        1 +
          mostPairs(
            others,
            starts.filter((start) => start !== each),
          ),
      ),
    without,
  );
}
