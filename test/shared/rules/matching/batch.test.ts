import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, type Sketch } from '../../../../shared/conditions/sketch.js';
import { sqs } from '../../../../shared/limits.js';
import { maxMessages, signalBatches } from '../../../../shared/rules/matching/batch.js';
import { otherKey } from '../../../../shared/signals/alertKey.js';
import type { Signal, SignalBatch } from '../../../../shared/signals/signal.js';
import { aSignal, MINUTE, type SummedSignal, T0 } from '../../../helpers/alerts.js';

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const countOf = (signals: readonly Signal[]) => signals.reduce((sum, { count }) => sum + count, 0);
const signalsIn = (batches: readonly SignalBatch[]) => batches.flatMap(({ signals }) => signals);

/** Every message fits, they are of one batch, and none but one holds signals of a rule and key. */
function expectSound(batches: readonly SignalBatch[]): void {
  expect(batches.length).toBeLessThanOrEqual(maxMessages);
  expect(new Set(batches.map(({ id }) => id)).size).toBeLessThanOrEqual(1);
  const places = new Map<string, number>();
  for (const [message, batch] of batches.entries()) {
    expect(sizeOf(batch)).toBeLessThanOrEqual(sqs.maxMessageBytes);
    for (const { rule, key } of batch.signals) {
      const place = JSON.stringify([rule, key]);
      expect(places.get(place) ?? message).toBe(message);
      places.set(place, message);
    }
  }
}

describe('signalBatches', () => {
  it('are none when nothing matched', () => {
    expect(signalBatches(['1'], [])).toEqual([]);
  });

  it('are named by the record ids', () => {
    const idOf = (...ids: string[]) => signalBatches(ids, [aSignal({})])[0]?.id;
    expect(idOf('1', '2')).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf('1', '2')).toBe(idOf('1', '2'));
    expect(idOf('1', '2')).not.toBe(idOf('12'));
  });

  it('carry small signals as they are, in one message', () => {
    const signals = [aSignal({}), aSignal({ key: 'cart' })];
    expect(signalBatches(['1'], signals)).toEqual([{ version: 1, id: expect.any(String), messages: 1, signals }]);
  });

  it('tell of failures once, even when nothing matched', () => {
    const failures = [{ rule: 'a-rule', count: 3, reason: 'RangeError' }];
    expect(signalBatches(['1'], [], failures)).toEqual([
      { version: 1, id: expect.any(String), messages: 1, signals: [], failures },
    ]);
    const many = Array.from({ length: 8000 }, (_, i) => aSignal({ key: `${i}` }));
    const batches = signalBatches(['1'], many, failures);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flatMap((batch) => batch.failures ?? [])).toEqual(failures);
    expectSound(batches);
  });

  it('hold ten thousand keys without a loss', () => {
    const signals = Array.from({ length: 10_000 }, (_, i) =>
      aSignal({ key: `web|${i}`, labels: { service: 'web', fingerprint: `${i}` }, samples: [] }),
    );
    const batches = signalBatches(['1'], signals);
    expectSound(batches);
    expect(signalsIn(batches)).toEqual(signals);
  });

  it('shed samples before keys', () => {
    const samples = Array.from({ length: 5 }, (_, i) => ({ ts: T0, service: 'pay', message: `${i}`.padEnd(500, 'é') }));
    const signals = Array.from({ length: 2000 }, (_, i) => aSignal({ key: `${i}`, samples }));
    const batches = signalBatches(['1'], signals);
    expectSound(batches);
    expect(signalsIn(batches).map(({ samples: kept }) => kept.length)).toEqual(signals.map(() => 1));
  });

  it('fold the quietest keys of each rule into one, bucket by bucket', () => {
    const signals = Array.from({ length: 40_000 }, (_, i) =>
      aSignal({ rule: `rule-${i % 2}`, key: `key-${i}`, count: i + 1, bucket: T0 + (i % 6 < 3 ? 0 : MINUTE) }),
    );
    const batches = signalBatches(['1'], signals);
    expectSound(batches);
    expect(batches).toHaveLength(maxMessages);

    const kept = signalsIn(batches).filter(({ key }) => key !== otherKey);
    const others = signalsIn(batches).filter(({ key }) => key === otherKey);
    expect(kept.length).toBeGreaterThan(15_000);
    expect(Math.min(...kept.map(({ count }) => count))).toBe(signals.length - kept.length + 1);
    expect(others.map(({ rule, bucket }) => [rule, bucket - T0]).sort()).toEqual([
      ['rule-0', 0],
      ['rule-0', MINUTE],
      ['rule-1', 0],
      ['rule-1', MINUTE],
    ]);
    expect(others[0]).toMatchObject({ labels: {}, first: T0 + 1000, last: T0 + 2000, samples: [] });
    expect(countOf(signalsIn(batches))).toBe(countOf(signals));
  });

  it('add up old buckets of one key when they are more than a message holds', () => {
    const signals = Array.from({ length: 20_000 }, (_, i) => aSignal({ bucket: T0 - i * MINUTE, samples: [] }));
    const batches = signalBatches(['1'], signals);
    expectSound(batches);
    const kept = signalsIn(batches);
    expect(countOf(kept)).toBe(20_000);
    expect(kept.length).toBeGreaterThan(2000);
    // The newest are as they were.
    expect(kept.filter(({ bucket }) => bucket > T0 - 2000 * MINUTE).map(({ count }) => count)).toEqual(
      Array.from({ length: 2000 }, () => 1),
    );
  });

  it('merge what ratios and cardinalities measure', () => {
    const sketchOf = (...values: string[]) => values.reduce<Sketch>(add, []);
    const long = 'x'.repeat(200);
    const signals = Array.from({ length: 20_000 }, (_, i) =>
      aSignal({ key: `${long}${i}`, count: 0, total: 2, distinct: sketchOf(`${i % 3}`), first: T0 + i, last: T0 + i }),
    );
    const folded: SummedSignal[] = signalsIn(signalBatches(['1'], signals));
    const other = folded.find(({ key }) => key === otherKey);
    expect(other?.distinct).toEqual(sketchOf('0', '1', '2'));
    expect(other?.count).toBe(0);
    expect(other?.total).toBe(2 * (other?.last === undefined ? 0 : other.last - other.first + 1));
  });

  it('always fit and never lose a count', () => {
    const signal = fc
      .record({
        rule: fc.constantFrom('one', 'two', 'three'),
        key: fc.string({ unit: 'binary', maxLength: 400 }),
        count: fc.integer({ min: 1, max: 1e6 }),
        message: fc.string({ unit: 'binary', maxLength: 500 }),
        copies: fc.integer({ min: 1, max: 2000 }),
        buckets: fc.integer({ min: 1, max: 5 }),
      })
      .map(({ rule, key, count, message, copies, buckets }) =>
        Array.from({ length: copies }, (_, i) =>
          aSignal({
            rule,
            key: `${key}${Math.floor(i / buckets)}`,
            bucket: T0 + (i % buckets) * MINUTE,
            labels: { key },
            count,
            samples: [{ ts: T0, service: 'pay', message }],
          }),
        ),
      );
    fc.assert(
      fc.property(fc.array(signal, { minLength: 1, maxLength: 20 }), (groups) => {
        const signals = groups.flat();
        const batches = signalBatches(['1'], signals);
        expectSound(batches);
        for (const rule of ['one', 'two', 'three']) {
          const of = (all: readonly Signal[]) => countOf(all.filter((each) => each.rule === rule));
          expect(of(signalsIn(batches))).toBe(of(signals));
        }
        expect(signalBatches(['1'], signals)).toEqual(batches);
      }),
      { numRuns: 10 },
    );
  });
});
