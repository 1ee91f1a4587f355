import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../local/query/database.js';
import { namedQueries } from '../../shared/athena/namedQueries.js';
import { tempFolder } from '../helpers/tempFolder.js';

const dir = 'docs/runbooks';
const pages = await readdir(dir);

let database: Database;
beforeAll(async () => {
  database = await openDatabase(await tempFolder());
});
afterAll(() => database.close());

describe.each(pages)('docs/runbooks/%s', (page) => {
  it('says what to look at, what to do and how to hear less of it, with a query that runs', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(['Look', 'Do', 'Make it quieter']);
    const queries = text.match(/(?:^ {4}.*\n)+/gm) ?? [];
    expect(queries).toHaveLength(1);
    for (const query of queries) {
      // Athena bills what it reads.
      expect(query).toMatch(/\bdt (=|>=) '2026-11-/);
      await database.query(query);
    }
  });

  it('names a saved query that shows it without anything filled in', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    const [, named] = /saved query `([\w-]+)` \(\[query\.md\]\(\.\.\/query\.md#saved-queries\)\)/.exec(text) ?? [];
    expect(namedQueries.map(({ name }) => name)).toContain(named);
  });

  it('links to pages that are there', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^):]+)\)/g)) await readFile(`${dir}/${link.replace(/#.*/, '')}`);
  });
});
