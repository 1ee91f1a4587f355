import type { Body, Expression, Grouping, Named, Query, Select, SelectItem, SortItem } from '../syntax.js';
import type { Cursor } from './cursor.js';
import { parseExpression, parseSortItems } from './expression.js';
import { parseRelation } from './relation.js';

export function parseQuery(cursor: Cursor): Query {
  const at = cursor.at;
  const named: Named[] = [];
  if (cursor.accept('with')) {
    if (cursor.sees('recursive'))
      cursor.fail('WITH RECURSIVE runs in Athena only', 'ask Athena with --athena', cursor.at);
    named.push(...cursor.list(() => parseNamed(cursor)));
  }
  const body = parseSets(cursor);
  const orderBy = parseOrderBy(cursor);
  return { at, with: named, body, orderBy, ...parseBounds(cursor) };
}

function parseNamed(cursor: Cursor): Named {
  const at = cursor.at;
  const name = cursor.name('a name for a query');
  const columns = cursor.sees('(') ? cursor.bracketed(() => cursor.name('a column')) : undefined;
  cursor.expect('as');
  return { at, name, columns, query: parseBracketed(cursor) };
}

function parseBracketed(cursor: Cursor): Query {
  cursor.expect('(');
  const query = parseQuery(cursor);
  cursor.expect(')');
  return query;
}

/** INTERSECT binds closer than UNION and EXCEPT. */
function parseSets(cursor: Cursor): Body {
  const intersections = () => parseSetChain(cursor, ['intersect'], () => parseTerm(cursor));
  return parseSetChain(cursor, ['union', 'except'], intersections);
}

function parseSetChain(cursor: Cursor, words: readonly string[], operand: () => Body): Body {
  let left = operand();
  for (;;) {
    const at = cursor.at;
    const word = cursor.acceptOne(words);
    if (word === undefined) return left;
    const all = cursor.accept('all');
    if (!all) cursor.accept('distinct');
    left = { kind: 'set', at, operator: all ? `${word} all` : word, left, right: operand() };
  }
}

function parseTerm(cursor: Cursor): Body {
  const at = cursor.at;
  if (cursor.sees('(')) return { kind: 'query', at, query: parseBracketed(cursor) };
  if (cursor.accept('table')) return tableAsQuery(at, cursor.name('a table'));
  if (cursor.accept('values')) return { kind: 'values', at, rows: cursor.list(() => parseValues(cursor)) };
  if (cursor.accept('select')) return { at, ...parseSelect(cursor) };
  return cursor.fail('a query begins with SELECT, WITH, VALUES or TABLE', 'nothing else runs here');
}

function tableAsQuery(at: number, name: string): Body {
  return {
    kind: 'select',
    at,
    distinct: false,
    items: [{ kind: 'all', at }],
    from: { kind: 'table', at, name },
    groupBy: [],
  };
}

/** `1` or `(1, 2)` */
function parseValues(cursor: Cursor): readonly Expression[] {
  const value = parseExpression(cursor);
  return value.kind === 'row' ? value.values : [value];
}

function parseSelect(cursor: Cursor): Select {
  const distinct = cursor.accept('distinct');
  if (!distinct) cursor.accept('all');
  if (distinct && cursor.sees('on')) {
    cursor.fail(
      'Athena has no DISTINCT ON',
      'use max_by(value, ts) with GROUP BY, or row_number() in a subquery',
      cursor.at,
    );
  }
  const items = cursor.list(() => parseItem(cursor));
  const from = cursor.accept('from') ? parseRelation(cursor) : undefined;
  const where = cursor.accept('where') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.accept('group', 'by') ? parseGroupings(cursor) : [];
  const having = cursor.accept('having') ? parseExpression(cursor) : undefined;
  return { kind: 'select', distinct, items, from, where, groupBy, having };
}

function parseItem(cursor: Cursor): SelectItem {
  const at = cursor.at;
  if (cursor.accept('*')) return { kind: 'all', at };
  const token = cursor.peek();
  if (cursor.seesName() && hasSymbol(cursor, 1, '.') && hasSymbol(cursor, 2, '*')) {
    const relation = cursor.name('a table');
    cursor.accept('.', '*');
    return { kind: 'all', at: token.at, relation };
  }
  const value = parseExpression(cursor);
  const alias = cursor.accept('as') || cursor.seesName() ? aliasOf(cursor) : undefined;
  return { kind: 'value', at, value, alias };
}

function hasSymbol(cursor: Cursor, ahead: number, symbol: string): boolean {
  const token = cursor.peek(ahead);
  return token.kind === 'symbol' && token.symbol === symbol;
}

/** Only a few words may not follow a column without AS, as they go on with the query. */
function aliasOf(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  const goesOn = ['qualify', 'limit', 'offset', 'fetch', 'window', 'ilike', 'similar', 'glob', 'exclude', 'replace'];
  if (token.kind === 'word' && goesOn.includes(token.word)) return undefined;
  if (token.kind === 'string') cursor.fail('a name should stand here', 'quote names with double quotes');
  return cursor.name('a name for the column');
}

function parseGroupings(cursor: Cursor): Grouping[] {
  if (cursor.sees('all')) {
    cursor.fail('Athena has no GROUP BY ALL', 'name the columns or their numbers: GROUP BY 1, 2', cursor.at);
  }
  return cursor.list(() => parseGrouping(cursor)).flat();
}

function parseGrouping(cursor: Cursor): Grouping[] {
  const word = cursor.accept('grouping', 'sets') ? 'grouping sets' : cursor.acceptOne(['rollup', 'cube']);
  if (word) return [{ kind: 'sets', word, sets: cursor.bracketed(() => parseGroupingSet(cursor)) }];
  const value = parseExpression(cursor);
  return (value.kind === 'row' ? value.values : [value]).map((each) => ({ kind: 'value', value: each }));
}

function parseGroupingSet(cursor: Cursor): readonly Expression[] {
  if (cursor.accept('(', ')')) return [];
  const value = parseExpression(cursor);
  return value.kind === 'row' ? value.values : [value];
}

function parseOrderBy(cursor: Cursor): SortItem[] {
  return cursor.accept('order', 'by') ? parseSortItems(cursor) : [];
}

function parseBounds(cursor: Cursor): Pick<Query, 'offset' | 'limit'> {
  const offset = cursor.accept('offset') ? parseExpression(cursor) : undefined;
  if (offset) cursor.acceptOne(['rows', 'row']);
  if (cursor.accept('fetch')) return { offset, limit: parseFetch(cursor) };
  const limited = cursor.accept('limit') && !cursor.accept('all');
  return { offset, limit: limited ? parseExpression(cursor) : undefined };
}

function parseFetch(cursor: Cursor): Expression {
  const at = cursor.at;
  cursor.acceptOne(['first', 'next']);
  const limit: Expression = cursor.acceptOne(['row', 'rows'])
    ? { kind: 'number', at, type: 'integer', text: '1' }
    : parseExpression(cursor);
  cursor.acceptOne(['row', 'rows']);
  cursor.expect('only');
  return limit;
}
