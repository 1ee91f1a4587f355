import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimate } from '../../../shared/cost/estimate.js';
import { type CostInput, defaultInput } from '../../../shared/cost/input.js';
import { totalOf } from '../../../shared/cost/lineItem.js';

const dollars = (input: Partial<CostInput>) => totalOf(estimate({ ...defaultInput, ...input }));
const stage = (input: Partial<CostInput>, name: string) =>
  totalOf(estimate({ ...defaultInput, ...input }).filter((item) => item.stage === name));

describe('estimate', () => {
  it('bills a quiet container for 5 KB a flush', () => {
    const quiet = stage({ gbPerDay: 0.1, containers: 1000, canary: false, lineBytes: 250 }, 'ingestion');
    // A line in 20 flushes or so: each is a record of its own.
    const lines = (0.1 * 2 ** 30 * (730 / 24)) / 250;
    expect(quiet).toBeLessThan(((lines * 5120) / 2 ** 30) * 0.029);
    expect(quiet).toBeGreaterThan(((lines * 5120) / 2 ** 30) * 0.029 * 0.9);
    // One that always has a few lines: what docs/firelens.md says of it.
    expect(stage({ gbPerDay: 0.1, containers: 10, canary: false, lineBytes: 20 }, 'ingestion') / 10).toBeCloseTo(
      0.0727,
      2,
    );
  });

  it('costs less a GB, the more of them there are', () => {
    expect(dollars({ gbPerDay: 1024, containers: 100 }) / 1024).toBeLessThan(dollars({ gbPerDay: 1 }) / 10);
  });

  it('has no item that is nothing, and none that is no number', () => {
    const input = fc.record({
      gbPerDay: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      containers: fc.integer({ min: 1, max: 100_000 }),
      services: fc.integer({ min: 1, max: 10_000 }),
      lineBytes: fc.integer({ min: 10, max: 100_000 }),
      flushSeconds: fc.integer({ min: 1, max: 600 }),
      canary: fc.boolean(),
      compaction: fc.boolean(),
      forward: fc.constantFrom(0, 0.01, 1),
    });
    fc.assert(
      fc.property(input, (some) => {
        for (const item of estimate({ ...defaultInput, ...some })) {
          expect(item.quantity).toBeGreaterThan(0);
          expect(item.dollars).toBeGreaterThan(0);
        }
      }),
    );
  });

  it.each([
    ['gbPerDay', 1, 1.01],
    ['containers', 10, 11],
    ['services', 5, 6],
    ['retentionDays', 30, 60],
    ['queriesPerDay', 20, 40],
    ['serviceMetrics', 0, 1],
    ['forward', 0, 0.1],
  ] as const)('costs more with more %s', (name, less, more) => {
    expect(dollars({ [name]: more })).toBeGreaterThan(dollars({ [name]: less }));
  });
});
