import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byStage, priced, type Quantity, totalOf } from '../../../shared/cost/lineItem.js';
import { type PriceName, priceList } from '../../../shared/prices.js';

const TB = 1024;
const ingested = (quantity: number): Quantity => ({
  stage: 'ingestion',
  price: 'firehoseIngestion',
  what: 'records',
  quantity,
});

describe('priced', () => {
  it('multiplies a quantity by what so many units cost', () => {
    const [item] = priced([{ stage: 'delivery', price: 's3Puts', what: 'PUT', quantity: 3000 }]);
    expect(item).toEqual({
      stage: 'delivery',
      service: 'S3',
      what: 'PUT',
      quantity: 3000,
      unit: 'requests',
      unitDollars: 0.005,
      per: 1000,
      dollars: expect.closeTo(0.015, 12),
    });
  });

  it.each([
    ['within the first tier', 100 * TB, 100 * TB * 0.029],
    ['at its end', 500 * TB, 500 * TB * 0.029],
    ['in the second', 600 * TB, 500 * TB * 0.029 + 100 * TB * 0.025],
    ['in the last', 3 * TB * TB, 500 * TB * 0.029 + (2 * TB - 500) * TB * 0.025 + TB * TB * 0.02],
  ])('bills each tier at its own price: %s', (_, gb, dollars) => {
    expect(totalOf(priced([ingested(gb)]))).toBeCloseTo(dollars, 6);
  });

  it('lets items of one price share its tiers', () => {
    const [together] = priced([ingested(600 * TB)]);
    const apart = priced([ingested(200 * TB), ingested(400 * TB)]);
    expect(totalOf(apart)).toBeCloseTo(together?.dollars ?? Number.NaN, 6);
    expect(apart.map(({ unitDollars }) => unitDollars)).toEqual([together?.unitDollars, together?.unitDollars]);
  });

  it('costs nothing without a quantity', () => {
    expect(priced([ingested(0)])).toMatchObject([{ dollars: 0, unitDollars: 0.029 }]);
  });

  it('never costs less for more, and never more than the first tier', () => {
    const name = fc.constantFrom(...(Object.keys(priceList) as PriceName[]));
    const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(name, amount, amount, (price, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const dollars = (quantity: number) => totalOf(priced([{ stage: 'storage', price, what: '', quantity }]));
        expect(dollars(less)).toBeLessThanOrEqual(dollars(more) * (1 + 1e-9));
        expect(dollars(more)).toBeLessThanOrEqual(
          (more / priceList[price].per) * priceList[price].dollars * (1 + 1e-9),
        );
      }),
    );
  });
});

it('adds up the stages that have an item, in the order of the journey', () => {
  const items = priced([
    { stage: 'monitoring', price: 'cloudwatchAlarms', what: 'alarms', quantity: 2 },
    ingested(1),
    ingested(2),
  ]);
  expect([...byStage(items)]).toEqual([
    ['ingestion', expect.closeTo(0.087, 12)],
    ['monitoring', expect.closeTo(0.2, 12)],
  ]);
});
