import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { observe } from '../../../shared/conditions/condition.js';
import type { Memory } from '../../../shared/conditions/index.js';
import { maxPeers, type Peer } from '../../../shared/conditions/peers.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';
import { lines } from '../../helpers/windows.js';

type OutlierRule = Extract<Rule, { type: 'outlier' }>;

const of = { status: { gte: 500 } };
const settings = { window: 5 * MINUTE, factor: 3, minTotal: 10, minPeers: 2, lateness: 0 };
const byShare = aRule({ type: 'outlier', peers: 'task', of, above: 0.25, ...settings });
const byLines = aRule({ type: 'outlier', peers: 'task', above: 0.25, ...settings });

/** Of each batch: lines told, how many outliers there are, and the names; or else why not. */
function outliersOf(rule: Rule, batches: readonly TestLine[][]) {
  let memory: Memory | undefined;
  return batches.map((batch) => {
    const now = Math.max(...batch.map(({ ts }) => ts));
    const seen = observe(rule, memory, signalsOf(rule, batch as Group<TestLine>), now);
    if (seen.outcome === 'ignored') return seen.reason;
    memory = seen.memory;
    const { measured, tally } = seen.firing ?? {};
    if (measured?.type !== 'outlier') return 'quiet';
    return [tally?.count, measured.count, ...measured.outliers.map(({ name }) => name)];
  });
}

function taskLines(seconds: number, task: string, bad: number, good = 0): TestLine[] {
  return [...lines(seconds, bad, { value: task }), ...lines(seconds, good, { value: task, isPart: false })];
}

describe('outlier', () => {
  const good = [...taskLines(0, 'a', 0, 20), ...taskLines(0, 'b', 1, 19), ...taskLines(0, 'c', 0, 5)];

  it.each<[string, TestLine[][], unknown[]]>([
    ['one that fails', [[...good, ...taskLines(0, 'd', 10)]], [[10, 1, 'd']]],
    ['too few of its lines', [[...good, ...taskLines(0, 'd', 9)]], ['quiet']],
    ['a share that is not above the bound', [[...good, ...taskLines(0, 'd', 5, 15)]], ['quiet']],
    ['two of five', [[...good, ...taskLines(0, 'd', 10), ...taskLines(0, 'e', 5, 5)]], [[15, 2, 'd', 'e']]],
    ['all of them', [['a', 'b', 'c', 'd'].flatMap((task) => taskLines(0, task, 10, 2))], ['quiet']],
    ['one of two', [[...taskLines(0, 'a', 0, 20), ...taskLines(0, 'd', 10)]], ['quiet']],
    [
      'others that have next to no lines',
      [[...taskLines(0, 'a', 0, 20), ...taskLines(0, 'd', 100, 300), ...taskLines(0, 'e', 3)]],
      ['quiet'],
    ],
    [
      'the lines of several batches, each told once',
      [[...good, ...taskLines(0, 'd', 6)], taskLines(60, 'd', 6), taskLines(120, 'd', 1), taskLines(120, 'a', 0, 3)],
      ['quiet', [12, 1, 'd'], [1, 1, 'd'], [0, 1, 'd']],
    ],
    [
      'lines that have left the window',
      [[...good, ...taskLines(0, 'd', 9)], taskLines(300, 'd', 9)],
      ['quiet', 'quiet'],
    ],
  ])('by the share of bad lines: %s', (_name, batches, expected) => {
    expect(outliersOf(byShare, batches)).toEqual(expected);
  });

  it.each<[string, TestLine[], unknown]>([
    ['three times as many', [...taskLines(0, 'a', 4), ...taskLines(0, 'b', 4), ...taskLines(0, 'd', 12)], [12, 1, 'd']],
    ['less than that', [...taskLines(0, 'a', 4), ...taskLines(0, 'b', 5), ...taskLines(0, 'd', 13)], 'quiet'],
    ['few lines', [...taskLines(0, 'a', 1), ...taskLines(0, 'b', 1), ...taskLines(0, 'd', 9)], 'quiet'],
  ])('by the number of lines: %s', (_name, batch, expected) => {
    expect(outliersOf(byLines, [batch])).toEqual([expected]);
  });

  it('names the five worst of many, and counts the lines of all', () => {
    const bad = Array.from({ length: 7 }, (_, index) => taskLines(0, `bad-${index}`, 20 + index)).flat();
    const well = Array.from({ length: 9 }, (_, index) => taskLines(0, `good-${index}`, 0, 20)).flat();
    expect(outliersOf(byShare, [[...well, ...bad]])).toEqual([
      [7 * 20 + 21, 7, 'bad-6', 'bad-5', 'bad-4', 'bad-3', 'bad-2'],
    ]);
  });

  it('looks at the same 100 of more peers, in every batch', () => {
    const many = Array.from({ length: 1000 }, (_, index) => taskLines(0, `task-${index}`, 1, 99)).flat();
    const [first] = signalsOf(byShare, many as Group<TestLine>) as [ReturnType<typeof aSignal>];
    const [second] = signalsOf(byShare, many.toReversed() as Group<TestLine>) as [ReturnType<typeof aSignal>];
    const namesOf = (peers: readonly Peer[] = []) => peers.map(([name]) => name).sort();
    expect(first.peers).toHaveLength(maxPeers);
    expect(namesOf(second.peers)).toEqual(namesOf(first.peers));
    expect(first.peers).toContainEqual([first.peers?.[0]?.[0], 100, 1, 0]);
  });

  it('says nothing of keys that were folded into one', () => {
    const signal = aSignal({ key: otherKey, labels: {} });
    expect(observe(byShare, undefined, [signal], T0)).toEqual({ outcome: 'ignored', reason: 'several keys' });
  });

  it('finds what a look at every line by itself finds, whatever the batches', () => {
    const anyLine = fc.record({
      after: fc.integer({ min: 0, max: 20 }),
      value: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      isPart: fc.boolean(),
    });
    const anyRule = fc
      .record({
        ...{
          factor: fc.constantFrom(1.5, 3),
          minTotal: fc.integer({ min: 1, max: 5 }),
          minPeers: fc.integer({ min: 1, max: 3 }),
        },
        ...{ above: fc.constantFrom(0, 0.4), of: fc.constantFrom(of, undefined) },
      })
      .map(({ of, ...changes }) =>
        aRule({ type: 'outlier', peers: 'task', window: MINUTE, lateness: MINUTE, ...changes, ...(of ? { of } : {}) }),
      );
    fc.assert(
      fc.property(
        anyRule,
        fc.array(anyLine, { minLength: 1, maxLength: 60 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (rule, stated, sizes) => {
          let ts = T0;
          const all = stated.map(({ after, value, isPart }): TestLine => {
            ts += after * 1000;
            return { ts, value, isPart: (rule as OutlierRule).of === undefined || isPart };
          });
          const model = new LineByLine(rule as OutlierRule);
          let memory: Memory | undefined;
          while (all.length > 0) {
            const batch = all.splice(0, sizes.next().value ?? 1) as Group<TestLine>;
            const seen = observe(rule, memory, signalsOf(rule, batch), ts);
            if (seen.outcome !== 'counted') throw new Error('no line is late');
            expect([seen.firing !== undefined, seen.firing?.tally.count ?? 0]).toEqual(model.take(batch));
            memory = JSON.parse(JSON.stringify(seen.memory)) as Memory;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What an outlier is by its definition, over all lines that ever came. */
class LineByLine {
  private readonly kept: { readonly bucket: number; readonly line: TestLine; told: boolean }[] = [];

  constructor(private readonly rule: OutlierRule) {}

  /** Whether there is an outlier in a window of these lines, and how many lines were not told before. */
  take(batch: readonly TestLine[]): [boolean, number] {
    const width = bucketWidth(this.rule);
    const bucketOf = ({ ts }: TestLine) => Math.floor(ts / width) * width;
    let [holds, told] = [false, 0];
    for (const bucket of [...new Set(batch.map(bucketOf))].sort((a, b) => a - b)) {
      this.kept.push(
        ...batch.filter((line) => bucketOf(line) === bucket).map((line) => ({ bucket, line, told: false })),
      );
      const within = this.kept.filter((each) => each.bucket > bucket - this.rule.window);
      const outliers = this.outliersAmong(within.map(({ line }) => line));
      holds ||= outliers.length > 0;
      for (const each of within) {
        if (each.told || !each.line.isPart || !outliers.includes(each.line.value)) continue;
        each.told = true;
        told++;
      }
    }
    return [holds, told];
  }

  private outliersAmong(lines: readonly TestLine[]) {
    const { of, minTotal, minPeers, above, factor } = this.rule;
    const names = [...new Set(lines.map(({ value }) => value))];
    const totalOf = (name?: string) => lines.filter(({ value }) => value === name).length;
    const levelOf = (name?: string) =>
      of ? lines.filter(({ value, isPart }) => value === name && isPart).length / totalOf(name) : totalOf(name);
    const compared = names.filter((name) => !of || totalOf(name) >= minTotal / 10);
    return compared.filter((name) => {
      const others = compared
        .filter((other) => other !== name)
        .map(levelOf)
        .sort((a, b) => a - b);
      if (others.length < minPeers || totalOf(name) < minTotal || (of && levelOf(name) <= above)) return false;
      const [low = 0, high = 0] = [others[Math.floor((others.length - 1) / 2)], others[Math.floor(others.length / 2)]];
      return levelOf(name) >= (factor * (low + high)) / 2;
    });
  }
}
