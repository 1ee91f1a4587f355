import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../local/query/database.js';
import { docsQueries } from '../helpers/docsQueries.js';
import { tempFolder } from '../helpers/tempFolder.js';

const queries = await docsQueries();

let database: Database;
beforeAll(async () => {
  database = await openDatabase(await tempFolder());
});
afterAll(() => database.close());

it('finds them', () => {
  expect(new Set(queries.map(({ page }) => page)).size).toBeGreaterThan(15);
});

it.each(queries)('$page: $sql', async ({ sql }) => {
  await database.query(sql);
});
