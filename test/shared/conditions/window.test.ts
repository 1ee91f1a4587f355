import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { observe } from '../../../shared/conditions/condition.js';
import type { Memory } from '../../../shared/conditions/index.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { Group } from '../../../shared/text/groupBy.js';
import { aRule, T0 } from '../../helpers/alerts.js';
import { signalsOf, type TestLine } from '../../helpers/signals.js';

const SECOND = 1000;
type WindowRule = Extract<Rule, { window: number }>;

describe('bucketWidth', () => {
  it.each([
    ['10s', 10, 5],
    ['59s', 59, 5],
    ['60s', 60, 5],
    ['61s', 61, 6],
    ['5m', 300, 25],
    ['1h', 3600, 300],
    ['24h', 86_400, 7200],
  ])('is a twelfth of a window of %s in whole seconds, and 5 s at least', (_name, window, seconds) => {
    const rule = aRule({ type: 'frequency', threshold: 2, window: window * SECOND });
    expect(bucketWidth(rule)).toBe(seconds * SECOND);
  });

  it('is a minute for a rule without a window', () => {
    expect(bucketWidth(aRule({ type: 'match' }))).toBe(60 * SECOND);
  });
});

describe('windows of any lines in any batches', () => {
  const rules = [
    ...[2, 4].map((threshold) => ({ type: 'frequency', threshold }) as const),
    { type: 'spike', factor: 2, minCount: 3, minPrevious: 1 },
    { type: 'growth', steps: 2, factor: 1.5, minCount: 2, minPrevious: 1 },
    { type: 'ratio', of: {}, above: 0.5, minTotal: 3 },
    { type: 'ratio', of: {}, below: 0.5, minTotal: 3 },
    { type: 'cardinality', of: 'client_ip', above: 2 },
    { type: 'sum', of: 'fields.ms', above: 6 },
    { type: 'quantile', of: 'fields.ms', quantile: 0.5, above: 1, minCount: 3 },
  ] as const;
  const anyRule = fc
    .record({
      condition: fc.constantFrom(...rules),
      window: fc.constantFrom(10, 30, 45, 77).map((seconds) => seconds * SECOND),
      lateness: fc.constantFrom(0, 7, 20, 60).map((seconds) => seconds * SECOND),
    })
    .map(({ condition, window, lateness }) => aRule({ ...condition, window, lateness }) as WindowRule);
  const anyLine = fc.record({
    /** How long after the line before, and how much later it comes. */
    after: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.integer({ min: 0, max: 90 })),
    late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 100 })),
    isPart: fc.boolean(),
    value: fc.constantFrom('1', '2', '3', '4'),
  });
  /** Lines in the order in which they come, cut into batches. */
  const anyBatches = fc
    .tuple(fc.array(anyLine, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.integer({ min: 1, max: 8 })))
    .map(([stated, sizes]) => {
      let ts = T0;
      const all = stated.map(({ after, late, isPart, value }) => {
        ts += after * SECOND;
        return { arrival: ts + late * SECOND, line: { ts, isPart, value } };
      });
      all.sort((a, b) => a.arrival - b.arrival);
      const batches: (typeof all)[] = [];
      while (all.length > 0) batches.push(all.splice(0, sizes.next().value ?? 1));
      return batches;
    });

  it('hold the condition exactly when the lines by themselves say so, and tell each line once', () => {
    fc.assert(
      fc.property(anyRule, anyBatches, (rule, batches) => {
        const model = new LineByLine(rule);
        let memory: Memory | undefined;
        for (const batch of batches) {
          const now = Math.max(...batch.map(({ arrival }) => arrival));
          const lines = batch.map(({ line }) => line) as Group<TestLine>;
          const observation = observe(rule, memory, signalsOf(rule, lines), now);
          const firing = observation.outcome === 'counted' ? observation.firing : undefined;
          expect([firing !== undefined, firing?.tally.count ?? 0]).toEqual(model.take(lines));
          expect(observation.outcome === 'counted').toBe(model.tookAny);
          if (observation.outcome === 'counted') memory = observation.memory;
        }
        const windows = rule.type === 'growth' ? rule.steps + 1 : 2;
        expect(bucketsOf(memory)).toBeLessThanOrEqual((rule.lateness + windows * rule.window) / bucketWidth(rule) + 3);
      }),
      { numRuns: 1000 },
    );
  });
});

function bucketsOf(memory: Memory | undefined): number {
  return memory ? (memory as Extract<Memory, { type: 'frequency' }>).buckets.length : 0;
}

/** What the windows are by their definition: keeps every line for ever and looks at each; late ones by themselves. */
class LineByLine {
  tookAny = false;
  private newest = Number.NEGATIVE_INFINITY;
  private kept: KeptLine[] = [];
  private late: KeptLine[] = [];

  constructor(private readonly rule: WindowRule) {}

  /** Whether the condition holds for a window of these lines, and how many lines were not told before. */
  take(lines: readonly TestLine[]): [boolean, number] {
    const { lateness, window } = this.rule;
    const width = bucketWidth(this.rule);
    const bucketOf = ({ ts }: TestLine) => Math.floor(ts / width) * width;
    const tooLate: number[] = [];
    let [holds, told] = [false, 0];
    this.tookAny = false;
    for (const bucket of [...new Set(lines.map(bucketOf))].sort((a, b) => a - b)) {
      if (bucket <= this.newest - lateness - window) {
        tooLate.push(bucket);
        continue;
      }
      this.tookAny = true;
      this.newest = Math.max(this.newest, bucket);
      this.kept.push(
        ...lines.filter((line) => bucketOf(line) === bucket).map((line) => ({ bucket, line, told: false })),
      );
      for (let end = bucket; end < bucket + window && end <= this.newest; end += width) {
        if (end < this.newest - lateness || !this.holds(this.kept, end)) continue;
        holds = true;
        told += this.tell(this.kept, end);
      }
    }
    const late = this.takeLate(tooLate.map((bucket) => lines.filter((line) => bucketOf(line) === bucket)));
    return [holds || late[0], told + late[1]];
  }

  /** Late lines by quarters of windows, all of which are open, as long as there are not too many of them. */
  private takeLate(buckets: readonly (readonly TestLine[])[]): [boolean, number] {
    const { type, window } = this.rule;
    if (type === 'spike' || type === 'growth') return [false, 0];
    const own = bucketWidth(this.rule);
    const quarter = Math.ceil(window / 4);
    let [holds, told] = [false, 0];
    for (const lines of buckets) {
      const start = Math.floor((lines[0]?.ts ?? 0) / own) * own;
      const bucket = Math.floor(start / quarter) * quarter;
      const most = type === 'cardinality' ? 8 : 120;
      const kept = [...new Set([...this.late.map((each) => each.bucket), bucket])].sort((a, b) => a - b).slice(-most);
      if (!kept.includes(bucket)) continue;
      this.tookAny = true;
      this.late.push(...lines.map((line) => ({ bucket, line, told: false })));
      this.late = this.late.filter((each) => kept.includes(each.bucket));
      for (let end = bucket; end < bucket + window && end <= (kept.at(-1) ?? bucket); end += quarter) {
        if (!this.holds(this.late, end)) continue;
        holds = true;
        told += this.tell(this.late, end);
      }
    }
    return [holds, told];
  }

  private tell(kept: readonly KeptLine[], end: number): number {
    const fresh = between(kept, end - this.rule.window, end).filter(({ told, line }) => !told && this.isTold(line));
    for (const each of fresh) each.told = true;
    return fresh.length;
  }

  private holds(kept: readonly KeptLine[], end: number): boolean {
    const { rule } = this;
    const current = between(kept, end - rule.window, end).map(({ line }) => line);
    const previous = between(kept, end - 2 * rule.window, end - rule.window);
    const share = current.filter(({ isPart }) => isPart).length / current.length;
    switch (rule.type) {
      case 'frequency':
        return current.length >= rule.threshold;
      case 'spike':
        return (
          current.length >= rule.minCount && current.length >= rule.factor * Math.max(rule.minPrevious, previous.length)
        );
      case 'growth': {
        const counts = Array.from(
          { length: rule.steps + 1 },
          (_, at) => between(kept, end - (at + 1) * rule.window, end - at * rule.window).length,
        );
        const grows = counts.slice(1).every((count, at) => (counts[at] ?? 0) >= rule.factor * count);
        return grows && current.length >= rule.minCount && (counts.at(-1) ?? 0) >= rule.minPrevious;
      }
      case 'ratio':
        return current.length >= rule.minTotal && (share > (rule.above ?? 1) || share < (rule.below ?? 0));
      case 'quantile':
        return current.length >= rule.minCount && 1 - share < rule.quantile;
      case 'sum':
        return current.reduce((sum, { value }) => sum + Number(value), 0) > rule.above;
      case 'cardinality':
        return new Set(current.map(({ value }) => value)).size > rule.above;
      default:
        return false;
    }
  }

  private isTold({ isPart }: TestLine): boolean {
    const { rule } = this;
    const isAll = rule.type === 'ratio' ? rule.below !== undefined : rule.type !== 'quantile';
    return isAll || isPart === true;
  }
}

interface KeptLine {
  readonly bucket: number;
  readonly line: TestLine;
  told: boolean;
}

function between(kept: readonly KeptLine[], after: number, until: number): KeptLine[] {
  return kept.filter(({ bucket }) => bucket > after && bucket <= until);
}
