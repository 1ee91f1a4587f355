import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../../local/query/database.js';
import { tempFolder } from '../../helpers/tempFolder.js';
import { readAnswers } from '../../trino/answers.js';
import { allCases } from '../../trino/cases.js';
import { askLaptop, difference } from '../../trino/compare.js';
import { fillDataFolder } from '../../trino/lake.js';
import { reportedTable, reportTable } from '../../trino/report.js';

/** What Trino said to each when `npm run test:trino` asked it. */
const answers = await readAnswers();
const cases = (await allCases()).filter(({ sql }) => sql in answers);

let database: Database;
beforeAll(async () => {
  const data = await tempFolder();
  await fillDataFolder(data);
  database = await openDatabase(data);
});
afterAll(() => database.close());

it('has an answer of Trino for nearly every query', async () => {
  expect(cases.length).toBeGreaterThan(0.9 * (await allCases()).length);
});

it('stands in docs/query.md as it was found', async () => {
  expect(await reportedTable()).toBe(await reportTable());
});

it.each(cases)('$about: $sql', async ({ sql, differs, anyOrder }) => {
  const trino = answers[sql];
  if (!trino) throw new Error('no answer');
  const problem = difference(trino, await askLaptop(database, sql), anyOrder);
  if (differs === undefined) expect(problem).toBeUndefined();
  else expect(problem).toBeDefined();
});
