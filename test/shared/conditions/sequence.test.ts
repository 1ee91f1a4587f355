import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFiring } from '../../../shared/alerts/state/decide.js';
import { observe } from '../../../shared/conditions/condition.js';
import { typeOf } from '../../../shared/conditions/index.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { OneKey } from '../../helpers/oneKey.js';
import type { TestLine } from '../../helpers/signals.js';

const SECOND = 1000;
const rule = aRule({ type: 'sequence', cooldown: 0, resolveAfter: MINUTE });

/** Lines at seconds after T0. */
const start = (value: string, at: number): TestLine => ({ ts: T0 + at * SECOND, isPart: false, value });
const end = (value: string, at: number): TestLine => ({ ts: T0 + at * SECOND, isPart: true, value });

/** Delivers lines when they arrive, seconds after T0, and sweeps every minute; what was told, in minutes. */
function play(arrivals: readonly (readonly [at: number, ...lines: TestLine[]])[], until = 60, of = rule) {
  const key = new OneKey(of);
  let next = 0;
  for (let minute = 0; minute <= until; minute++) {
    for (; next < arrivals.length && (arrivals[next]?.[0] ?? 0) <= minute * 60; next++) {
      const [at, ...lines] = arrivals[next] ?? [0];
      key.deliver(T0 + at * SECOND, `batch ${next}`, lines);
    }
    key.sweep(T0 + minute * MINUTE);
  }
  const told = key.told.map(({ at, notice: { kind, measured } }) => {
    const values = measured.type === 'sequence' ? measured.values.join() : '';
    return [(at - T0) / MINUTE, kind === 'firing' ? values : kind];
  });
  return { told, key };
}

describe('sequence: not ended within 10 minutes, 2 minutes late', () => {
  it('tells of what did not end, and that it ended after all', () => {
    const { told, key } = play([
      [0, start('a', 0), start('b', 0)],
      [60, start('c', 50), end('b', 60)],
      [1800, end('a', 1800)],
      [2400, end('c', 2400)],
    ]);
    expect(told).toEqual([
      [12, 'a'],
      [13, 'c'],
      [40, 'resolved'],
    ]);
    expect(key.told[0]?.notice).toMatchObject({ count: 1, first: T0, measured: { missed: 1, more: 0 } });
  });

  it('fires from when it is told until all that was told has ended', () => {
    const key = new OneKey(rule);
    const fires = (minute: number) => {
      const now = T0 + minute * MINUTE;
      key.sweep(now);
      return key.state !== undefined && isFiring(key.state, rule, now);
    };
    key.deliver(T0, 'batch 1', [start('a', 0)]);
    expect([5, 12, 13, 300].map(fires)).toEqual([false, true, true, true]);
    key.deliver(T0 + 301 * MINUTE, 'batch 2', [end('a', 301 * 60)]);
    expect([302, 400].map(fires)).toEqual([false, false]);
  });

  it.each<[string, readonly (readonly [number, ...TestLine[]])[]]>([
    ['an end in the same batch', [[60, start('a', 0), end('a', 30)]]],
    [
      'an end in time that arrives late',
      [
        [0, start('a', 0)],
        [700, end('a', 599)],
      ],
    ],
    [
      'an end that comes before its start',
      [
        [60, end('a', 59)],
        [100, start('a', 0)],
      ],
    ],
    [
      'an end whose clock is 2 seconds behind',
      [
        [0, start('a', 10)],
        [60, end('a', 8)],
      ],
    ],
    [
      'a start that is sent again after its end',
      [
        [0, start('a', 0)],
        [9, end('a', 9)],
        [100, start('a', 0)],
      ],
    ],
    [
      'a start that is sent again after its end was forgotten',
      [
        [0, start('a', 0), end('a', 9)],
        [1200, end('x', 1200)],
        [1260, start('a', 0)],
      ],
    ],
    [
      'many starts of one value, and one end',
      [
        [0, start('a', 0), start('a', 60)],
        [120, start('a', 110), end('a', 115)],
      ],
    ],
    ['lines without a value', [[0, { ts: T0, isPart: false }, start('', 0)]]],
    [
      'a start in an outage, together with its end',
      [
        [0, end('x', 0)],
        [1900, start('a', 60)],
        [1960, end('a', 90)],
      ],
    ],
  ])('tells nothing of %s', (_name, arrivals) => {
    expect(play(arrivals).told).toEqual([]);
  });

  it.each<[string, readonly (readonly [number, ...TestLine[]])[], number]>([
    [
      'an end before its start',
      [
        [0, end('a', 0)],
        [10, start('a', 10)],
      ],
      13,
    ],
    [
      'a second start after the end',
      [
        [0, start('a', 0), end('a', 10)],
        [60, start('a', 60)],
      ],
      13,
    ],
    ['the end of another', [[0, start('a', 0), end('b', 10)]], 12],
    ['a start that comes late', [[1800, start('a', 0)]], 32],
  ])('tells of a start with %s', (_name, arrivals, minute) => {
    expect(play(arrivals).told).toEqual([[minute, 'a']]);
  });

  it('tells of one that ended too late, and at once that it has ended', () => {
    const { told } = play([
      [0, start('a', 0)],
      [660, end('a', 660)],
    ]);
    expect(told).toEqual([
      [12, 'a'],
      [13, 'resolved'],
    ]);
  });

  it('keeps what nobody may be told of until they may, and forgets it when its end has come', () => {
    const key = new OneKey(rule);
    key.deliver(T0, 'one', [start('a', 0), start('b', 0)]);
    expect(key.sweep(T0 + 12 * MINUTE, { by: 'no lines' })).toMatchObject({ action: 'suppress' });
    key.deliver(T0 + 20 * MINUTE, 'two', [end('a', 30)]);
    key.sweepUntil(T0 + 21 * MINUTE, T0 + 30 * MINUTE);
    expect(key.told.map(({ notice }) => notice.measured)).toMatchObject([{ values: ['b'] }]);
  });

  it('says that there were more than it can look at', () => {
    const lines = Array.from({ length: 900 }, (_, at) => start(`order-${at}`, at % 60));
    const { key } = play([[60, ...lines]], 20);
    const [told] = key.told;
    expect(told?.notice.measured).toMatchObject({ more: 100 });
    const words = typeOf(rule).words(told?.notice.measured ?? {}, rule, 0, (text) => text);
    expect(words).toMatch(/^at least \d+ of fields\.order did not end .*; 100 others were too many to look at$/);
  });

  it('tells nothing of what started before ends that were too many', () => {
    const many = Array.from({ length: 7000 }, (_, at) => end(`x${at}`, 20 + Math.floor(at / 200)));
    expect(
      play([
        [10, start('a', 5)],
        [60, ...many],
      ]).told,
    ).toEqual([]);
  });

  it('asks for no write when nothing is new', () => {
    const key = new OneKey(rule);
    key.deliver(T0, 'one', [start('a', 0), start('b', 0), end('b', 5)]);
    expect(key.deliver(T0 + 1, 'two', [start('a', 0), start('b', 0), end('b', 5)])).toMatchObject({
      reason: 'known',
      next: undefined,
    });
  });

  it('looks at no keys that were folded into one', () => {
    for (const key of [otherKey, `pay|${otherKey}`]) {
      expect(observe(rule, undefined, [aSignal({ key })], T0)).toMatchObject({ reason: 'several keys' });
    }
  });

  it('tells whenever a look at all lines says so, in any order and with any delay that is allowed', () => {
    fc.assert(
      fc.property(
        drawnLines(120),
        fc.array(fc.integer({ min: 1, max: 240 }), { minLength: 30, maxLength: 30 }),
        (sent, pauses) => {
          expect(toldOf(sent, pauses)).toEqual(expectedOf(sent, pauses));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never tells of what has ended, however late lines are', () => {
    fc.assert(
      fc.property(
        drawnLines(4000),
        fc.array(fc.integer({ min: 1, max: 240 }), { minLength: 60, maxLength: 60 }),
        (sent, pauses) => {
          const expected = new Set(singly(expectedOf(sent, pauses)));
          expect(singly(toldOf(sent, pauses)).filter((each) => !expected.has(each))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A line and when it arrives, seconds after T0; it may arrive again. */
interface Sent {
  readonly isEnd: boolean;
  readonly value: string;
  readonly at: number;
  readonly arrivals: readonly number[];
}

function drawnLines(maxDelay: number): fc.Arbitrary<Sent[]> {
  const line = fc.record({
    isEnd: fc.boolean(),
    value: fc.constantFrom('a', 'b', 'c', 'd'),
    at: fc.integer({ min: 0, max: 2400 }),
    delays: fc.array(fc.integer({ min: 0, max: maxDelay }), { minLength: 1, maxLength: 2 }),
  });
  return fc
    .array(line, { minLength: 1, maxLength: 14 })
    .map((lines) =>
      lines.map(({ delays, ...each }) => ({ ...each, arrivals: delays.map((delay) => each.at + delay) })),
    );
}

/** Lines in the order in which they arrive, and sweeps between them. */
function timeLine(sent: readonly Sent[], pauses: readonly number[]) {
  const lines = sent.flatMap((line) => line.arrivals.map((at) => ({ at, line, isSweep: false as const })));
  let time = 0;
  const sweeps = pauses.map((pause) => {
    time += pause;
    return { at: time, line: undefined, isSweep: true as const };
  });
  return [...lines, ...sweeps, { at: time + 8000, line: undefined, isSweep: true as const }].sort(
    (a, b) => a.at - b.at,
  );
}

/** When which values were told of, one message each. */
function toldOf(sent: readonly Sent[], pauses: readonly number[]): [number, string][] {
  const key = new OneKey(aRule({ type: 'sequence', cooldown: 0 }));
  for (const [index, { at, line }] of timeLine(sent, pauses).entries()) {
    const now = T0 + at * SECOND;
    if (line) key.deliver(now, `${index}`, [line.isEnd ? end(line.value, line.at) : start(line.value, line.at)]);
    else key.sweep(now);
  }
  return key.told.map(({ at, notice: { measured } }) => [
    (at - T0) / SECOND,
    measured.type === 'sequence' ? [...measured.values].sort().join() : '',
  ]);
}

function singly(told: readonly [number, string][]): string[] {
  return told.flatMap(([at, values]) => values.split(',').map((value) => `${at} ${value}`));
}

/** Asks at each sweep, of all lines that have arrived by then, which starts have had no end when it was time. */
function expectedOf(sent: readonly Sent[], pauses: readonly number[]): [number, string][] {
  const steps = timeLine(sent, pauses);
  const told = new Set<string>();
  return steps.flatMap(({ at: now, isSweep }, index): [number, string][] => {
    if (!isSweep) return [];
    const arrived = steps.slice(0, index).flatMap(({ at, line }) => (line ? [{ ...line, arrived: at }] : []));
    const missed = arrived.filter(({ isEnd, value, at }) => {
      if (isEnd) return false;
      const first = Math.min(
        ...arrived.filter((each) => !each.isEnd && each.value === value && each.at === at).map((each) => each.arrived),
      );
      const isOver = arrived.some(
        (each) => each.isEnd && each.value === value && each.at >= at - 2 && each.at <= at + 600,
      );
      return !isOver && now >= Math.max(at + 600, first) + 120 && !told.has(`${value}${at}`);
    });
    for (const { value, at } of missed) told.add(`${value}${at}`);
    const values = [...new Set(missed.map(({ value }) => value))].sort();
    return values.length === 0 ? [] : [[now, values.join()]];
  });
}
