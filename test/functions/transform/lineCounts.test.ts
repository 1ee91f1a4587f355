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

  it('names the 50 services with the most lines, and adds up the rest', () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      Array.from({ length: index + 1 }, () => ['app', `service-${index}`] as const),
    ).flat();
    const services = countsOf(lines).byService();
    expect(services.size).toBe(51);
    expect(services.get('service-59')).toEqual({ access: 0, error: 0, app: 60 });
    expect(services.has('service-9')).toBe(false);
    expect(services.get('other')).toEqual({ access: 0, error: 0, app: 55 });
  });

  it('adds a service that is really called `other` to the rest', () => {
    const loud = Array.from({ length: 50 }, (_, index) => ['access', `service-${index}`] as const);
    const services = countsOf([...loud, ['error', 'other'], ['error', 'other']]).byService();
    expect(services.get('other')).toEqual({ access: 1, error: 2, app: 0 });
    expect([...services.keys()].filter((name) => name === 'other')).toHaveLength(1);
  });
});
