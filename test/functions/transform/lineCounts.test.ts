import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineCounts } from '../../../functions/transform/lineCounts.js';
import { logTypes } from '../../../shared/line/schema/index.js';

const anyType = fc.constantFrom(...logTypes);
const added = fc.array(fc.tuple(anyType, fc.option(fc.constantFrom('web', 'cart', 'other'), { nil: undefined })));

function countsOf(lines: readonly (readonly [(typeof logTypes)[number], string | undefined])[]): LineCounts {
  const counts = new LineCounts();
  for (const [type, service] of lines) counts.add(type, service);
  return counts;
}

describe('lines of an invocation', () => {
  it('are counted by type and by service', () => {
    fc.assert(
      fc.property(added, (lines) => {
        const counts = countsOf(lines);
        const ofType = (wanted: string, of = lines) => of.filter(([type]) => type === wanted).length;
        const byType = (of = lines) => Object.fromEntries(logTypes.map((type) => [type, ofType(type, of)]));
        expect(counts.totals()).toEqual(byType());
        for (const [name, found] of counts.byService()) {
          expect(found).toEqual(byType(lines.filter(([, service]) => (service ?? 'unknown') === name)));
        }
      }),
    );
  });
});
