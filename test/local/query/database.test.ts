import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../../local/query/database.js';
import { storedTables } from '../../../shared/line/schema/index.js';

let data: string;
let database: Database;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'firesplit-query-'));
  const folder = join(data, "s3/it's a bucket/logs/type=access/arrived=2026-11-22-07");
  await mkdir(folder, { recursive: true });
  const row = (status: number) =>
    `${JSON.stringify({ ts: '2026-11-22 05:41:02.123', status, bytes: 10, path: '/a', fields: '{"a":{"b":"c"}}', record: 'r', line: 1 })}\n`;
  // Two gzip members, as Firehose concatenates them.
  await writeFile(join(folder, 'a.json.gz'), Buffer.concat([gzipSync(row(200) + row(404)), gzipSync(row(500))]));
  database = await openDatabase(data);
});

afterAll(async () => {
  database.close();
  await rm(data, { recursive: true });
});

it('has every table with its columns, also without a single object', async () => {
  for (const [type, columns] of Object.entries(storedTables)) {
    const { columns: names } = await database.query(`SELECT * FROM ${type}`);
    expect(names).toEqual([...Object.keys(columns), 'type', 'arrived', 'dt', 'hour']);
    const landed = await database.query(`SELECT * FROM ${type}_landed`);
    expect(landed.columns).toEqual([...Object.keys(columns), 'type', 'arrived']);
  }
});

it('reads concatenated members, and by the event what landed later, as Athena does', async () => {
  const { rows } = await database.query(
    "SELECT dt, hour, arrived, type, max(line), max(lines), count(*), cast(max(ts) AS varchar) FROM access WHERE hour = '05' GROUP BY 1, 2, 3, 4",
  );
  expect(rows).toEqual([['2026-11-22', '05', '2026-11-22-07', 'access', 1, null, 3, '2026-11-22 05:41:02.123']]);
});

it.each([
  ['approx_percentile(bytes, 0.5)', 10],
  ['approx_distinct(path)', 1],
  ["count_if(regexp_like(path, '^/a'))", 3],
  // Of nulls alone and of nothing it is 0, as in Trino.
  ['count_if(CAST(NULL AS boolean))', 0],
  ['count_if(status > 0) FILTER (WHERE false)', 0],
  ["max(json_extract_scalar(fields, '$.a.b'))", 'c'],
  ['max(to_iso8601(ts))', '2026-11-22T05:41:02.123'],
  ["cast(max(date_add('hour', -1, ts)) AS varchar)", '2026-11-22 04:41:02.123'],
  ["max(date_format(ts, '%Y-%m'))", '2026-11'],
  ['max(10 / 4)', 2],
  ["max(cardinality(split('a,b', ',')))", 2],
  ["max(url_extract_path('https://shop.example.com/a/b?c'))", '/a/b'],
])('answers %s as Athena does', async (expression, expected) => {
  expect((await database.query(`SELECT ${expression} FROM access`)).rows).toEqual([[expected]]);
});

it('says how to come by a data folder that is not there', async () => {
  await expect(openDatabase(join(data, 'nowhere'))).rejects.toThrow(/firesplit up --data/);
});
