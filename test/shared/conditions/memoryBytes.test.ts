import { describe, expect, it } from '@jest/globals';
import { observe } from '../../../shared/conditions/condition.js';
import { type Memory, ruleTypes, typeOf } from '../../../shared/conditions/index.js';
import { bucketWidth } from '../../../shared/conditions/window.js';
import { maxMemoryBytes } from '../../../shared/rules/language/memorySize.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { maxSampleText } from '../../../shared/signals/sample.js';
import type { Signal } from '../../../shared/signals/signal.js';
import { aRule, aSignal, MINUTE, type RuleChanges, T0 } from '../../helpers/alerts.js';

const HOUR = 60 * MINUTE;
const longest = '\u0001'.repeat(maxSampleText);

/** Settings that make a type remember much, beside those that any rule of it has. */
const costly: readonly RuleChanges[] = [
  { type: 'frequency', window: MINUTE, lateness: HOUR, threshold: 1e15 },
  { type: 'frequency', window: MINUTE, for: 12 * MINUTE, lateness: HOUR, threshold: 1e15 },
  { type: 'spike', window: MINUTE, lateness: HOUR, minCount: 1e15 },
  { type: 'spike', window: MINUTE, lateness: 0, minCount: 1e15, baseline: 'week' },
  { type: 'spike', window: 10 * MINUTE, lateness: HOUR, minCount: 1e15, baseline: 'hour' },
  { type: 'burn-rate', minCount: 1e15, lateness: HOUR },
  { type: 'drop', window: MINUTE, lateness: HOUR },
  { type: 'growth', window: HOUR, steps: 7, minCount: 1e15 },
  { type: 'drop', window: HOUR, baseline: 'week' },
  { type: 'ratio', window: 10_000, lateness: HOUR, above: 0.999 },
  { type: 'cardinality', window: MINUTE, lateness: 5 * MINUTE },
  { type: 'quantile', window: MINUTE, minCount: 1e15 },
  { type: 'outlier', window: MINUTE, minTotal: 1e15 },
  { type: 'absence', window: MINUTE, lateness: HOUR, minCount: 1e15 },
  { type: 'sum', window: MINUTE, lateness: HOUR, above: 1e300 },
  { type: 'sequence', lateness: HOUR },
  { type: 'fewer' },
];

describe('what is remembered of a key', () => {
  it.each(ruleTypes.map((type): RuleChanges => ({ type })))('is never more than stated: %j', (changes) => {
    const rule = aRule(changes);
    expect(largestMemory(rule, 100)).toBeLessThanOrEqual(typeOf(rule).memoryBytes(rule));
  });

  it.each(costly)('is at times near to what is stated: %j', (changes) => {
    const rule = aRule(changes);
    const [largest, stated] = [
      largestMemory(rule, changes.type === 'cardinality' || changes.type === 'quantile' ? 100 : 800),
      typeOf(rule).memoryBytes(rule),
    ];
    expect(largest).toBeLessThanOrEqual(stated);
    expect(largest).toBeGreaterThan(stated / 3);
  });
});

it.each(['quantile', 'outlier', 'cardinality', 'sum', 'ratio'] as const)(
  'a %s may have a window of a minute, with the lateness that a rule has unless it states one',
  (type) => {
    const rule = aRule({ type, window: MINUTE });
    expect(typeOf(rule).memoryBytes(rule)).toBeLessThanOrEqual(maxMemoryBytes);
  },
);

/** Bytes of JSON, of so many batches that have as much to remember as can be. */
function largestMemory(rule: Rule, batches: number): number {
  let memory: Memory | undefined;
  let largest = 0;
  for (let batch = 0; batch < batches; batch++) {
    const bucket = T0 + batch * bucketWidth(rule);
    // Each with lines of two days before.
    const late = bucket + (batch % 400) * 2 * bucketWidth(rule) - 800 * bucketWidth(rule) - 2 * 24 * HOUR;
    const signals = [fullSignal(bucket, batch), fullSignal(late, batch)] as const;
    const seen = observe(rule, memory, [signals[0], signals[1]], bucket + 1);
    if (seen.outcome !== 'ignored') memory = seen.memory;
    const { type: _, ...stored } = memory ?? { type: rule.type };
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(stored)));
  }
  return largest;
}

/** A signal whose every part is as long as it can be. */
function fullSignal(bucket: number, step: number): Signal {
  const sample = { ts: bucket, service: longest, level: 'warn', message: `${step}${longest}`.slice(0, maxSampleText) };
  const many = 1e12 + step;
  return aSignal({
    ...{ bucket, first: bucket, last: bucket + 1, count: many, total: 1e13 },
    samples: [sample, { ...sample, message: longest }],
    top: Object.fromEntries(
      ['task', 'exception', 'status', 'path', 'client_ip'].map((column) => [
        column,
        Array.from({ length: 5 }, (_, at) => [`${step}-${at}${longest}`.slice(0, 80), many] as const),
      ]),
    ),
    distinct: Array.from({ length: 128 }, (_, at) => 1e12 + at * 1000 + (step % 1000)),
    values: [{ ts: bucket, value: `${step % 2}${longest}`.slice(0, maxSampleText) }],
    spread: { total: 1e13, bins: Array.from({ length: 160 }, (_, at) => [1100 + at, 1e9 + step]).flat() },
    peers: Array.from({ length: 128 }, (_, at) => [`${'\u4e00'.repeat(60)}${at}`, 1e7, 1e7, 0] as const),
    numbers: [[step * 10 - 8e15, step * 10 - 8e15]],
    amount: -1234567.123456 - step * 1e6,
    seen: Array.from({ length: 200 }, (_, at) => [`${at}-${step}${longest}`.slice(0, 48), bucket, bucket + 1] as const),
    starts: Array.from({ length: 40 }, (_, at) => [
      `${at}-${step}-${'\u4e00'.repeat(50)}`.slice(0, 20),
      `${(at + 100 * step + 1e6).toString(36)}aaaaaa`.slice(0, 6),
      Math.floor(bucket / 1000) + at,
    ]),
    ends: Array.from({ length: 60 }, (_, at) => [Math.floor(bucket / 1000) + at, 'bbbbbb'] as const),
  });
}
