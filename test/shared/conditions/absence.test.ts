import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '../../../shared/alerts/state/alertState.js';
import { dueAt, expectKey, isFiring } from '../../../shared/alerts/state/decide.js';
import { lastSeenBy, observe } from '../../../shared/conditions/condition.js';
import { type Memory, typeOf } from '../../../shared/conditions/index.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { parseWeekTime } from '../../../shared/text/weekTimes.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { OneKey } from '../../helpers/oneKey.js';
import { repeated } from '../../helpers/signals.js';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const rule = aRule({
  type: 'absence',
  window: 15 * MINUTE,
  lateness: 2 * MINUTE,
  expect: [],
  minCount: 1,
  forget: DAY,
  cooldown: HOUR,
  maxCooldown: 4 * HOUR,
});
const pay = { service: 'pay' };
const at = (minutes: number) => T0 + minutes * MINUTE;
const line = (minutes: number) => [{ ts: at(minutes) }];
const minutesOf = (key: OneKey) => key.summary(T0).map(([kind, , after]) => [kind, after / MINUTE]);

describe('absence: nothing for 15 minutes, 2 minutes late', () => {
  it('fires when nothing came for window and lateness', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(0));
    key.deliver(at(5), 'b', line(4));
    expect(dueAt(key.state as AlertState, rule)).toBe(at(21));
    expect(key.sweep(at(21) - 1)).toBeUndefined();
    expect(key.sweep(at(21))).toMatchObject({
      ...{ action: 'notify', reason: 'first' },
      notice: { count: 0, first: at(4), last: at(21), measured: { type: 'absence', lastSeen: at(4) }, labels: pay },
    });
  });

  it('takes whoever is always as far behind as present: its clock is slow', () => {
    const key = new OneKey(rule);
    for (const minute of [0, 3, 6]) key.deliver(at(minute), `batch ${minute}`, line(minute - 10));
    expect(dueAt(key.state as AlertState, rule)).toBe(at(6 + 17));
    expect(key.sweep(at(6 + 17) - 1)).toBeUndefined();
    expect(key.sweep(at(6 + 17))).toMatchObject({ action: 'notify', reason: 'first' });
  });

  it.each([
    ['less and less behind, as of a log router that catches up', [20, 23], [3, 8], 8],
    ['further and further behind', [10, 20, 30], [4, 8, 12], 12],
    ['always more than an hour behind', [100, 103, 106], [30, 33, 36], 36],
  ])('takes no lines as present that are %s', (_, arrived, stated, lastSeen) => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'live', line(0));
    for (const [index, minute] of arrived.entries())
      key.deliver(at(minute), `batch ${index}`, line(stated[index] ?? 0));
    expect(lastSeenBy((key.state as AlertState).memory)).toBe(at(lastSeen));
  });

  it('keeps what was said last, and shows it unless it is of long before', () => {
    const said = (ts: number, message: string) => [{ ts, service: 'pay', message }];
    const seen = (memory: Memory | undefined, ...signals: Parameters<typeof aSignal>[0][]) => {
      const [first, ...others] = signals.map(aSignal);
      const observed = first && observe(rule, memory, [first, ...others], at(60));
      if (observed?.outcome !== 'noted') throw new Error('it was not noted');
      return observed.memory;
    };
    const shown = (memory: Memory) => typeOf(rule).missing?.miss(rule, memory, pay, at(80)).firing.tally.samples;
    const before = seen(
      undefined,
      { bucket: at(50), first: at(50), last: at(51), samples: said(at(51), 'x'.repeat(400)) },
      { bucket: at(48), first: at(48), last: at(49), samples: said(at(49), 'earlier') },
    );
    expect(shown(before)).toEqual(said(at(51), 'x'.repeat(300)));
    // Access lines, whose text is unknown.
    expect(shown(seen(before, { bucket: at(55), first: at(55), last: at(55), samples: [] }))).toEqual(shown(before));
    const { lastSeen: _, ...others } = before as Memory & { lastSeen?: number };
    expect(shown({ ...others, lastSeen: at(70) } as Memory)).toEqual([]);
  });

  it('tells again after each cooldown, which doubles, for as long as it stays absent', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(0));
    key.sweepUntil(at(0), at(23 * 60));
    expect(minutesOf(key)).toEqual([17, 77, 197, 437, 677, 917, 1157].map((minutes) => ['firing', minutes]));
  });

  it('misses what logged for an hour without a pause of five minutes, where it is to be steady', () => {
    const steady = { ...rule, steady: HOUR } as typeof rule;
    const missed = (minutes: readonly number[]) => {
      const key = new OneKey(steady);
      for (const minute of minutes) key.deliver(at(minute), `${minute}`, line(minute));
      key.sweepUntil(at(minutes.at(-1) ?? 0), at(240));
      return minutesOf(key);
    };
    const every = (pause: number, until: number) =>
      Array.from({ length: until / pause + 1 }, (_, turn) => turn * pause);
    expect(missed(every(5, 60))[0]).toEqual(['firing', 77]);
    expect(missed(every(5, 55))).toEqual([]);
    expect(missed(every(6, 120))).toEqual([]);
    // An import every twenty minutes, for twelve.
    expect(missed(every(1, 120).filter((minute) => minute % 20 < 12))).toEqual([]);
    // Once it is missed, a pause of five minutes makes it no job.
    expect(missed([...every(5, 60), 70, 80])[0]).toEqual(['firing', 97]);
  });

  it('gives up a key that nobody expects', () => {
    const key = new OneKey({ ...rule, maxCooldown: 7 * DAY, resolveAfter: MINUTE } as typeof rule);
    key.deliver(at(0), 'a', line(0));
    key.sweepUntil(at(0), T0 + DAY);
    expect(isFiring(key.state as AlertState, rule, T0 + DAY)).toBe(false);
    expect(dueAt(key.state as AlertState, rule)).toBeUndefined();
    const told = key.told.length;
    key.deliver(T0 + 2 * DAY, 'b', [{ ts: T0 + 2 * DAY }]);
    key.sweepUntil(T0 + 2 * DAY, T0 + 2 * DAY + 17 * MINUTE);
    expect(minutesOf(key).slice(told)).toEqual([['firing', 2 * 24 * 60 + 17]]);
  });

  it('says at once that lines are back', () => {
    const key = new OneKey({ ...rule, resolveAfter: 5 * MINUTE } as typeof rule);
    key.deliver(at(0), 'a', line(0));
    key.sweep(at(17));
    expect(isFiring(key.state as AlertState, rule, at(20))).toBe(true);
    expect(key.deliver(at(31), 'b', line(30))).toMatchObject({
      ...{ action: 'notify', reason: 'resolved' },
      notice: { kind: 'resolved', count: 0, last: at(30), measured: { lastSeen: at(0) } },
    });
    expect(isFiring(key.state as AlertState, rule, at(31))).toBe(false);
    expect(dueAt(key.state as AlertState, rule)).toBe(at(77));
    expect(key.deliver(at(32), 'c', line(31)).action).toBe('none');
  });

  it('says nothing of lines that are back when nobody asked to hear of it', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(0));
    key.sweep(at(17));
    expect(key.deliver(at(31), 'b', line(30)).action).toBe('none');
    key.sweepUntil(at(31), at(76));
    expect(minutesOf(key)).toEqual([['firing', 17]]);
  });

  it('is not back for a line that was only late', () => {
    const key = new OneKey({ ...rule, resolveAfter: 5 * MINUTE } as typeof rule);
    key.deliver(at(0), 'a', line(0));
    key.sweep(at(17));
    expect(key.deliver(at(30), 'b', line(3))).toMatchObject({ action: 'none', next: { memory: { lastSeen: at(3) } } });
    expect(isFiring(key.state as AlertState, rule, at(30))).toBe(true);
  });

  it('has the sweep say that lines are back when they came while the message was on its way', () => {
    const resolving = { ...rule, resolveAfter: 5 * MINUTE } as typeof rule;
    const key = new OneKey(resolving);
    key.deliver(at(0), 'a', line(0));
    key.sweep(at(17), undefined, 'before mark');
    expect(key.deliver(at(17) + 1000, 'b', line(17)).action).toBe('none');
    key.sweepUntil(at(17) + 1000, at(25));
    expect(key.told.map(({ notice, reason }) => [notice.kind, reason])).toEqual([
      ['firing', 'first'],
      ['firing', 'retry unsent'],
      ['resolved', 'resolved'],
    ]);
  });

  it('starts afresh after a quiet as long as the cooldown, and waits for it before that', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(0));
    key.sweepUntil(at(0), at(100));
    expect(minutesOf(key)).toEqual([17, 77].map((minutes) => ['firing', minutes]));
    // Back for a quarter of an hour of the two hours that the cooldown has become.
    for (let minutes = 100; minutes <= 115; minutes++) key.deliver(at(minutes), `b${minutes}`, line(minutes));
    key.sweepUntil(at(115), at(250));
    expect(minutesOf(key).slice(2)).toEqual([['firing', 197]]);
    // Back for the four hours that it has become then.
    for (let minutes = 250; minutes <= 490; minutes++) key.deliver(at(minutes), `c${minutes}`, line(minutes));
    key.sweepUntil(at(490), at(600));
    expect(minutesOf(key).slice(3)).toEqual([507, 567].map((minutes) => ['firing', minutes]));
  });

  it('is not told while held, and is told afterwards', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(0));
    expect(key.sweep(at(17), { by: 'mute' })).toMatchObject({ action: 'suppress', reason: 'mute' });
    expect(key.sweep(at(17) + 1000)).toBeUndefined();
    expect(key.sweep(at(18))).toMatchObject({ action: 'notify', reason: 'first', notice: { suppressed: 0 } });
  });

  it('watches a key that had min_count lines in a window', () => {
    const key = new OneKey({ ...rule, minCount: 3 } as typeof rule);
    key.deliver(at(0), 'a', line(0));
    key.deliver(at(10), 'b', line(10));
    expect(dueAt(key.state as AlertState, key.rule)).toBeUndefined();
    key.deliver(at(20), 'c', line(20));
    expect(dueAt(key.state as AlertState, key.rule)).toBeUndefined();
    key.deliver(at(24), 'd', line(24));
    expect(dueAt(key.state as AlertState, key.rule)).toBe(at(24 + 17));
    expect(key.state).toMatchObject({ memory: { watched: true } });
    expect(key.state?.memory).not.toHaveProperty('seen');
  });

  it('costs a write only when there is a line that is newer by a seventh of the window, and a small one', () => {
    const key = new OneKey(rule);
    key.deliver(at(5), 'a', line(5));
    expect(key.deliver(at(6), 'b', line(4))).toMatchObject({ action: 'none', reason: 'known', next: undefined });
    expect(key.deliver(at(6), 'c', line(6))).toMatchObject({ action: 'none', reason: 'known', next: undefined });
    expect(key.deliver(at(8), 'd', line(7.5))).toMatchObject({ action: 'none', next: { batches: [] } });
  });

  it('does not begin to miss a key for lines of the past', () => {
    const key = new OneKey(rule);
    expect(key.deliver(at(17), 'a', line(0))).toMatchObject({ action: 'none', reason: 'too late' });
    expect(key.deliver(at(17), 'b', line(1)).next).toMatchObject({ memory: { watched: true } });
  });

  it('takes a line from the future for one of now', () => {
    const key = new OneKey(rule);
    key.deliver(at(0), 'a', line(900));
    expect(dueAt(key.state as AlertState, rule)).toBe(at(17));
  });

  it('misses nobody among keys that were folded into one', () => {
    const folded = aSignal({ key: otherKey, labels: {} });
    expect(observe(rule, undefined, [folded], T0)).toEqual({ outcome: 'ignored', reason: 'several keys' });
  });
});

describe('absence of what is expected', () => {
  const expecting = { ...rule, expect: [pay] } as typeof rule;

  it('fires though it was never seen', () => {
    const key = new OneKey(expecting, expectKey(expecting, pay, T0));
    key.sweepUntil(T0, at(20));
    expect(minutesOf(key)).toEqual([['firing', 17]]);
    expect(key.told[0]?.notice).toMatchObject({ labels: pay, measured: { type: 'absence' }, first: T0, last: at(17) });
    expect(key.told[0]?.notice.measured).not.toHaveProperty('lastSeen');
  });

  it('is never given up, unless the rule expects it no more', () => {
    const key = new OneKey(expecting, expectKey(expecting, pay, T0));
    key.sweepUntil(T0, T0 + 10 * DAY, HOUR);
    expect(key.told.length).toBeGreaterThan(50);
    key.rule = rule;
    expect(key.sweep(T0 + 10 * DAY + MINUTE)).toMatchObject({ action: 'none', reason: 'given up' });
  });

  it('needs no min_count', () => {
    const busy = { ...expecting, minCount: 100 } as typeof rule;
    const key = new OneKey(busy);
    key.deliver(at(0), 'a', repeated(T0, 1));
    expect(dueAt(key.state as AlertState, busy)).toBe(at(17));
  });
});

describe('absence at times of the week', () => {
  // 2026-11-22 is a Sunday: Monday begins eight hours, less three minutes, after T0.
  const hour = (hours: number) => Date.UTC(2026, 10, 23) + hours * HOUR;
  const timed = (expected: string, changes: Partial<typeof rule> = {}) => {
    const times = [parseWeekTime(expected)].filter((time) => typeof time !== 'string');
    return { ...rule, ...changes, times } as typeof rule;
  };
  const hoursOf = (key: OneKey) => key.told.map(({ at: told, notice }) => [notice.kind, (told - hour(0)) / HOUR]);

  it('sleeps on purpose outside them, and has a whole window within them before it is missed', () => {
    const key = new OneKey(timed('mon-fri 08:00-18:00'));
    key.deliver(hour(17.9), 'a', [{ ts: hour(17.9) }]);
    key.sweepUntil(hour(17.9), hour(33));
    expect(hoursOf(key)).toEqual([['firing', 24 + 8 + 17 / 60]]);
  });

  it('is told again only within them, and is back whenever lines come', () => {
    const key = new OneKey(
      timed('mon-fri 08:00-18:00', {
        resolveAfter: MINUTE,
        forget: 3 * DAY,
        cooldown: 6 * HOUR,
        maxCooldown: 6 * HOUR,
      }),
    );
    key.deliver(hour(8), 'a', [{ ts: hour(8) }]);
    key.sweepUntil(hour(8), hour(44));
    key.deliver(hour(45), 'b', [{ ts: hour(45) }]);
    const first = 8 + 17 / 60;
    const next = 24 + first;
    expect(hoursOf(key)).toEqual([...[first, first + 6, next, next + 6].map((at) => ['firing', at]), ['resolved', 45]]);
  });

  it('is not forgotten over a weekend, but when it was missed for as long as that takes', () => {
    const key = new OneKey(timed('mon-fri 08:00-18:00', { forget: HOUR, cooldown: 10 * DAY, maxCooldown: 10 * DAY }));
    const friday = 4 * 24 + 17.9;
    key.deliver(hour(friday), 'a', [{ ts: hour(friday) }]);
    key.sweepUntil(hour(friday), hour(8 * 24));
    expect(hoursOf(key)).toEqual([['firing', 7 * 24 + 8 + 17 / 60]]);
    expect(dueAt(key.state as AlertState, key.rule)).toBeUndefined();
  });

  it('looks at a deadline whether something came within the window before', () => {
    const key = new OneKey(timed('daily by 03:30', { window: 20 * HOUR, resolveAfter: MINUTE, forget: 2 * DAY }));
    key.deliver(hour(3), 'a', [{ ts: hour(3) }]);
    key.sweepUntil(hour(3), hour(29));
    key.deliver(hour(29), 'b', [{ ts: hour(29) }]);
    key.sweepUntil(hour(29), hour(53));
    // Wednesday's came on Tuesday at five.
    const late = 2 / 60;
    expect(hoursOf(key)).toEqual([
      ['firing', 24 + 3.5 + late],
      ['resolved', 29],
      ['firing', 48 + 3.5 + late],
    ]);
  });
});

describe('absence with the week as its baseline', () => {
  const sleepy = { ...rule, baseline: 'week', cooldown: HOUR, maxCooldown: DAY } as typeof rule;
  /** Lines every five minutes in the ten hours from a time on. */
  function awake(key: OneKey, from: number) {
    for (let time = from; time < from + 10 * HOUR; time += 5 * MINUTE) {
      key.sweepUntil(time - 5 * MINUTE, time);
      key.deliver(time, `batch ${time}`, [{ ts: time }]);
    }
  }
  const midnight = Math.ceil(T0 / DAY) * DAY;
  const tenHours = (day: number) => midnight + day * DAY + 8 * HOUR;

  it('misses what sleeps at night once, and what dies by day', () => {
    const key = new OneKey(sleepy);
    awake(key, tenHours(0));
    key.sweepUntil(tenHours(0) + 10 * HOUR, tenHours(1) - 5 * MINUTE);
    const told = key.told.length;
    expect(told).toBeGreaterThan(0);
    awake(key, tenHours(1));
    key.sweepUntil(tenHours(1) + 10 * HOUR, tenHours(2) + 16 * MINUTE);
    expect(key.told.slice(told)).toEqual([]);
    // It did not come back on the third day.
    key.sweepUntil(tenHours(2) + 16 * MINUTE, tenHours(2) + 18 * MINUTE);
    expect(key.told.slice(told)).toHaveLength(1);
  });
});
