import { readdir, readFile } from 'node:fs/promises';
import { demoQueries } from '../../local/demo/queries.js';

export interface DocsQuery {
  readonly page: string;
  readonly sql: string;
}

/** All SQL that the documentation shows: indented blocks, and what `firesplit query` is given, unless an error follows; the demo's besides. */
export async function docsQueries(): Promise<DocsQuery[]> {
  const docs = await readdir('docs', { recursive: true });
  const pages = ['README.md', ...docs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
  const found = await Promise.all(
    pages.map(async (page) => queriesIn(await readFile(page, 'utf8')).map((sql) => ({ page, sql }))),
  );
  return [...found.flat(), ...demoQueries.map(({ sql }) => ({ page: 'local/demo', sql }))];
}

function queriesIn(text: string): string[] {
  const blocks = (text.match(/(?:^ {4}.*\n)+/gm) ?? []).filter((block) =>
    /^\s*(?:--.*\n\s*)*(?:SELECT|WITH)\b/i.test(block),
  );
  const given = [...text.matchAll(/firesplit query (?:--athena )?"([^"]+)"(?!\n +error:)/g)].map(([, sql = '']) => sql);
  return [...blocks, ...given];
}
