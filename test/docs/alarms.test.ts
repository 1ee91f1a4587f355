import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../local/query/database.js';
import { questions } from '../../tools/monitoring/questions.js';
import { withHours } from '../helpers/docsQueries.js';
import { tempFolder } from '../helpers/tempFolder.js';

const dir = 'docs/alarms';
const pages = await readdir(dir);

describe.each(pages)('docs/alarms/%s', (page) => {
  it('says what to look at, what to do and how to hear less of it', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(['Look', 'Do', 'Make it quieter']);
    expect(text).toMatch(/^1\. /m);
  });

  it('links to what is there', async () => {
    const text = await readFile(`${dir}/${page}`, 'utf8');
    for (const [, path = '', , part] of text.matchAll(/\]\(([^):#]+)(#([^)]+))?\)/g)) {
      const target = await readFile(`${dir}/${path}`, 'utf8');
      if (part === undefined) continue;
      const headings = [...target.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(headings).toContain(part);
    }
  });
});

describe('the queries of the Grafana dashboard', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase(await tempFolder());
  });
  afterAll(() => database.close());

  it.each(questions)('$title', async ({ sql, as }) => {
    const filled = withHours(sql);
    expect(filled).not.toContain('$__');
    // Athena bills what it reads.
    expect(filled).toMatch(/ dt BETWEEN /);
    expect(filled).toMatch(/ arrived >= /);
    const { columns } = await database.query(filled);
    if (as !== 'table') expect(columns[0]).toBe('time');
  });
});
