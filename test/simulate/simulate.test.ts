import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { shippedRules } from '../helpers/shippedRules.js';
import { dollarsOf } from './bill.js';
import { lossesOf, quantile } from './report.js';
import { type Changes, type Load, settingFor } from './setting.js';
import { type Day, type Simulated, simulateDay } from './simulate.js';

jest.setTimeout(300_000);

const { rules } = await shippedRules();
const small: Load = { gbPerDay: 20, services: 6, containers: 20 };
const minute = 60_000;

async function simulated(load: Load, { changes = {}, ...day }: Partial<Day> & { readonly changes?: Changes } = {}) {
  return simulateDay({ load, setting: await settingFor(load, changes), rules, hours: 0.25, ...day });
}

/** Milliseconds until people were told of each line. */
function allTold({ told }: Simulated): number[] {
  return Object.values(told).flat();
}

it('tells people of each line that they must hear of, and loses no signal', async () => {
  const day = await simulated(small);
  expect(lossesOf(day)).toEqual([]);
  expect(allTold(day)).toHaveLength(day.probes);
  expect(day.told.alone).toHaveLength(1);
  expect(day.told['in a storm']).toHaveLength(60);
  expect(day.counted).toHaveLength(day.queue.sent);
  // Flush, Firehose's buffer, and little else.
  expect(day.told.alone[0]).toBeLessThan(day.setting.flush * 1000 + 25_000);
});

it('is the same each time', async () => {
  const [one, other] = [await simulated(small), await simulated(small)];
  expect(other).toEqual(one);
});

it('counts what is sent as AWS bills it', async () => {
  const day = await simulated(small);
  const wanted = (small.gbPerDay * 2 ** 30 * day.hours) / 24;
  // A quarter of an hour after midnight is quieter than the mean.
  expect(day.stream.rawBytes).toBeGreaterThan(0.3 * wanted);
  expect(day.stream.rawBytes).toBeLessThan(0.7 * wanted);
  expect(day.stream.billedBytes).toBeGreaterThan(day.stream.bytes);
  expect([...dollarsOf(day).keys()]).toEqual(['ingestion', 'transform', 'delivery', 'alerts', 'sweep']);
});

describe('when something is away', () => {
  it.each(['alert', 'slack'] as const)('%s: all is late and nothing is lost', async (of) => {
    const usual = await simulated(small);
    const day = await simulated(small, { outage: { of, lasts: 5 * minute } });
    expect(lossesOf(day)).toEqual([]);
    // The storm comes while it is away. That fewer messages tell of it lets the last of its lines be told sooner than usual.
    const soonest = ({ told }: Simulated) => told['in a storm'][0] ?? 0;
    expect(soonest(day)).toBeGreaterThan(soonest(usual));
    // The time that it is away, until a message is visible again, and the next digest.
    expect(Math.max(...allTold(day))).toBeLessThan((5 + 3 + 6) * minute);
  });

  it('loses nothing however long, however busy', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('alert' as const, 'slack' as const),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 100 }),
        async (of, lasts, gbPerDay) => {
          const load = { ...small, gbPerDay };
          const day = await simulated(load, { outage: { of, lasts: lasts * minute }, seed: gbPerDay, hours: 0.15 });
          expect(lossesOf(day)).toEqual([]);
        },
      ),
      { numRuns: 3 },
    );
  });
});

it('says so when the alert function is too small: late, and never lossy', async () => {
  const load = { gbPerDay: 300, services: 60, containers: 300 };
  const [enough, few] = [
    await simulated(load, { hours: 0.1 }),
    await simulated(load, { hours: 0.1, changes: { alertMemory: 128 } }),
  ];
  expect(lossesOf(few)).toEqual([]);
  expect(quantile(few.counted, 0.5)).toBeGreaterThan(quantile(enough.counted, 0.5));
});

it('makes routers wait when the quota is too small', async () => {
  const load = { gbPerDay: 3000, services: 12, containers: 2000 };
  const day = await simulated(load, { hours: 0.05, decisions: 1000, changes: { quotaMiB: 1 } });
  expect(day.stream.throttled).toBeGreaterThan(0);
  expect(day.stream.longestWait).toBeGreaterThan(20_000);
  expect(lossesOf(day)).toEqual([]);
});

it('finds about the same from some services as from all, with what instances refuse each other', async () => {
  const load = { gbPerDay: 1000, services: 800, containers: 2000 };
  // Both instances are always busy: where they are idle, how often they meet hangs on the times of a few invocations.
  const span = { hours: 0.02, changes: { deployments: 1, alertWindow: 5, alertMemory: 160 } };
  const all = await simulated(load, { ...span, decisions: 1e9 });
  expect(all.weight).toBe(1);
  expect(all.table.conflicts).toBeGreaterThan(all.table.puts / 10);
  for (const [decisions, weight] of [
    [1000, 32],
    [8500, 8],
  ] as const) {
    const some = await simulated(load, { ...span, decisions });
    expect(Math.round(some.weight)).toBe(weight);
    const parts = [
      some.transform.keys / all.transform.keys,
      some.table.writeUnits / all.table.writeUnits,
      some.table.conflicts / all.table.conflicts,
      some.alert.busy / all.alert.busy,
      some.transform.messages / all.transform.messages,
    ];
    for (const part of parts) {
      expect(part).toBeGreaterThan(0.75);
      expect(part).toBeLessThan(1.35);
    }
  }
});
