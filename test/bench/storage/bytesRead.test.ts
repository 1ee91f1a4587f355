import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from '@jest/globals';
import { tempFolder } from '../../helpers/tempFolder.js';
import { chunksOf, landedBytesRead, parquetBytesRead } from './bytesRead.js';
import { day, type Question } from './questions.js';

const question: Question = {
  name: 'a service',
  select: 'count(*), max(status)',
  equal: { service: 'cart' },
  end: '',
  arrivedFrom: `${day}-14`,
};

it('reads whole objects of the hours of arrival that are asked for', async () => {
  const bucket = await tempFolder();
  for (const [hour, bytes] of [
    ['13', 1],
    ['14', 20],
    ['15', 300],
  ] as const) {
    const folder = join(bucket, 'logs/type=access', `arrived=${day}-${hour}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a.json.gz'), Buffer.alloc(bytes));
  }
  expect(await landedBytesRead(bucket, question)).toBe(320);
});

it('reads of Parquet the named columns of the row groups that may have the value', async () => {
  const bucket = await tempFolder();
  const folder = join(bucket, 'parquet/type=access', `dt=${day}`);
  await mkdir(folder, { recursive: true });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  // Two row groups: of a to c, and of d to f.
  await connection.run(
    `COPY (SELECT CASE WHEN i < 4096 THEN ['a', 'cart'][1 + i % 2] ELSE ['d', 'f'][1 + i % 2] END AS service,
        i::INTEGER AS status, uuid()::VARCHAR AS path, '${day}-14' AS arrived FROM range(8192) AS rows(i))
      TO '${join(folder, 'a.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
  );
  const chunks = await chunksOf(bucket);
  connection.closeSync();
  expect(new Set(chunks.map(({ group }) => group)).size).toBe(2);
  const bytesOf = (columns: readonly string[], greatest: string) => {
    const groups = chunks.filter((chunk) => chunk.column === 'service' && (chunk.greatest ?? '') <= greatest);
    const named = chunks.filter(
      ({ group, column }) => columns.includes(column) && groups.some((g) => g.group === group),
    );
    return named.reduce((sum, { bytes }) => sum + bytes, 0);
  };
  expect(parquetBytesRead(chunks, question)).toBe(bytesOf(['service', 'status', 'arrived'], 'cart'));
  expect(parquetBytesRead(chunks, { ...question, equal: {} })).toBe(bytesOf(['status', 'arrived'], 'z'));
  expect(parquetBytesRead(chunks, { ...question, equal: { service: 'zoo' } })).toBe(0);
});
