import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertState, dueAt, isFiring } from '../../../shared/alerts/state/decide.js';
import { observe } from '../../../shared/conditions/condition.js';
import { drop } from '../../../shared/conditions/drop.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, aSignal, MINUTE, type RuleChanges, T0 } from '../../helpers/alerts.js';
import { OneKey } from '../../helpers/oneKey.js';
import { repeated, type TestLine } from '../../helpers/signals.js';

type DropRule = Extract<Rule, { type: 'drop' }>;

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const aDrop = (changes: Partial<DropRule> = {}) =>
  aRule({ type: 'drop', lateness: 2 * MINUTE, cooldown: HOUR, resolveAfter: MINUTE, ...changes } as RuleChanges);
const at = (minutes: number) => T0 + minutes * MINUTE;

/** Lines a minute from one minute to another: a batch a minute, and the sweep after it. */
function play(key: OneKey, from: number, to: number, perMinute: number): void {
  for (let minute = from; minute < to; minute++) {
    const now = at(minute + 1);
    if (perMinute > 0) key.deliver(now, `${minute}`, repeated(at(minute), perMinute, MINUTE / perMinute));
    key.sweep(now);
  }
}

const minutesOf = (key: OneKey) => key.summary(T0).map(([kind, , after]) => [kind, after / MINUTE]);

describe('drop: less than half of what is usual in 10 minutes, of 100 lines', () => {
  it('sees lines end altogether, by the sweep', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 70, 12);
    expect(key.told).toEqual([]);
    play(key, 70, 90, 0);
    // 60 of 120 lines are half of them; the window ends 5 min after the last line, and lines may be 2 min late.
    expect(minutesOf(key)).toEqual([['firing', 78]]);
    expect(key.told[0]?.notice).toMatchObject({
      count: 0,
      measured: { type: 'drop', usual: 120, lastSeen: at(70) - 5000 },
    });
    expect(isFiring(key.state as AlertState, key.rule, at(90))).toBe(true);
  });

  it('is not looked at again before the cooldown is over', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 70, 12);
    play(key, 70, 90, 0);
    expect(minutesOf(key)).toEqual([['firing', 78]]);
    expect(dueAt(key.state as AlertState, key.rule)).toBe(at(78) + HOUR);
  });

  it('sees fewer lines, tells again after the cooldown with how many there are, and that they are back', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 70, 12);
    play(key, 70, 145, 3);
    play(key, 145, 170, 12);
    expect(minutesOf(key)).toEqual([
      ['firing', 79],
      ['firing', 139],
      ['resolved', 149],
    ]);
    expect(key.told[1]?.notice.measured).toMatchObject({ current: 30, usual: 120 });
    expect(isFiring(key.state as AlertState, key.rule, at(170))).toBe(false);
  });

  it.each<[string, (key: OneKey) => void]>([
    [
      'a burst that is over',
      (key) => {
        play(key, 0, 60, 12);
        play(key, 60, 80, 100);
        play(key, 80, 140, 12);
      },
    ],
    [
      'the end of a load test of some hours',
      (key) => {
        play(key, 0, 400, 40);
        play(key, 400, 600, 400);
        play(key, 600, 700, 40);
      },
    ],
    [
      'the end of one on what hardly anybody asks',
      (key) => {
        play(key, 0, 400, 1);
        play(key, 400, 430, 400);
        play(key, 430, 500, 1);
      },
    ],
    ['lines of which too few are usual', (key) => [play(key, 0, 70, 9), play(key, 70, 100, 0)]],
    ['exactly the share', (key) => [play(key, 0, 70, 12), play(key, 70, 120, 6)]],
    ['a key that is hardly known', (key) => [play(key, 0, 40, 12), play(key, 40, 90, 0)]],
    [
      'a slow decline',
      (key) => {
        for (const [hour, rate] of [100, 85, 70, 60, 50].entries()) play(key, hour * 60, hour * 60 + 60, rate);
      },
    ],
  ])('is none: %s', (_name, course) => {
    const key = new OneKey(aDrop());
    course(key);
    expect(key.told).toEqual([]);
  });

  it('knows the day after a night of next to nothing', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 720, 60);
    play(key, 720, 1440, 1);
    play(key, 1440, 1560, 60);
    play(key, 1560, 1590, 20);
    expect(key.told.filter(({ at: told }) => told > at(1450)).map(({ at: told }) => told)).toEqual([at(1570)]);
  });

  it('waits for lines that are late', () => {
    const key = new OneKey(aDrop({ lateness: 10 * MINUTE }));
    play(key, 0, 70, 12);
    play(key, 70, 84, 0);
    key.deliver(at(84), 'late', repeated(at(70), 168, 5000));
    play(key, 84, 95, 12);
    expect(key.told).toEqual([]);
  });

  it('gives up a key that stays low, and takes that for usual', () => {
    const key = new OneKey(aDrop({ forget: 2 * HOUR, cooldown: 15 * MINUTE, maxCooldown: 4 * HOUR }));
    play(key, 0, 70, 30);
    play(key, 70, 500, 12);
    const [last, givenUp] = minutesOf(key).slice(-2);
    expect(last?.[1]).toBeLessThan(78 + 120 + 1);
    expect(givenUp?.[0]).toBe('resolved');
    play(key, 500, 530, 0);
    expect(minutesOf(key).at(-1)).toEqual(['firing', 508]);
  });

  it('counts a batch that comes again once', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 70, 12);
    const before = key.state;
    key.deliver(at(70), '69', repeated(at(69), 12, 5000));
    expect(key.state).toEqual(before);
  });

  it('says nothing of keys that were folded into one, nor of lines that are too late', () => {
    const rule = aDrop();
    const { levels: _, ...named } = { levels: 0, type: 'drop' as const };
    expect(observe(rule, named, [aSignal({ key: otherKey })], T0)).toMatchObject({ reason: 'several keys' });
    const seen = observe(rule, undefined, [aSignal({ bucket: at(600) })], at(600));
    const memory = seen.outcome === 'ignored' ? undefined : seen.memory;
    expect(observe(rule, memory, [aSignal({ bucket: at(0) })], at(600))).toMatchObject({ reason: 'too late' });
  });

  it('needs no sweep while lines come, and no write that they do not cost', () => {
    const key = new OneKey(aDrop());
    play(key, 0, 120, 12);
    const due = dueAt(key.state as AlertState, key.rule) ?? 0;
    expect(due).toBeGreaterThan(at(126));
    expect(JSON.stringify(key.state?.memory).length).toBeLessThan(700);
  });

  it.each([
    [{ below: '50%' }, []],
    [{ below: 0 }, ['below is 0, and no number of lines is below that; write a share such as "50%"']],
    [{ below: '100%' }, ['below is 100%, and that is no drop; write a share such as "50%"']],
    [
      { window: '2h', baseline: 'week' as const },
      ['a baseline of the week knows hours, and the window is 2h; make it 1h at most'],
    ],
    [{ window: '2h' }, []],
  ])('is stated as %j', (stated, expected) => {
    const whole = { window: '10m', ...stated };
    const rule = aRule({ type: 'drop', ...drop.settings(whole) } as RuleChanges) as DropRule;
    expect(drop.problems?.(whole, rule).map(({ message }) => message)).toEqual(expected);
  });
});

describe('drop against the same hour', () => {
  it('knows a night without lines after a day, and a day without them', () => {
    const key = new OneKey(
      aDrop({ baseline: 'day', cooldown: 4 * HOUR, maxCooldown: 4 * HOUR, resolveAfter: undefined as never }),
    );
    // Busy from the 2nd hour to the 12th of each day.
    const perMinute = (minute: number) => (minute % 1440 >= 120 && minute % 1440 < 720 ? 12 : 0);
    for (let minute = 0; minute < 3 * 1440; minute++) play(key, minute, minute + 1, perMinute(minute));
    // The first evening it is compared with the windows before.
    expect(minutesOf(key)[0]).toEqual(['firing', 728]);
    // It stays low until lines come again, on the next morning; from then on nobody is told.
    expect(key.told.filter(({ at }) => at > T0 + DAY + 2 * HOUR)).toEqual([]);
    for (let minute = 3 * 1440; minute < 3 * 1440 + 400; minute++) {
      play(key, minute, minute + 1, minute % 1440 < 300 ? perMinute(minute) : 0);
    }
    expect(minutesOf(key).at(-1)).toEqual(['firing', 3 * 1440 + 308]);
  });
});

describe('drops of any lines in any batches', () => {
  const anyRule = fc
    .record({
      below: fc.constantFrom(0.2, 0.5, 0.9),
      minPrevious: fc.constantFrom(1, 6, 20),
      lateness: fc.constantFrom(0, 7, 30).map((seconds) => seconds * 1000),
      window: fc.constantFrom(60, 77).map((seconds) => seconds * 1000),
    })
    .map((settings) => aDrop({ ...settings, cooldown: 0, maxCooldown: 0, forget: 5 * MINUTE } as Partial<DropRule>));
  /** So many lines in each 5 s, for so long. */
  const anyPhase = fc.record({ rate: fc.integer({ min: 0, max: 3 }), steps: fc.integer({ min: 1, max: 60 }) });
  const anyDelay = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 60 }));

  it('fire exactly when the lines by themselves say so', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.array(anyPhase, { minLength: 3, maxLength: 12 }),
        fc.infiniteStream(anyDelay),
        (rule, phases, delays) => {
          const rates = phases.flatMap(({ rate, steps }) => new Array<number>(steps).fill(rate));
          const lines = rates.flatMap((rate, step) =>
            repeated(T0 + step * 5000, rate, 1000).map((line) => ({
              line,
              arrival: line.ts + (delays.next().value ?? 0) * 1000,
            })),
          );
          const [key, model] = [new OneKey(rule), new EachLine(rule as DropRule)];
          for (let now = T0; now < T0 + rates.length * 5000 + 2 * MINUTE; now += 30_000) {
            const batch = lines
              .filter(({ arrival }) => arrival > now - 30_000 && arrival <= now)
              .map(({ line }) => line);
            if (batch.length > 0) {
              key.deliver(now, `${now}`, batch);
              model.take(batch);
            }
            const told = key.told.length;
            key.sweep(now);
            const fired = key.told.slice(told).filter(({ notice }) => notice.kind === 'firing');
            const { lastSeen: _, type: __, ...measured } = (fired[0]?.notice.measured ?? {}) as Record<string, unknown>;
            expect([now - T0, measured]).toEqual([now - T0, model.sweep(now) ?? {}]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** What drops are by their definition: keeps every line, and counts each window anew. */
class EachLine {
  private buckets: number[] = [];
  private low: { usual: number; since: number } | undefined;
  private after = Number.NEGATIVE_INFINITY;
  private readonly width: number;
  private readonly length: number;

  constructor(private readonly rule: DropRule) {
    this.width = bucketWidth(rule);
    this.length = Math.ceil(rule.window / this.width) * this.width;
  }

  take(lines: readonly TestLine[]): void {
    const { width, length, rule } = this;
    // A key that was silent for longer than the windows that are compared is known anew.
    const kept = 7 * length + (Math.ceil(rule.lateness / width) + 2) * width;
    for (const { ts } of [...lines].sort((a, b) => a.ts - b.ts)) {
      const at = Math.floor(ts / width) * width;
      if (at >= Math.max(...this.buckets) + kept) this.buckets = [];
      this.buckets.push(at);
    }
    const newest = Math.max(...this.buckets);
    if (this.low && this.linesAt(newest) >= this.rule.below * this.low.usual) {
      this.low = undefined;
      this.after = newest;
    }
  }

  sweep(now: number): object | undefined {
    const { rule, width } = this;
    if (this.low && now >= this.low.since + rule.forget) {
      this.low = undefined;
      this.buckets = [];
      this.after = Number.NEGATIVE_INFINITY;
      return undefined;
    }
    const over = Math.floor((now - rule.lateness) / width) * width - width;
    if (this.low) return { current: this.linesAt(over), usual: this.low.usual };
    if (this.buckets.length === 0) return undefined;
    const [oldest, newest] = [Math.min(...this.buckets), Math.max(...this.buckets)];
    const open = newest - Math.ceil(rule.lateness / width) * width - this.length;
    for (let end = Math.max(open, this.after + width); end <= Math.min(over, newest + this.length); end += width) {
      const before = [1, 2, 3, 4, 5].map((windows) => this.linesAt(end - windows * this.length));
      const usual = before.sort((a, b) => a - b)[1] ?? 0;
      const isKnown = end - 6 * this.length + width >= oldest;
      if (!isKnown || usual < rule.minPrevious || this.linesAt(end) >= rule.below * usual) continue;
      this.low = { usual, since: now };
      return { current: this.linesAt(over), usual };
    }
    return undefined;
  }

  private linesAt(end: number): number {
    return this.buckets.filter((at) => at > end - this.length && at <= end).length;
  }
}
