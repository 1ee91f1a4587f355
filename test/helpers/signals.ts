import { typeOf } from '../../shared/conditions/index.js';
import { bucketWidth } from '../../shared/conditions/window.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Signal } from '../../shared/signals/signal.js';
import { type Group, groupBy } from '../../shared/text/groupBy.js';
import { aSignal } from './alerts.js';

/** A line that a rule's where-clause matches. */
export interface TestLine {
  readonly ts: number;
  /** Of a type that looks at a part of the lines: it is in it, as it is unless this is false. */
  readonly isPart?: boolean;
  /** Of the column that the rule looks at. */
  readonly value?: string;
}

/** The signals of one key that the transform makes of lines. */
export function signalsOf(rule: Rule, lines: Readonly<Group<TestLine>>): Group<Signal> {
  const width = bucketWidth(rule);
  const buckets = groupBy(lines, ({ ts }) => String(Math.floor(ts / width) * width));
  return [...buckets].map(([bucket, within]) => signalOf(rule, Number(bucket), within)) as Group<Signal>;
}

function signalOf(rule: Rule, bucket: number, lines: Group<TestLine>): Signal {
  const { of, sum } = typeOf(rule);
  const hasPart = of?.(rule).part !== undefined;
  const matched = lines.filter(({ isPart = true }) => !hasPart || isPart);
  const times = (matched.length > 0 ? matched : lines).map(({ ts }) => ts);
  const signal = aSignal({
    rule: rule.name,
    bucket,
    count: matched.length,
    first: Math.min(...times),
    last: Math.max(...times),
    samples: matched.slice(0, 2).map(({ ts }) => ({ ts, service: 'pay', message: `line of ${ts}` })),
  });
  const open = sum?.open(rule);
  for (const { ts, value, isPart = true } of lines) open?.add(1, value, ts, ts, !hasPart || isPart);
  return { ...signal, ...open?.fields() };
}

/** The same line several times: `count` of them, `step` milliseconds apart. */
export function repeated(from: number, count: number, step = 0, line: Partial<TestLine> = {}): TestLine[] {
  return Array.from({ length: count }, (_, at) => ({ ...line, ts: from + at * step }));
}
