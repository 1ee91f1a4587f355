import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Reading, readSlots, type Slot } from '../../../local/backtest/slots.js';
import type { LandedObjects } from '../../../local/backtest/storedObjects.js';
import { arrivedHour, landedPrefix } from '../../../shared/line/partition.js';
import type { LogType } from '../../../shared/line/schema/index.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { aRule } from '../../helpers/alerts.js';
import { type StoredLine, storedObjects } from '../../helpers/storedLines.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-22T16:00:00Z');
const period = { from: start, to: start + 2 * HOUR };

const all = aRule({ name: 'all', on: ['access', 'error', 'app'], where: {}, by: ['service'] });

async function slotsOf(objects: LandedObjects, rules = [all], within = period, late = HOUR) {
  const reading: Reading = { rows: 0, bytes: 0, objects: 0, unreadable: 0, hours: 0 };
  const slots: Slot[] = [];
  for await (const slot of readSlots(objects, compileRules(rules), { period: within, late }, 20_000, reading))
    slots.push(slot);
  return { slots, reading };
}

const line = (type: LogType, seconds: number, columns: StoredLine['columns'] = { service: 'pay' }): StoredLine => ({
  type,
  ts: start + seconds * 1000,
  columns,
});

describe('readSlots', () => {
  it('adds up the lines of each 20 s, whichever object they are in', async () => {
    const objects = storedObjects(
      [line('app', 25), line('app', 1), line('access', 39.999, { service: 'pay', status: 500 })],
      [line('error', 5), line('app', 4000)],
    );
    const { slots, reading } = await slotsOf(objects);
    expect(slots.map(({ at, signals }) => [(at - start) / 1000, signals.map(({ count }) => count)])).toEqual([
      [20, [2]],
      [40, [2]],
      [4020, [1]],
    ]);
    expect(reading).toMatchObject({ rows: 5, objects: 4, unreadable: 0, hours: 4 });
  });

  it('reads only the types that rules look at', async () => {
    const objects = storedObjects([line('app', 1), line('access', 1)]);
    const { reading } = await slotsOf(objects, [aRule({ on: ['app'] })]);
    expect(reading.rows).toBe(1);
  });

  it('keeps to the period', async () => {
    const within = { from: start + 10_000, to: start + 60_000 };
    const objects = storedObjects([line('app', 9.999), line('app', 10), line('app', 59.999), line('app', 60)]);
    const { slots, reading } = await slotsOf(objects, [all], within);
    expect(reading.rows).toBe(2);
    expect(slots.flatMap(({ signals }) => signals.map(({ first }) => first - start))).toEqual([10_000, 59_999]);
  });

  it('takes a line that came very late, or long before its time, at the edge of the hour in which it arrived', async () => {
    const columns = { service: 'pay' };
    const objects = storedObjects([
      { type: 'app', ts: 1000, arrival: start, columns },
      { type: 'app', ts: start + 100 * HOUR, arrival: start, columns },
    ]);
    const { slots } = await slotsOf(objects);
    expect(slots).toMatchObject([
      { at: start + 20_000, signals: [{ first: 1000, count: 1 }] },
      { at: start + HOUR, signals: [{ first: start + 100 * HOUR, count: 1 }] },
    ]);
  });

  it('looks for the lines of the period where they arrived, up to as late as it is told', async () => {
    const late = { ...line('app', 5), arrival: start + 2 * HOUR };
    expect((await slotsOf(storedObjects([late]), [all], period, 2 * HOUR)).slots).toMatchObject([
      { at: start + 20_000, signals: [{ first: start + 5000 }] },
    ]);
    expect((await slotsOf(storedObjects([late]), [all], period, HOUR)).reading.rows).toBe(0);
    const early = { ...line('app', 5), arrival: start - 1000 };
    expect((await slotsOf(storedObjects([early]))).reading.rows).toBe(1);
  });

  it('sees access lines as the transform does', async () => {
    const rule = aRule({ name: 'refused', on: ['access'], where: { status: { gte: 500 } }, by: ['service', 'path'] });
    const row = { service: 'größe "x"', source: 'stdout', path: '/ü', status: 502 };
    const { slots } = await slotsOf(
      storedObjects([line('access', 1, row), line('access', 2, { ...row, status: 200 })]),
      [rule],
    );
    expect(slots).toMatchObject([{ signals: [{ count: 1, labels: { service: row.service, path: '/ü' } }] }]);
  });

  it('counts what it can not read, and goes on', async () => {
    const path = landedPrefix({ type: 'app' }, arrivedHour(start));
    const access = landedPrefix({ type: 'access' }, arrivedHour(start));
    const objects: LandedObjects = {
      list: async (prefix) => [path, access].filter((name) => name === prefix),
      open: async (name) =>
        Readable.from([
          gzipSync(
            name === path
              ? 'no row\n{"ts":"2026-11-22 16:00:01.000","service":"pa\n{"ts":"2026-11-22 16:00:01.000","service":"pay"}\n'
              : '{"ts":"2026-11-22 16:00:01.000","status":50',
          ),
        ]),
    };
    const { reading } = await slotsOf(objects);
    expect(reading).toMatchObject({ rows: 1, unreadable: 3 });
  });

  it('names the object that is broken', async () => {
    const objects: LandedObjects = {
      list: async (prefix) => (prefix.includes('type=app') ? ['logs/broken.json.gz'] : []),
      open: async () => Readable.from([Buffer.from('not gzip')]),
    };
    await expect(slotsOf(objects)).rejects.toThrow(/^logs\/broken\.json\.gz can't be read: .*incorrect header check/);
  });

  it('counts every line once, in order of time', async () => {
    const anyLine = fc.record({
      type: fc.constantFrom<LogType>('access', 'error', 'app'),
      ts: fc.integer({ min: period.from, max: period.to - 1 }),
      delay: fc.integer({ min: 0, max: HOUR }),
      columns: fc.record({ service: fc.constantFrom('pay', 'cart') }),
    });
    const anyStored = anyLine.map(({ delay, ...stored }) => ({ ...stored, arrival: stored.ts + delay }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyStored, { maxLength: 20 }), { maxLength: 4 }), async (objects) => {
        const { slots, reading } = await slotsOf(storedObjects(...objects));
        const lines = objects.flat();
        expect(reading.rows).toBe(lines.length);
        expect(slots.flatMap(({ signals }) => signals).reduce((sum, { count }) => sum + count, 0)).toBe(lines.length);
        for (const { at, signals } of slots) {
          for (const { first, last } of signals) expect(first >= at - 20_000 && last < at).toBe(true);
        }
        const times = slots.map(({ at }) => at);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });
});
