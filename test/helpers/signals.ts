import { union } from '../../shared/conditions/numberRanges.js';
import { add, type Sketch } from '../../shared/conditions/sketch.js';
import { bucketWidth } from '../../shared/conditions/window.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Signal } from '../../shared/signals/signal.js';
import { type Group, groupBy } from '../../shared/text/groupBy.js';
import { aSignal } from './alerts.js';

/** A line that a rule's where-clause matches. */
export interface TestLine {
  readonly ts: number;
  /** Of a ratio: `of` matches as well; it does unless this is false. */
  readonly isPart?: boolean;
  /** Of a cardinality, change or gap. */
  readonly value?: string;
}

/** The signals of one key that the transform makes of lines. */
export function signalsOf(rule: Rule, lines: Readonly<Group<TestLine>>): Group<Signal> {
  const width = bucketWidth(rule);
  const buckets = groupBy(lines, ({ ts }) => String(Math.floor(ts / width) * width));
  return [...buckets].map(([bucket, within]) => signalOf(rule, Number(bucket), within)) as Group<Signal>;
}

function signalOf(rule: Rule, bucket: number, lines: Group<TestLine>): Signal {
  const matched = lines.filter(({ isPart = true }) => rule.type !== 'ratio' || isPart);
  const times = (matched.length > 0 ? matched : lines).map(({ ts }) => ts);
  const signal = aSignal({
    rule: rule.name,
    bucket,
    count: matched.length,
    first: Math.min(...times),
    last: Math.max(...times),
    samples: matched.slice(0, 2).map(({ ts }) => ({ ts, service: 'pay', message: `line of ${ts}` })),
  });
  const values = lines.flatMap(({ ts, value }) => (value === undefined ? [] : [{ ts, value }]));
  return {
    ...signal,
    ...(rule.type === 'ratio' ? { total: lines.length } : {}),
    ...(rule.type === 'cardinality'
      ? { distinct: values.reduce<Sketch>((all, { value }) => add(all, value), []) }
      : {}),
    ...(rule.type === 'gap' ? numbersOf(values.map(({ value }) => Number(value))) : {}),
    ...(rule.type === 'change' ? { values: values.sort((a, b) => a.ts - b.ts) } : {}),
  };
}

function numbersOf(numbers: readonly number[]) {
  const different = new Set(numbers);
  const ranges = union(
    [...different].map((number) => [number, number]),
    [],
  );
  return { numbers: ranges, doubled: numbers.length - different.size };
}

/** The same line several times: `count` of them, `step` milliseconds apart. */
export function repeated(from: number, count: number, step = 0, line: Partial<TestLine> = {}): TestLine[] {
  return Array.from({ length: count }, (_, at) => ({ ...line, ts: from + at * step }));
}
