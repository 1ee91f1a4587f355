import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { duckDbEngine } from '../../functions/adapters/duckDbEngine.js';
import type { CompactionJob, Engine } from '../../shared/compact/engine.js';
import { identityOf, memoryEngine, rowsOf } from '../helpers/compaction/memoryEngine.js';

/** An engine, and how its files of rows are read. */
interface Subject {
  readonly engine: Engine;
  readonly rows: (body: Uint8Array) => Promise<readonly { readonly [column: string]: unknown }[]>;
}

let connection: DuckDBConnection;
let folder: string;
let files = 0;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  folder = await mkdtemp(join(tmpdir(), 'firesplit-test-'));
});

afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true });
});

async function parquetRows(body: Uint8Array) {
  const file = join(folder, `${++files}.parquet`);
  await writeFile(file, body);
  const reader = await connection.runAndReadAll(
    `SELECT * REPLACE (strftime(ts, '%Y-%m-%d %H:%M:%S.%g') AS ts) FROM read_parquet('${file}')`,
  );
  return reader.getRowObjectsJson() as { readonly [column: string]: unknown }[];
}

const subjects: { readonly [name: string]: Subject } = {
  'in memory': { engine: memoryEngine, rows: async (body) => rowsOf(body) },
  DuckDB: { engine: duckDbEngine({ memoryMB: 500, threads: 2, unpackedBytes: 1e9 }), rows: parquetRows },
};

type Line = { readonly [column: string]: unknown };

const aLine = { ts: '2026-11-28 18:01:02.003', service: 'web', record: '7a3f0abcdefghijklmnop', line: 1, status: 200 };

function aJob(
  ...objects: readonly { arrived?: string; lines: readonly (Line | string)[]; gzip?: boolean }[]
): CompactionJob {
  return {
    type: 'access',
    objects: objects.map(({ arrived = '2026-11-28-18', lines, gzip = true }, at) => {
      const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
      const name = `logs/type=access/arrived=${arrived}/${at}.json`;
      return gzip
        ? { key: `${name}.gz`, arrived, body: gzipSync(text) }
        : { key: name, arrived, body: Buffer.from(text) };
    }),
    days: { first: '2025-10-29', last: '2026-11-29' },
    recordHours: { first: '7a000', last: '7a400' },
  };
}

async function compacted({ engine, rows }: Subject, job: CompactionJob, earlier: readonly Uint8Array[] = []) {
  const open = await engine.open(job);
  try {
    const written = await open.write(earlier);
    const days: Record<string, readonly Line[]> = {};
    for (const { day, body } of written.days) days[day] = (await rows(body)).map(withoutNulls).sort(byText);
    return { indexes: open.indexes, written, days, counts: { rows: written.rows, duplicates: written.duplicates } };
  } finally {
    await open.close();
  }
}

function withoutNulls(row: Line): Line {
  // `hour` and `dt` are what Parquet has beside a line's own columns.
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name, value]) => value !== null && name !== 'hour' && name !== 'dt')
      .sort(),
  );
}

function byText(a: Line, b: Line): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

describe.each(Object.entries(subjects))('the engine %s', (_, subject) => {
  it('keeps each row as it is, with the hour it arrived', async () => {
    const { days, counts } = await compacted(
      subject,
      aJob({ lines: [aLine] }, { lines: [{ ...aLine, line: 2 }], gzip: false }),
    );
    const kept = { ...aLine, arrived: '2026-11-28-18' };
    expect(days).toEqual({ '2026-11-28': [kept, { ...kept, line: 2 }].map(withoutNulls) });
    expect(counts).toEqual({ rows: 2, duplicates: 0 });
  });

  it('files rows by the day of the event, and together when that has no partition', async () => {
    const times = ['2025-10-28', '2025-10-29', '2026-11-29', '2026-11-30', '1970-01-01', '9999-12-31'];
    const lines = times.map((day, line) => ({ ...aLine, line, ts: `${day} 23:59:59.999` }));
    const { days } = await compacted(subject, aJob({ lines }));
    const filed = Object.entries(days).map(([day, rows]) => [day, rows.map(({ line }) => line)]);
    expect(Object.fromEntries(filed)).toEqual({ '2025-10-29': [1], '2026-11-29': [2], other: [0, 3, 4, 5] });
  });

  it('has one row of each identity, the one that arrived first', async () => {
    const { days, counts } = await compacted(
      subject,
      aJob({ arrived: '2026-11-28-19', lines: [aLine, aLine] }, { arrived: '2026-11-28-18', lines: [aLine] }),
    );
    expect(days).toEqual({ '2026-11-28': [withoutNulls({ ...aLine, arrived: '2026-11-28-18' })] });
    expect(counts).toEqual({ rows: 1, duplicates: 2 });
  });

  it('tells rows apart by their record, line, joined lines and part', async () => {
    const part = (number: number) => ({ ...aLine, fields: `{"part":${number},"parts":2}` });
    const lines = [
      aLine,
      { ...aLine, line: 2 },
      { ...aLine, lines: 3 },
      part(1),
      part(2),
      { ...aLine, record: '7a3f0b' },
    ];
    const { counts } = await compacted(subject, aJob({ lines: [...lines, ...lines] }));
    expect(counts).toEqual({ rows: 6, duplicates: 6 });
  });

  it('counts rows whose line is no JSON, and keeps them as Athena shows them', async () => {
    const { written } = await compacted(subject, aJob({ lines: [aLine, '{"ts":"2026-', 'no JSON', aLine] }));
    expect(written).toMatchObject({ rows: 3, duplicates: 1, unreadable: 2 });
  });

  it('says how many bytes its lines are', async () => {
    const open = await subject.engine.open(aJob({ lines: [aLine] }, { lines: [aLine, aLine], gzip: false }));
    await open.close();
    expect(open.unpacked).toBe(3 * (JSON.stringify(aLine).length + 1));
  });

  it('keeps all rows that state no record', async () => {
    const { record: _record, ...nameless } = aLine;
    const { counts, written, indexes } = await compacted(subject, aJob({ lines: [nameless, nameless] }));
    expect(counts).toEqual({ rows: 2, duplicates: 0 });
    expect(written.indexes).toEqual([]);
    expect(indexes).toEqual([]);
  });

  it('leaves out what an index knows, whatever day and hour it is of', async () => {
    const first = await compacted(subject, aJob({ lines: [aLine, { ...aLine, record: 'fffff1' }] }));
    expect(first.written.indexes.map(({ index }) => index).sort()).toEqual(['7a3f0', 'other']);
    const again = aJob({ lines: [aLine, { ...aLine, line: 2 }, { ...aLine, record: 'fffff1' }] });
    const { counts, days } = await compacted(
      subject,
      again,
      first.written.indexes.map(({ body }) => body),
    );
    expect(counts).toEqual({ rows: 1, duplicates: 2 });
    expect(days['2026-11-28']).toMatchObject([{ line: 2 }]);
  });

  it('names the indexes that may know its rows', async () => {
    const records = ['7a3f0a', '7a3f0b', '79fff', '7a400', '7a401', '00000', '7a4/.', '7a400?', undefined];
    const { indexes } = await compacted(subject, aJob({ lines: records.map((record) => ({ ...aLine, record })) }));
    expect([...indexes].sort()).toEqual(['79f', '7a3f0', '7a4', '7a400', 'other']);
  });

  it('keeps every line of an object whose gzip members end where DuckDB would misread them', async () => {
    // See local/query/misread.ts: the last members are 32 KiB less 8 bytes together. Stored as they are, their lengths are known.
    const member = (at: number, padding = 0) =>
      gzipSync(`${JSON.stringify({ ...aLine, line: 1000 + at, path: 'x'.repeat(padding) })}\n`, { level: 0 });
    const { length } = member(0);
    const tail = Math.floor(32_760 / length);
    const padding = 32_760 - tail * length;
    const members = Array.from({ length: 1000 }, (_, at) => member(at, at === 1000 - tail ? padding : 0));
    const job = aJob({ lines: [] });
    const objects = job.objects.map((object) => ({ ...object, body: Buffer.concat(members) }));
    const { counts } = await compacted(subject, { ...job, objects });
    expect(counts.rows).toBe(1000);
  });

  it('fails on an object whose gzip is cut off', async () => {
    const job = aJob({ lines: [aLine] });
    const objects = job.objects.map((object) => ({ ...object, body: object.body.subarray(0, -12) }));
    await expect(compacted(subject, { ...job, objects })).rejects.toThrow('unexpected end of file');
  });

  it('takes an object without a line', async () => {
    const { days, counts } = await compacted(subject, aJob({ lines: [] }));
    expect(days).toEqual({});
    expect(counts).toEqual({ rows: 0, duplicates: 0 });
  });

  it('writes the same bytes for the same objects', async () => {
    const lines = Array.from({ length: 50 }, (_, line) => ({ ...aLine, line, service: `s${line % 3}` }));
    const bodies = async (job: CompactionJob) => {
      const { written } = await compacted(subject, job);
      return [...written.days, ...written.indexes].map(({ body }) => Buffer.from(body).toString('base64'));
    };
    expect(await bodies(aJob({ lines }))).toEqual(await bodies(aJob({ lines })));
  });
});

it('DuckDB does what the engine in memory does', async () => {
  const line = fc.record(
    {
      ts: fc.constantFrom('2026-11-28 18:01:02.003', '2026-11-27 00:00:00.000', '1999-01-01 00:00:00.000'),
      service: fc.constantFrom('web', 'api'),
      record: fc.constantFrom('7a3f0a', '7a3f1a', 'fffffa'),
      line: fc.nat({ max: 3 }),
      lines: fc.constantFrom(2, 3),
      fields: fc.constantFrom('{"part":1,"parts":2}', '{"part":2,"parts":2}', '{"a":{"part":1}}'),
    },
    { requiredKeys: ['ts', 'service', 'line'] },
  );
  const object = fc.record({
    arrived: fc.constantFrom('2026-11-28-18', '2026-11-28-19'),
    lines: fc.array(line, { maxLength: 8 }),
    gzip: fc.boolean(),
  });
  const objects = fc.array(object, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(objects, objects, async (before, after) => {
      const results = await Promise.all(
        Object.values(subjects).map(async (subject) => {
          const first = await compacted(subject, aJob(...before));
          const earlier = first.written.indexes.map(({ body }) => body);
          const { days, counts, indexes } = await compacted(subject, aJob(...after), earlier);
          // Of rows of one identity that arrived in the same hour and differ in other columns, which one stays is an engine's own.
          const rows = Object.entries(days).flatMap(([day, each]) =>
            each.map((row) => JSON.stringify([day, identityOf(row), row.arrived, row.ts, row.service])),
          );
          return { rows: rows.sort(), counts, indexes: [...indexes].sort() };
        }),
      );
      expect(results[1]).toEqual(results[0]);
    }),
    { numRuns: 25 },
  );
});

it('DuckDB keeps a row of nulls for a line that is no JSON', async () => {
  const { days } = await compacted(subjects.DuckDB as Subject, aJob({ lines: ['{"ts": broken', aLine] }));
  expect(days['2026-11-28']).toHaveLength(1);
  expect(days.other).toEqual([{ arrived: '2026-11-28-18' }]);
});
