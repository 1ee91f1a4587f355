import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noteWindow, type Season, seasonBytes, usualAt } from '../../../shared/conditions/seasons.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('what is usual at an hour', () => {
  const lateness = 2 * MINUTE;
  /** The season after windows of so many lines, each at the hours that it names. */
  const seasonOf = (windows: readonly (readonly [hour: number, lines: number])[], baseline: 'day' | 'week' = 'day') =>
    windows.reduce<Season | undefined>(
      (season, [hour, lines]) => noteWindow(season, { baseline, lateness }, hour * HOUR, lines, 'fullest'),
      undefined,
    );

  it.each<[string, readonly (readonly [number, number])[], number, number | undefined]>([
    ['is not known at first', [[0, 5]], 0, undefined],
    [
      'is not known until the hour after it is over',
      [
        [0, 5],
        [1, 0],
      ],
      24,
      undefined,
    ],
    [
      'is that of the day before',
      [
        [0, 5],
        [23, 0],
      ],
      24,
      5,
    ],
    [
      'is that of the fullest window',
      [
        [0, 5],
        [0.5, 9],
        [0.7, 2],
        [23, 0],
      ],
      24,
      9,
    ],
    [
      'is half the last day, half those before',
      [
        [0, 8],
        [24, 4],
        [47, 0],
      ],
      48,
      6,
    ],
    [
      'is also that of an hour early',
      [
        [0, 5],
        [1, 9],
        [23, 0],
      ],
      24,
      9,
    ],
    [
      'is also that of an hour late',
      [
        [0, 9],
        [1, 5],
        [23, 0],
      ],
      25,
      9,
    ],
    [
      'is nothing where nothing came',
      [
        [0, 9],
        [23, 0],
      ],
      28,
      0,
    ],
    [
      'is not yet known where nothing came by now',
      [
        [0, 9],
        [10, 0],
      ],
      34,
      undefined,
    ],
  ])('%s', (_name, windows, hour, expected) => {
    expect(usualAt(seasonOf(windows), hour * HOUR, 'fullest')).toBe(expected);
  });

  it('learns anew when the rule is changed to another season', () => {
    const season = noteWindow(
      seasonOf([
        [0, 5],
        [30, 0],
      ]),
      { baseline: 'week', lateness },
      31 * HOUR,
      7,
      'fullest',
    );
    expect(season).toMatchObject({ open: [[31, 7]] });
    expect(season.usual.filter((lines) => lines !== null)).toEqual([]);
  });

  it('is what the windows by themselves say, in any order that lateness allows, and stays as small as stated', () => {
    const anyWindow = fc.record({
      after: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 40 }) }, fc.integer({ min: 0, max: 60 * 40 })),
      late: fc.integer({ min: 0, max: 60 }),
      lines: fc.integer({ min: 0, max: 20 }),
    });
    const settings = fc.record({
      baseline: fc.constantFrom<'day' | 'week'>('day', 'week'),
      lateness: fc.constantFrom(0, 2, 60).map((minutes) => minutes * MINUTE),
      outermost: fc.constantFrom<'fullest' | 'emptiest'>('fullest', 'emptiest'),
    });
    fc.assert(
      fc.property(settings, fc.array(anyWindow, { maxLength: 60 }), ({ baseline, lateness, outermost }, windows) => {
        let [season, newest, latestEnd]: [Season | undefined, number, number] = [undefined, 0, 0];
        const noted: { hour: number; lines: number }[] = [];
        for (const { after, late, lines } of windows) {
          newest += after * MINUTE;
          const end = Math.max(newest - Math.min(late * MINUTE, lateness), 0);
          // What is learned goes by the windows that came, of which the newest may be late itself.
          latestEnd = Math.max(latestEnd, end);
          season = noteWindow(season, { baseline, lateness }, end, lines, outermost);
          noted.push({ hour: Math.floor(end / HOUR), lines });
          for (const asked of [0, -1, 1].map((hours) => newest + hours * HOUR).filter((at) => at >= HOUR)) {
            expect(usualAt(season, asked, outermost)).toBe(
              usualOf(
                noted,
                Math.floor(asked / HOUR),
                known(latestEnd, lateness),
                baseline === 'day' ? 24 : 168,
                outermost,
              ),
            );
          }
          expect(JSON.stringify(season).length).toBeLessThan(seasonBytes(baseline));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The first hour that is not learned yet: lines of a window an hour ago may be late. */
function known(latestEnd: number, lateness: number): number {
  return Math.floor((latestEnd - lateness) / HOUR) - 1;
}

/** The same from all windows, hour by hour. */
function usualOf(
  noted: readonly { readonly hour: number; readonly lines: number }[],
  hour: number,
  until: number,
  hours: number,
  outermost: 'fullest' | 'emptiest',
): number | undefined {
  const pick = outermost === 'fullest' ? Math.max : Math.min;
  const first = noted[0]?.hour ?? 0;
  const of = (slot: number) => {
    let usual: number | undefined;
    for (let at = first; at < until; at++) {
      if ((at - slot) % hours !== 0) continue;
      const lines = noted.filter((each) => each.hour === at).map((each) => each.lines);
      const now = lines.length > 0 ? pick(...lines) : 0;
      usual = usual === undefined ? now : Math.round((usual + now) / 2);
    }
    return usual;
  };
  const own = of(hour);
  return own === undefined ? undefined : pick(own, of(hour - 1) ?? own, of(hour + 1) ?? own);
}
