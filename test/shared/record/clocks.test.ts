import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Origin } from '../../../shared/line/origin.js';
import { Clocks } from '../../../shared/record/clocks.js';
import { MINUTE, T0 } from '../../helpers/alerts.js';

const SECOND = 1000;
const HOUR = 60 * MINUTE;
const web = new Origin({ service: 'web', task: 'a' });
const pay = new Origin({ service: 'pay', task: 'b' });

/** A line's own time and that of its collector, each so far ahead of its arrival; no time of a collector when absent. */
interface Line {
  readonly at: number;
  readonly own: number;
  readonly read?: number;
  readonly origin?: Origin;
}

/** How far from the arrival each line is judged, in minutes, and `!` once people are told. */
function judged(lines: readonly Line[], clocks = new Clocks()): string[] {
  return lines.map(({ at, own, read, origin = web }) => {
    const [arrival, ts] = [T0 + at, T0 + at + own];
    const seen = clocks.judge(ts, read === undefined ? undefined : arrival + read, arrival, origin);
    expect(seen?.own ?? ts).toBe(ts);
    return `${Math.round(((seen?.ts ?? ts) - arrival) / MINUTE)}${seen?.isSteady ? '!' : ''}`;
  });
}

const every = (step: number, count: number, line: (at: number) => Omit<Line, 'at'>) =>
  Array.from({ length: count }, (_, index) => ({ at: index * step, ...line(index * step) }));

describe('a line is judged', () => {
  it.each<[string, Omit<Line, 'at'>, string]>([
    ['by its own time, a few minutes behind', { own: -4 * MINUTE, read: 0 }, '-4'],
    ['by its own time, a little ahead', { own: 4 * MINUTE, read: 0 }, '4'],
    ['by when it was read, from a clock that is ahead', { own: 10 * MINUTE, read: -SECOND }, '0'],
    ['by its arrival, from a host whose clock is ahead', { own: 10 * MINUTE, read: 10 * MINUTE }, '0'],
    ['by its arrival, without a collector that has a clock', { own: 10 * MINUTE }, '0'],
    ['by when it was read, from a clock that is behind', { own: -10 * MINUTE, read: -SECOND }, '0'],
    ['by when it was read, with the time of Tokyo', { own: 9 * HOUR, read: 0 }, '0'],
    ['by when it was read, with the time of New York', { own: -5 * HOUR, read: 0 }, '0'],
    ['by its own time, from a file of yesterday', { own: -20 * HOUR, read: 0 }, '-1200'],
    ['by its own time, when it waited in a router', { own: -30 * MINUTE, read: -30 * MINUTE }, '-30'],
    [
      'by when it was read, from a clock ahead of a router that was late',
      { own: -20 * MINUTE, read: -30 * MINUTE },
      '-30',
    ],
    ['by its arrival, when both clocks are wrong in their own ways', { own: HOUR, read: 10 * MINUTE }, '0'],
  ])('%s', (_, line, expected) => {
    expect(judged([{ at: 0, ...line }])).toEqual([expected]);
  });
});

describe('a clock', () => {
  const behind = every(30 * SECOND, 13, () => ({ own: -10 * MINUTE, read: -10 * MINUTE }));

  it('is known to be behind once lines have been as late for a minute, and told after five', () => {
    expect(judged(behind)).toEqual(['-10', '-10', ...Array(8).fill('0'), '0!', '0!', '0!']);
  });

  it('is one of a container: others are judged by themselves', () => {
    const clocks = new Clocks();
    judged(behind, clocks);
    expect(judged([{ at: 7 * MINUTE, own: -10 * MINUTE, origin: pay }], clocks)).toEqual(['-10']);
  });

  it('is told to be ahead after five minutes, too', () => {
    expect(judged(every(MINUTE, 7, () => ({ own: 10 * MINUTE })))).toEqual(['0', '0', '0', '0', '0', '0!', '0!']);
  });

  it('is right again as soon as a line states the right time', () => {
    const clocks = new Clocks();
    judged(behind, clocks);
    expect(judged([{ at: 7 * MINUTE, own: -SECOND, read: 0 }], clocks)).toEqual(['0']);
    expect(judged([{ at: 8 * MINUTE, own: -10 * MINUTE, read: -10 * MINUTE }], clocks)).toEqual(['-10']);
  });

  it('is not right because of lines without a time of their own', () => {
    const clocks = new Clocks();
    judged(
      every(MINUTE, 7, () => ({ own: -10 * MINUTE, read: 0 })),
      clocks,
    );
    expect(judged([{ at: 7 * MINUTE, own: 0, read: 0 }], clocks)).toEqual(['0']);
    expect(judged([{ at: 8 * MINUTE, own: -10 * MINUTE, read: 0 }], clocks)).toEqual(['0!']);
  });

  it('stays known when a line is sent again later', () => {
    const clocks = new Clocks();
    judged(behind, clocks);
    const again = { at: 7 * MINUTE, own: -13 * MINUTE, read: -13 * MINUTE };
    expect(judged([again, { at: 7.5 * MINUTE, own: -10 * MINUTE, read: -10 * MINUTE }], clocks)).toEqual(['-13', '0!']);
  });
});

describe('no clock is off', () => {
  it('of requests that are ten minutes long, between others', () => {
    const lines = every(20 * SECOND, 60, (at) => ({ own: at % MINUTE === 0 ? -10 * MINUTE : -SECOND, read: 0 }));
    expect(judged(lines).filter((each) => each.endsWith('!'))).toEqual([]);
  });

  it('of output that a program holds back', () => {
    // Every ten minutes what was logged since, at once.
    const lines = every(10 * MINUTE, 12, () => ({ own: 0 })).flatMap(({ at }) =>
      every(30 * SECOND, 20, (age) => ({ own: age - 10 * MINUTE, read: 0 })).map((line) => ({ ...line, at })),
    );
    expect(judged(lines).filter((each) => each.endsWith('!'))).toEqual([]);
  });

  it('of a backlog, however a router sends it: none of its lines counts as one of now', () => {
    const drained = fc.record({
      minutes: fc.integer({ min: 20, max: 120 }),
      speed: fc.integer({ min: 3, max: 60 }),
      order: fc.constantFrom('oldest first', 'newest first', 'any'),
      seed: fc.nat({ max: 1000 }),
    });
    fc.assert(
      fc.property(drained, ({ minutes, speed, order, seed }) => {
        const written = Array.from({ length: minutes * 2 }, (_, at) => at * 30 * SECOND);
        if (order === 'newest first') written.reverse();
        if (order === 'any') written.sort((a, b) => ((a * 7919 + seed) % 1009) - ((b * 7919 + seed) % 1009));
        const lines = written.map((ts, index) => {
          const at = minutes * MINUTE + (index * 30 * SECOND) / speed;
          return { at, own: ts - at, read: ts - at };
        });
        const wrong = judged(lines).filter((each, index) => {
          const { own = 0 } = lines[index] ?? {};
          return each !== `${Math.round(own / MINUTE)}`;
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('of a backlog that its router dates when it reads it, but for the first minute of it', () => {
    const lines = every(100, 300, (at) => ({ own: -30 * MINUTE + at * 60, read: 0 }));
    const wrong = judged(lines).filter((each) => each === '0');
    expect(wrong.length).toBeLessThanOrEqual(60);
  });
});

it('judges nothing that is within minutes of its arrival, and never ahead of it by more', () => {
  const aTime = fc.integer({ min: -30 * HOUR, max: 30 * HOUR });
  const aLine = fc.record({ at: fc.nat({ max: 2 * HOUR }), own: aTime, read: fc.option(aTime, { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(aLine, { maxLength: 30 }), (lines) => {
      const clocks = new Clocks();
      for (const { at, own, read } of lines) {
        const arrival = T0 + at;
        const seen = clocks.judge(arrival + own, read === undefined ? undefined : arrival + read, arrival, web);
        if (Math.abs(own) <= 5 * MINUTE) expect(seen).toBeUndefined();
        expect((seen?.ts ?? arrival + own) - arrival).toBeLessThanOrEqual(5 * MINUTE);
      }
    }),
  );
});
