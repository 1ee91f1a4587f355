import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase } from '../../../local/query/database.js';

let data: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'firesplit-lock-'));
  await mkdir(join(data, 's3/bucket'), { recursive: true });
  await writeFile(join(data, 'secret.txt'), 'secret');
});

afterAll(() => rm(data, { recursive: true }));

it.each([
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM '/etc/passwd'",
  "SELECT * FROM glob('/etc/*')",
  "SELECT * FROM read_text('DATA/secret.txt')",
  "SELECT * FROM read_text('DATA/s3/../secret.txt')",
  "SELECT * FROM read_json('http://127.0.0.1:9/x')",
  "COPY (SELECT 1) TO 'DATA/out.csv'",
  "COPY (SELECT 1) TO 'DATA/s3/out.csv'",
  "EXPORT DATABASE 'DATA/s3/out'",
  "ATTACH 'DATA/s3/out.db'",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  'RESET enable_external_access',
  "SET allowed_directories = ['/']",
  'CREATE TABLE x (a int)',
  'DROP VIEW access',
  "CREATE SECRET (TYPE s3, KEY_ID 'x', SECRET 'y')",
])('refuses %s', async (sql) => {
  const database = await openDatabase(data);
  try {
    await expect(database.query(sql.replaceAll('DATA', data))).rejects.toThrow();
  } finally {
    database.close();
  }
  expect(['out.csv', 's3/out.csv', 's3/out', 's3/out.db'].filter((file) => existsSync(join(data, file)))).toEqual([]);
});

it('opens what was asked for when it is unlocked', async () => {
  const database = await openDatabase(data, { unlocked: true });
  const { rows } = await database.query(`SELECT content FROM read_text('${data}/secret.txt')`);
  expect(rows).toEqual([['secret']]);
  await database.query(`COPY (SELECT 1) TO '${data}/copied.csv'`);
  expect(existsSync(join(data, 'copied.csv'))).toBe(true);
  database.close();
});
