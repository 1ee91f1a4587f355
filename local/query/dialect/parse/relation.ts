import type { Relation } from '../syntax.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './expression.js';

/** What stands behind FROM; commas join each with each. */
export function parseRelation(cursor: Cursor): Relation {
  const [first, ...others] = cursor.list(() => parseJoins(cursor));
  return others.reduce(
    (left, right) => ({ kind: 'join', at: right.at, word: 'cross join', left, right }),
    first as Relation,
  );
}

function parseJoins(cursor: Cursor): Relation {
  let left = parseSampled(cursor);
  for (;;) {
    const at = cursor.at;
    if (cursor.accept('cross', 'join')) {
      left = { kind: 'join', at, word: 'cross join', left, right: parseSampled(cursor) };
      continue;
    }
    const word = joinWord(cursor);
    if (word === undefined) return left;
    const right = parseSampled(cursor);
    if (cursor.accept('using')) {
      left = { kind: 'join', at, word, left, right, using: cursor.bracketed(() => cursor.name('a column')) };
    } else {
      cursor.expect('on');
      left = { kind: 'join', at, word, left, right, on: parseExpression(cursor) };
    }
  }
}

function joinWord(cursor: Cursor): string | undefined {
  if (cursor.sees('natural')) {
    cursor.fail('NATURAL JOIN is not supported', 'name the columns: JOIN … USING (request_id)', cursor.at);
  }
  if (cursor.accept('join') || cursor.accept('inner', 'join')) return 'join';
  for (const side of ['left', 'right', 'full']) {
    if (cursor.accept(side, 'outer', 'join') || cursor.accept(side, 'join')) return `${side} join`;
  }
  return undefined;
}

function parseSampled(cursor: Cursor): Relation {
  const of = parseAliased(cursor);
  const at = cursor.at;
  if (!cursor.accept('tablesample')) return of;
  const method = cursor.acceptOne(['bernoulli', 'system']);
  if (!method) cursor.fail('BERNOULLI or SYSTEM should stand here', 'for example TABLESAMPLE BERNOULLI (10)');
  cursor.expect('(');
  const percent = parseExpression(cursor);
  cursor.expect(')');
  return { kind: 'sample', at, of, method, percent };
}

function parseAliased(cursor: Cursor): Relation {
  const of = parsePrimary(cursor);
  const at = cursor.at;
  if (!cursor.accept('as') && (!cursor.seesName() || goesOn(cursor))) return of;
  const name = cursor.name('a name for the table');
  const columns = cursor.sees('(') ? cursor.bracketed(() => cursor.name('a column')) : undefined;
  return { kind: 'alias', at, of, name, columns };
}

/** Words that may be names, but go on with the query where a table's name may stand. */
function goesOn(cursor: Cursor): boolean {
  const token = cursor.peek();
  return (
    token.kind === 'word' &&
    ['tablesample', 'limit', 'offset', 'fetch', 'window', 'qualify', 'asof', 'semi', 'anti', 'positional'].includes(
      token.word,
    )
  );
}

function parsePrimary(cursor: Cursor): Relation {
  const at = cursor.at;
  if (cursor.accept('unnest')) {
    const values = cursor.bracketed(() => parseExpression(cursor));
    return { kind: 'unnest', at, values, ordinality: cursor.accept('with', 'ordinality') };
  }
  const lateral = cursor.accept('lateral');
  if (cursor.sees('(')) return parseBracketed(cursor, at, lateral);
  const token = cursor.peek();
  if (token.kind === 'string')
    cursor.fail('a table should stand here', "files can't be named; the tables are access, error and app");
  const path = [cursor.name('a table')];
  while (cursor.accept('.')) path.push(cursor.name('a table'));
  if (cursor.sees('('))
    cursor.fail(`Athena has no table function ${path.at(-1)}`, 'the tables are access, error and app', at);
  return { kind: 'table', at, name: path.at(-1) ?? '' };
}

/** `(SELECT …)`, or a relation in brackets. */
function parseBracketed(cursor: Cursor, at: number, lateral: boolean): Relation {
  const word = wordBehindBrackets(cursor);
  if (['select', 'with', 'values', 'table'].includes(word)) {
    cursor.expect('(');
    const query = cursor.query(cursor);
    cursor.expect(')');
    return { kind: 'subquery', at, query, lateral };
  }
  cursor.expect('(');
  const relation = parseRelation(cursor);
  cursor.expect(')');
  return relation;
}

function wordBehindBrackets(cursor: Cursor): string {
  for (let ahead = 0; ; ahead++) {
    const token = cursor.peek(ahead);
    if (token.kind === 'symbol' && token.symbol === '(') continue;
    return token.kind === 'word' ? token.word : '';
  }
}
