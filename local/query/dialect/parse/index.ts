import type { Query } from '../syntax.js';
import { Cursor } from './cursor.js';
import { parseQuery } from './query.js';
import { strangeWords } from './strangeWords.js';

/**
 * A question in Trino's SQL: everything that begins with SELECT, WITH, VALUES, TABLE or a bracket.
 *
 * @throws SqlError naming the place, and for what other databases have what to write instead
 */
export function parse(sql: string): Query {
  const cursor = new Cursor(sql, parseQuery);
  const query = parseQuery(cursor);
  if (cursor.peek().kind !== 'end') {
    const { what, remedy } = strangeWords(cursor);
    cursor.fail(what, remedy, cursor.at);
  }
  return query;
}
