import type { Cursor } from './cursor.js';

/** What other databases allow where Athena's question has to end, and what to write instead. */
export function strangeWords(cursor: Cursor): { what: string; remedy?: string } {
  const token = cursor.peek();
  const found = cursor.sql.slice(token.at, token.end);
  if (token.kind === 'word') {
    const remedy = remedies[token.word];
    if (remedy) return { what: `Athena has no ${found.toUpperCase()} here`, remedy };
  }
  if (cursor.sees('->')) {
    return { what: 'Athena has no -> and ->>', remedy: "write json_extract_scalar(fields, '$.key')" };
  }
  return {
    what: `the query ends before ${found}`,
    remedy: 'a name may lack quotes, or an operator or a comma is missing',
  };
}

const remedies: Readonly<Record<string, string>> = {
  qualify: 'put the window function into a subquery, and its condition into the WHERE around it',
  offset: 'OFFSET stands before LIMIT: ORDER BY … OFFSET 10 LIMIT 10',
  ilike: "write lower(column) LIKE 'text%'",
  similar: 'write regexp_like(column, pattern)',
  glob: "write LIKE 'text%' or regexp_like(column, pattern)",
  exclude: 'name the columns',
  replace: 'name the columns',
  using: 'TABLESAMPLE takes no USING',
};
