import { readdir, readFile } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { athenaMacros } from '../../local/query/athena.js';
import { columnsOfView } from '../../shared/athena/views.js';
import { type ColumnType, logTypes } from '../../shared/line/schema/index.js';

const dir = 'docs/runbooks';
const pages = await readdir(dir);

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const macro of athenaMacros) await connection.run(`CREATE MACRO ${macro}`);
  for (const name of logTypes) {
    const all = Object.entries(columnsOfView(name)).map(([column, { type }]) => `${column} ${duckDbTypes[type]}`);
    await connection.run(`CREATE TABLE ${name} (${all.join(', ')})`);
  }
});
afterAll(() => connection.closeSync());

const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
};

describe.each(pages)('docs/runbooks/%s', (page) => {
  it('says what to look at, what to do and how to hear less of it, with a query that runs', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(['Look', 'Do', 'Make it quieter']);
    const queries = text.match(/(?:^ {4}.*\n)+/gm) ?? [];
    expect(queries).toHaveLength(1);
    for (const query of queries) {
      // Athena bills what it reads.
      expect(query).toMatch(/\bdt (=|>=) '2026-11-/);
      await connection.run(query);
    }
  });

  it('links to pages that are there', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^):]+)\)/g)) await readFile(`${dir}/${link}`);
  });
});
