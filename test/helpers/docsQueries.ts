import { readdir, readFile } from 'node:fs/promises';
import { demoQueries } from '../../local/demo/queries.js';
import { questions } from '../../tools/monitoring/questions.js';

export interface DocsQuery {
  readonly page: string;
  readonly sql: string;
}

/** All SQL that the documentation shows: indented blocks, and what `firesplit query` is given, unless an error follows; the demo's and the Grafana dashboard's besides. */
export async function docsQueries(): Promise<DocsQuery[]> {
  const docs = await readdir('docs', { recursive: true });
  const pages = ['README.md', ...docs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
  const found = await Promise.all(
    pages.map(async (page) => queriesIn(await readFile(page, 'utf8')).map((sql) => ({ page, sql }))),
  );
  return [
    ...found.flat(),
    ...demoQueries.map(({ sql }) => ({ page: 'local/demo', sql })),
    ...questions.map(({ sql }) => ({ page: 'infra/grafana', sql: withHours(sql) })),
  ];
}

/** A query of the Grafana dashboard with an hour in place of its plugin's macros. */
export function withHours(sql: string): string {
  return sql
    .replaceAll('$__timeFrom()', "TIMESTAMP '2026-11-22 15:30:00'")
    .replaceAll('$__timeTo()', "TIMESTAMP '2026-11-22 16:30:00'")
    .replaceAll("$__rawTimeFrom('yyyy-MM-dd-HH')", "'2026-11-22-15'")
    .replaceAll("$__rawTimeTo('yyyy-MM-dd-HH')", "'2026-11-22-16'")
    .replaceAll(/\$__rawTime(From|To)\('yyyy-MM-dd'\)/g, "'2026-11-22'");
}

function queriesIn(text: string): string[] {
  const blocks = (text.match(/(?:^ {4}.*\n)+/gm) ?? []).filter((block) =>
    /^\s*(?:--.*\n\s*)*(?:SELECT|WITH)\b/i.test(block),
  );
  const given = [...text.matchAll(/firesplit query (?:--athena )?"([^"]+)"(?!\n +error:)/g)].map(([, sql = '']) => sql);
  return [...blocks, ...given];
}
