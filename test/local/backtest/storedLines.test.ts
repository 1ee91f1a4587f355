import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { folderBuckets } from '../../../local/backtest/buckets.js';
import type { Progress, Slot } from '../../../local/backtest/slot.js';
import { readSlots } from '../../../local/backtest/slots.js';
import { layout } from '../../../shared/compact/layout.js';
import { recordHourOf } from '../../../shared/compact/windows.js';
import { arrivedHour, landedPrefix } from '../../../shared/line/partition.js';
import type { LogType } from '../../../shared/line/schema/index.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import { maxSamples } from '../../../shared/rules/matching/openSignals.js';
import { aRule } from '../../helpers/alerts.js';
import { type StoredLine, writeCompacted, writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const start = Date.parse('2026-11-22T16:00:00Z');
const period = { from: start, to: start + 4 * HOUR };

const rules = [
  aRule({ name: 'all', on: ['access', 'error', 'app'], where: {}, by: ['service', 'source'] }),
  aRule({ name: 'slow', on: ['access'], where: { duration_ms: { gte: 10.5 } }, by: ['path'] }),
  aRule({ name: 'user', on: ['error', 'app'], where: { 'fields.user': { exists: true } }, by: ['fields.user'] }),
  aRule({ name: 'alike', type: 'new', on: ['error'], where: {}, by: ['fingerprint'] }),
  aRule({ name: 'silent', type: 'absence', on: ['app'], where: {}, by: ['service'] }),
];

/** What rules match of what is stored, in slots. The order of the lines within one is open, and with it which of equal messages is a sample. */
async function read(data: string, late = HOUR) {
  const progress: Progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const slots: Slot[] = [];
  const buckets = await folderBuckets(data);
  for await (const slot of readSlots(buckets, compileRules(rules), { period, late }, 20_000, progress))
    slots.push(slot);
  const signals = slots.flatMap(({ at, signals }) =>
    signals.map((signal) => {
      const samples = signal.samples.length < maxSamples ? signal.samples.map(({ message }) => message).sort() : [];
      return JSON.stringify({ at, ...signal, samples });
    }),
  );
  return { rows: progress.rows, unreadable: progress.unreadable, signals: signals.sort() };
}

const place = (record: number, line: number, lines?: number) => ({
  record: `${recordHourOf(start)}${String(record).padStart(16, 'r')}`,
  line,
  ...(lines === undefined ? {} : { lines }),
});

const anyColumns: Record<LogType, fc.Arbitrary<Record<string, unknown>>> = {
  access: fc.record(
    {
      service: fc.constantFrom('web', 'größe "x"\n'),
      source: fc.constant('stdout'),
      method: fc.constantFrom('GET', 'POST'),
      path: fc.constantFrom('/', '/ü,\\"', '/\u0001'),
      status: fc.constantFrom(200, 503),
      duration_ms: fc.constantFrom(0.25, 10, 11, 1234.5),
      user_agent: fc.constant('x'),
    },
    { requiredKeys: [] },
  ),
  error: anyEntry(),
  app: anyEntry(),
};

function anyEntry() {
  return fc.record(
    {
      service: fc.constantFrom('pay', 'cart'),
      level: fc.constantFrom('error', 'info'),
      message: fc.constantFrom('no\tway', 'größer', ''),
      fingerprint: fc.constantFrom('0123456789abcdef', 'fedcba9876543210'),
      fields: fc.constantFrom('{"user":"a\\"b"}', '{"user":7,"x":"ü"}', '{}'),
    },
    { requiredKeys: [] },
  );
}

/** Lines with the places of their own, and when each arrives: some more than once. */
const anyLines = fc
  .array(
    fc.constantFrom<LogType>('access', 'error', 'app').chain((type) =>
      fc.record({
        type: fc.constant(type),
        columns: anyColumns[type],
        // Some long before or behind their arrival.
        ts: fc.oneof(
          { weight: 5, arbitrary: fc.integer({ min: period.from, max: period.to - 1 }) },
          { weight: 1, arbitrary: fc.constantFrom(1000, period.to + 30 * HOUR) },
        ),
        arrivals: fc.array(fc.integer({ min: period.from, max: period.to - 1 }), { minLength: 1, maxLength: 3 }),
      }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) =>
    all.flatMap(({ arrivals, columns, ...line }, index) =>
      arrivals.map(
        (arrival): StoredLine => ({
          ...line,
          arrival,
          columns: { ...columns, ...place(index % 5, Math.floor(index / 5) + 1) },
        }),
      ),
    ),
  );

it('reads the same lines wherever the boundary is, each once', async () => {
  const window = fc.constantFrom('hour' as const, 'day' as const);
  await fc.assert(
    fc.asyncProperty(anyLines, fc.nat({ max: 5 }), window, async (lines, hours, window) => {
      const [landed, compacted] = [await tempFolder(), await tempFolder()];
      await writeStored(landed, lines);
      // Half an hour after one of them has closed, or the day after.
      const now = window === 'day' ? start + 9 * HOUR : start + (hours + 0.5) * HOUR;
      await writeCompacted(compacted, { now, window }, lines);
      const [before, after] = [await read(landed), await read(compacted)];
      expect(before).toEqual(after);
      const identities = lines.map(({ type, columns: { record, line } }) => `${type} ${record} ${line}`);
      expect(before.rows).toBe(new Set(identities).size);
    }),
    { numRuns: 8 },
  );
});

const line = (arrivalHours: number, columns: StoredLine['columns'], hours = arrivalHours): StoredLine => ({
  type: 'app',
  ts: start + hours * HOUR,
  arrival: start + arrivalHours * HOUR,
  columns: { service: 'pay', message: 'm', ...columns },
});

it('reads what is Parquet alone once landed objects have expired', async () => {
  const data = await tempFolder();
  const lines = [line(0, place(1, 1)), line(1, place(1, 2)), line(2, place(2, 1), 0.5)];
  await writeCompacted(data, { now: start + 9 * HOUR }, lines, lines);
  await rm(join(data, 's3', 'logs-bucket', 'logs'), { recursive: true });
  expect(await read(data)).toMatchObject({ rows: 3, unreadable: 0 });
});

it('knows landed lines that are Parquet already, in all that identifies them', async () => {
  const data = await tempFolder();
  const part = { fields: '{"part":2,"parts":3}' };
  const lines = [place(1, 1), place(1, 1, 2), { ...part, ...place(1, 1) }, { ...part, ...place(1, 1, 2) }];
  const known = lines.map((columns) => line(0, columns));
  const again = lines.map((columns) => line(2, columns));
  const others = [place(1, 2), place(2, 1), place(1, 1, 3), { fields: '{"part":21}', ...place(1, 1) }];
  await writeCompacted(data, { now: start + 1.5 * HOUR }, known, [
    ...again,
    ...others.map((columns) => line(2, columns)),
  ]);
  expect((await read(data)).rows).toBe(8);
});

const parts = [
  '"x"',
  '"7"',
  '-1',
  '12345678901',
  '2147483648',
  '2147483647',
  'null',
  'true',
  '1.5',
  '1e3',
  '007',
  '[1]',
];

it.each(parts)('knows a line whose part is %s, Parquet or landed', async (part) => {
  const data = await tempFolder();
  const columns = { fields: `{"part":${part},"parts":3}`, ...place(1, 1) };
  const lines = [line(0, columns), line(2, columns), line(2.1, columns)];
  await writeCompacted(data, { now: start + 1.5 * HOUR }, lines);
  expect((await read(data)).rows).toBe(1);
});

it('reads the landed objects that compaction takes', async () => {
  const data = await tempFolder();
  await writeStored(data, [line(0, place(1, 1))]);
  const folder = join(data, 's3', 'logs-bucket', landedPrefix({ type: 'app' }, arrivedHour(start)));
  const row = (number: number) => `${JSON.stringify({ ts: formatTimestamp(start), ...place(2, number) })}\n`;
  await writeFile(join(folder, 'plain.json'), row(1));
  await writeFile(join(folder, 'copied.gz'), gzipSync(row(2)));
  await writeFile(join(folder, '_hidden.json'), row(3));
  await writeFile(join(folder, '.hidden.json.gz'), gzipSync(row(4)));
  await mkdir(join(folder, 'kept'));
  await writeFile(join(folder, 'kept', 'below.json'), row(5));
  expect(await read(data)).toMatchObject({ rows: 3, unreadable: 0 });
});

it('names the Parquet that it can’t read', async () => {
  const data = await tempFolder();
  // A file of the event's day for each.
  const lines = [line(0, place(1, 1)), line(0, place(1, 2), 30)];
  await writeCompacted(data, { now: start + 9 * HOUR }, lines);
  const bucket = join(data, 's3', 'logs-bucket');
  const files = (await readdir(join(bucket, layout.parquet('app')), { recursive: true })).filter((name) =>
    name.endsWith('.parquet'),
  );
  expect(files).toHaveLength(2);
  const [first = '', second = ''] = files;
  await writeFile(join(bucket, layout.parquet('app'), second), 'no Parquet at all');
  await expect(read(data)).rejects.toThrow(/^one of 2 files of parquet\/type=app\/ for 2026-11-22-16 can't be read: /);
  await rm(join(bucket, layout.parquet('app'), first));
  await expect(read(data)).rejects.toThrow(/^parquet\/[^ ]*\.parquet can't be read: /);
});

it('never takes two lines that state no record for one', async () => {
  const data = await tempFolder();
  await writeCompacted(data, { now: start + 1.5 * HOUR }, [line(0, {}), line(0, {}), line(2, {}), line(2, {})]);
  expect((await read(data)).rows).toBe(4);
});

it('reads a window as it landed until the boundary has passed it, whatever of it is Parquet already', async () => {
  const data = await tempFolder();
  const lines = [line(0, place(1, 1)), line(1, place(1, 2)), line(1, place(1, 1))];
  await writeCompacted(data, { now: start + 9 * HOUR }, lines);
  const control = join(data, 's3', 'logs-bucket', layout.control('app'));
  const state = JSON.parse(await readFile(control, 'utf8'));
  await writeFile(control, JSON.stringify({ ...state, boundary: '2026-11-22-17' }));
  expect((await read(data)).rows).toBe(2);
});
