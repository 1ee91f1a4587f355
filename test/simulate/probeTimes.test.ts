import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomFrom } from '../oncall/random.js';
import { type ProbeKind, probeTimes, storm } from './probeTimes.js';

const minute = 60_000;
const start = Date.UTC(2026, 0, 5);

it('has a storm and a line alone in any time, and all of them are sent before it is over', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.02, max: 24, noNaN: true }), fc.integer({ min: 1, max: 60 }), (hours, flush) => {
      const times = probeTimes(start, hours, flush, randomFrom(1));
      const of = (kind: ProbeKind) => times.flatMap((each) => (each.kind === kind ? [each.written] : []));
      expect(of('in a storm')).toHaveLength(storm.lines);
      expect(of('alone').length).toBeGreaterThan(0);
      for (const { written } of times) {
        expect(written).toBeGreaterThanOrEqual(start);
        expect(written).toBeLessThan(start + hours * 60 * minute - flush * 1000);
      }
      // Longer than a group of alerts stays open.
      const alone = of('alone');
      for (const [at, written] of alone.entries())
        if (at > 0) expect(written - (alone[at - 1] ?? 0)).toBeGreaterThan(10 * minute);
    }),
  );
});
