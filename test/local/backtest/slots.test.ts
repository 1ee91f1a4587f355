import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bucket } from '../../../local/backtest/buckets.js';
import type { Progress, Slot } from '../../../local/backtest/slot.js';
import { readSlots } from '../../../local/backtest/slots.js';
import { arrivedHour, landedPrefix } from '../../../shared/line/partition.js';
import type { LogType } from '../../../shared/line/schema/index.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { aRule } from '../../helpers/alerts.js';
import { bucketOf, type StoredLine, storedBucket } from '../../helpers/storedLines.js';

const HOUR = 3_600_000;
const start = Date.parse('2026-11-22T16:00:00Z');
const period = { from: start, to: start + 2 * HOUR };

const all = aRule({ name: 'all', on: ['access', 'error', 'app'], where: {}, by: ['service'] });

async function slotsOf(bucket: Bucket, rules = [all], within = period, late = HOUR) {
  const reading: Progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const slots: Slot[] = [];
  for await (const slot of readSlots([bucket], compileRules(rules), { period: within, late }, 20_000, reading))
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
    const objects = storedBucket(
      [line('app', 25), line('app', 1), line('access', 39.999, { service: 'pay', status: 500 })],
      [line('error', 5), line('app', 4000)],
    );
    const { slots, reading } = await slotsOf(objects);
    expect(slots.map(({ at, signals }) => [(at - start) / 1000, signals.map(({ count }) => count)])).toEqual([
      [20, [2]],
      [40, [2]],
      [4020, [1]],
    ]);
    expect(reading).toMatchObject({ rows: 5, unreadable: 0, hours: 4 });
  });

  it('reads only the types that rules look at', async () => {
    const objects = storedBucket([line('app', 1), line('access', 1)]);
    const { reading } = await slotsOf(objects, [aRule({ on: ['app'] })]);
    expect(reading.rows).toBe(1);
  });

  it('keeps to the period', async () => {
    const within = { from: start + 10_000, to: start + 60_000 };
    const objects = storedBucket([line('app', 9.999), line('app', 10), line('app', 59.999), line('app', 60)]);
    const { slots, reading } = await slotsOf(objects, [all], within);
    expect(reading.rows).toBe(2);
    expect(slots.flatMap(({ signals }) => signals.map(({ first }) => first - start))).toEqual([10_000, 59_999]);
  });

  it('takes a line that came very late, or long before its time, at the edge of the hour in which it arrived', async () => {
    const columns = { service: 'pay' };
    const objects = storedBucket([
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
    expect((await slotsOf(storedBucket([late]), [all], period, 2 * HOUR)).slots).toMatchObject([
      { at: start + 20_000, signals: [{ first: start + 5000 }] },
    ]);
    expect((await slotsOf(storedBucket([late]), [all], period, HOUR)).reading.rows).toBe(0);
    const early = { ...line('app', 5), arrival: start - 1000 };
    expect((await slotsOf(storedBucket([early]))).reading.rows).toBe(1);
  });

  it('sees access lines as the transform does', async () => {
    const rule = aRule({ name: 'refused', on: ['access'], where: { status: { gte: 500 } }, by: ['service', 'path'] });
    const row = { service: 'größe "x"', source: 'stdout', path: '/ü', status: 502 };
    const { slots } = await slotsOf(
      storedBucket([line('access', 1, row), line('access', 2, { ...row, status: 200 })]),
      [rule],
    );
    expect(slots).toMatchObject([{ signals: [{ count: 1, labels: { service: row.service, path: '/ü' } }] }]);
  });

  it('counts what it can not read, and goes on', async () => {
    const path = landedPrefix({ type: 'app' }, arrivedHour(start));
    const access = landedPrefix({ type: 'access' }, arrivedHour(start));
    const rows =
      'no row\n{"ts":"2026-11-22 16:00:01.000","service":"pa\n{"ts":"2026-11-22 16:00:01.000","service":"pay"}\n';
    const bucket = bucketOf(
      new Map([
        [`${path}a.json.gz`, gzipSync(rows)],
        [`${access}a.json.gz`, gzipSync('{"ts":"2026-11-22 16:00:01.000","status":50')],
      ]),
    );
    const { reading } = await slotsOf(bucket);
    expect(reading).toMatchObject({ rows: 1, unreadable: 3 });
  });

  it('names the object that is broken', async () => {
    const key = `${landedPrefix({ type: 'app' }, arrivedHour(start))}broken.json.gz`;
    await expect(slotsOf(bucketOf(new Map([[key, Buffer.from('not gzip')]])))).rejects.toThrow(
      /^logs\/type=app\/arrived=2026-11-22-16\/broken\.json\.gz can't be read: .*incorrect header check/,
    );
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
        const { slots, reading } = await slotsOf(storedBucket(...objects));
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
