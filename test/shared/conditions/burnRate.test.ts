import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { burnRate } from '../../../shared/conditions/burnRate.js';
import { observe } from '../../../shared/conditions/condition.js';
import type { Memory } from '../../../shared/conditions/index.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, MINUTE, type RuleChanges, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';
import { lines, observed, type WindowCase } from '../../helpers/windows.js';

type BurnRule = Extract<Rule, { type: 'burn-rate' }>;

const [SECOND, HOUR] = [1000, 60 * MINUTE];
const aBurnRate = (changes: Partial<BurnRule> = {}) =>
  aRule({ type: 'burn-rate', lateness: 0, ...changes } as RuleChanges) as BurnRule;
/** Lines of which some are bad, so many seconds after T0. */
const mixed = (seconds: number, bad: number, good: number) => [
  ...lines(seconds, bad),
  ...lines(seconds, good, { isPart: false }),
];

describe('burn rate: 99.9 %, at 14.4 times in 1h and 5m, or at 6 times in 6h and 30m', () => {
  const rule = aBurnRate();
  const [fast, slow] = [
    [HOUR, 5 * MINUTE],
    [6 * HOUR, 30 * MINUTE],
  ];

  it.each<WindowCase>([
    ['more than 1.44 % at once', [mixed(0, 15, 985)], [[15, 15, 1000, 0.015, ...fast]]],
    ['not 1.44 %, but more than 0.6 %', [mixed(0, 14, 986)], [[14, 14, 1000, 0.014, ...slow]]],
    ['not 0.6 %', [mixed(0, 12, 1988)], ['quiet']],
    ['too few bad lines to speak of', [mixed(0, 9, 0)], ['quiet']],
    ['bad for a minute, which an hour outweighs', [mixed(0, 0, 100_000), mixed(3000, 50, 950)], ['quiet', 'quiet']],
    [
      'over: the short windows are good again',
      [mixed(0, 20, 980), mixed(1860, 0, 100)],
      [[20, 20, 1000, 0.02, ...fast], 'quiet'],
    ],
    [
      'what is told once is not told again',
      [mixed(0, 20, 980), mixed(60, 30, 970)],
      [
        [20, 20, 1000, 0.02, ...fast],
        [30, 50, 2000, 0.025, ...fast],
      ],
    ],
    [
      'slowly, for hours',
      [mixed(0, 7, 993), mixed(3600, 7, 993), mixed(7200, 8, 992)],
      ['quiet', [14, 14, 2000, 0.007, ...slow], [8, 22, 3000, 0.008, ...slow]],
    ],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it.each<[string, Partial<Parameters<typeof burnRate.settings>[0]>, readonly string[]]>([
    ['as usual', {}, []],
    ['as a part of 1', { objective: 0.99 }, []],
    [
      'as all lines',
      { objective: 1 },
      ['objective is 1, but it leaves no error to any line; write one such as "99.9%"'],
    ],
    [
      'as the share of errors',
      { objective: '0.1%' },
      ['objective is 0.1%, but it is the share of lines that are good; write one such as "99.9%"'],
    ],
    [
      'so low that it never fires',
      { objective: '90%' },
      [
        '144 % of all lines would have to fail for 14.4 times the error budget: it would never fire; lower the factor under "windows"',
      ],
    ],
    ['as a ticket', { windows: [{ long: '3d', short: '6h', factor: 1 }] }, []],
    [
      'with windows too far apart',
      {
        windows: [
          { long: '1h', short: '5m', factor: 14.4 },
          { long: '3d', short: '6h', factor: 1 },
        ],
      },
      ['the longest window is 3d, more than 72 times the shortest of 5m; make it two rules'],
    ],
    [
      'with windows the wrong way round',
      { windows: [{ long: '5m', short: '1h', factor: 2 }] },
      ['short is 1h; make it shorter than long, a twelfth for example'],
    ],
    [
      'with a window too short',
      { windows: [{ long: '5m', short: '30s', factor: 2 }] },
      ['short is 30s; the shortest is 1m'],
    ],
    [
      'with a window too long',
      { windows: [{ long: '8d', short: '1d', factor: 1 }] },
      ['long is 8d; the longest is 7d'],
    ],
  ])('is stated %s', (_name, changes, expected) => {
    const stated = { of: {}, objective: '99.9%', ...changes };
    const settings = aRule({ type: 'burn-rate', ...burnRate.settings(stated) } as RuleChanges) as BurnRule;
    expect(burnRate.problems?.(stated, settings).map(({ message }) => message)).toEqual(expected);
  });

  it('takes signals of another width, as those of before the rule was changed', () => {
    const seen = observe(rule, undefined, signalsOf(rule, mixed(0, 20, 980) as unknown as Group<TestLine>), T0);
    const changed = aBurnRate({ step: 7 * SECOND, windows: [{ long: 10 * MINUTE, short: 35 * SECOND, factor: 2 }] });
    const memory = seen.outcome === 'ignored' ? undefined : seen.memory;
    const next = observe(
      changed,
      memory,
      signalsOf(rule, mixed(60, 20, 980) as unknown as Group<TestLine>),
      T0 + MINUTE,
    );
    expect(next).toMatchObject({ outcome: 'counted', firing: { measured: { matched: 20, total: 1000 } } });
  });
});

describe('burn rates of any lines in any batches', () => {
  const anyRule = fc
    .record({
      objective: fc.constantFrom(0.5, 0.8),
      minCount: fc.constantFrom(1, 3),
      lateness: fc.constantFrom(0, 7, 20).map((seconds) => seconds * SECOND),
      windows: fc.constantFrom(
        [{ long: 60 * SECOND, short: 10 * SECOND, factor: 1 }],
        [
          { long: 30 * SECOND, short: 10 * SECOND, factor: 1.5 },
          { long: 90 * SECOND, short: 20 * SECOND, factor: 1 },
        ],
      ),
    })
    .map((settings) => aBurnRate({ ...settings, step: 5 * SECOND }));
  const anyLine = fc.record({
    after: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.integer({ min: 0, max: 150 })),
    late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 200 })),
    isPart: fc.boolean(),
  });

  it('hold exactly when the lines by themselves say so, and tell each bad line once', () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.array(anyLine, { minLength: 1, maxLength: 50 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 8 })),
        (rule, stated, sizes) => {
          let ts = T0;
          const all = stated.map(({ after, late, isPart }) => {
            ts += after * SECOND;
            return { arrival: ts + late * SECOND, line: { ts, isPart } };
          });
          all.sort((a, b) => a.arrival - b.arrival);
          const model = new EachLine(rule);
          let memory: Memory | undefined;
          while (all.length > 0) {
            const batch = all.splice(0, sizes.next().value ?? 1);
            const now = Math.max(...batch.map(({ arrival }) => arrival));
            const taken = batch.map(({ line }) => line) as Group<TestLine>;
            const seen = observe(rule, memory, signalsOf(rule, taken), now);
            const firing = seen.outcome === 'counted' ? seen.firing : undefined;
            expect([firing !== undefined, firing?.tally.count ?? 0]).toEqual(model.take(taken));
            if (seen.outcome === 'counted') memory = seen.memory;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What burns by its definition: keeps every line for ever and looks at each window anew. */
class EachLine {
  private newest = Number.NEGATIVE_INFINITY;
  private readonly kept: { readonly at: number; readonly isBad: boolean; told: boolean }[] = [];

  constructor(private readonly rule: BurnRule) {}

  /** Whether a pair of windows of these lines burns, and how many bad lines were not told before. */
  take(batch: readonly TestLine[]): [boolean, number] {
    const { step, lateness, windows } = this.rule;
    const longest = Math.max(...windows.map(({ long }) => long));
    const atOf = ({ ts }: TestLine) => Math.floor(ts / step) * step;
    // Steps that no open window has any more: of the longest window, those open before it, and one.
    const tooOld = this.newest - longest - Math.ceil(lateness / step) * step - step;
    let [burns, told] = [false, 0];
    for (const at of [...new Set(batch.map(atOf))].sort((a, b) => a - b)) {
      if (at <= tooOld) continue;
      this.newest = Math.max(this.newest, at);
      for (const line of batch) {
        if (atOf(line) === at) this.kept.push({ at, isBad: line.isPart === true, told: false });
      }
      for (let end = at; end < at + longest && end <= this.newest; end += step) {
        const long = end >= this.newest - lateness ? this.burning(end) : undefined;
        if (long === undefined) continue;
        burns = true;
        for (const each of this.within(end, long)) {
          if (!each.isBad || each.told) continue;
          each.told = true;
          told++;
        }
      }
    }
    return [burns, told];
  }

  private burning(end: number): number | undefined {
    const { windows, objective, minCount } = this.rule;
    const share = (length: number) => {
      const all = this.within(end, length);
      return all.filter(({ isBad }) => isBad).length / all.length;
    };
    return windows.find(({ long, short, factor }) => {
      const bound = (factor * Math.round((1 - objective) * 1e12)) / 1e12;
      const bad = this.within(end, long).filter(({ isBad }) => isBad).length;
      return bad >= minCount && share(long) > bound && share(short) > bound;
    })?.long;
  }

  private within(end: number, length: number) {
    return this.kept.filter(({ at }) => at > end - length && at <= end);
  }
}
