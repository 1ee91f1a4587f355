import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqs } from '../../../shared/limits.js';
import { signalBatch } from '../../../shared/rules/batch.js';
import { otherKey } from '../../../shared/rules/key.js';
import type { Signal } from '../../../shared/signals.js';
import { aSignal, T0 } from '../../helpers/alerts.js';

const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const countOf = (signals: readonly Signal[]) => signals.reduce((sum, { count }) => sum + count, 0);

describe('signalBatch', () => {
  it('is nothing when nothing matched', () => {
    expect(signalBatch(['1'], [])).toBeUndefined();
  });

  it('is named by the record ids', () => {
    const idOf = (...ids: string[]) => signalBatch(ids, [aSignal({})])?.id;
    expect(idOf('1', '2')).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf('1', '2')).toBe(idOf('1', '2'));
    expect(idOf('1', '2')).not.toBe(idOf('12'));
  });

  it('carries small signals as they are', () => {
    const signals = [aSignal({}), aSignal({ key: 'cart' })];
    expect(signalBatch(['1'], signals)).toEqual({ version: 1, id: expect.any(String), signals });
  });

  it('sheds samples before keys', () => {
    const samples = Array.from({ length: 5 }, (_, i) => ({ ts: T0, service: 'pay', message: `${i}`.padEnd(500, 'é') }));
    const signals = Array.from({ length: 100 }, (_, i) => aSignal({ key: `${i}`, samples }));
    const batch = signalBatch(['1'], signals);
    expect(sizeOf(batch)).toBeLessThanOrEqual(sqs.maxMessageBytes);
    expect(batch?.signals).toHaveLength(100);
    expect(batch?.signals[99]?.samples).toHaveLength(1);
  });

  it('folds the quietest keys of each rule into one', () => {
    const signals = Array.from({ length: 10_000 }, (_, i) =>
      aSignal({ rule: `rule-${i % 3}`, key: `key-${i}`, count: i + 1 }),
    );
    const batch = signalBatch(['1'], signals);
    expect(sizeOf(batch)).toBeLessThanOrEqual(sqs.maxMessageBytes);

    const kept = batch?.signals.filter(({ key }) => key !== otherKey) ?? [];
    const others = batch?.signals.filter(({ key }) => key === otherKey) ?? [];
    expect(kept.length).toBeGreaterThan(500);
    expect(Math.min(...kept.map(({ count }) => count))).toBe(10_000 - kept.length + 1);
    expect(others.map(({ rule }) => rule).sort()).toEqual(['rule-0', 'rule-1', 'rule-2']);
    expect(others[0]).toMatchObject({ labels: {}, minute: T0, first: T0 + 1000, last: T0 + 2000, samples: [] });
  });

  it('always fits and never loses a count', () => {
    const signal = fc
      .record({
        rule: fc.constantFrom('one', 'two', 'three'),
        key: fc.string({ unit: 'binary', maxLength: 400 }),
        count: fc.integer({ min: 1, max: 1e6 }),
        message: fc.string({ unit: 'binary', maxLength: 500 }),
        copies: fc.integer({ min: 1, max: 400 }),
      })
      .map(({ rule, key, count, message, copies }) =>
        Array.from({ length: copies }, (_, i) =>
          aSignal({ rule, key: `${key}${i}`, labels: { key }, count, samples: [{ ts: T0, service: 'pay', message }] }),
        ),
      );
    fc.assert(
      fc.property(fc.array(signal, { minLength: 1, maxLength: 20 }), (groups) => {
        const signals = groups.flat();
        const batch = signalBatch(['1'], signals);
        expect(sizeOf(batch)).toBeLessThanOrEqual(sqs.maxMessageBytes);
        for (const rule of ['one', 'two', 'three']) {
          const of = (all: readonly Signal[] = []) => countOf(all.filter((each) => each.rule === rule));
          expect(of(batch?.signals)).toBe(of(signals));
        }
      }),
      { numRuns: 50 },
    );
  });
});
