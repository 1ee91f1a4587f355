import type { Expression, SortItem } from '../syntax.js';
import { parseCall } from './call.js';
import type { Cursor } from './cursor.js';
import { parseType } from './type.js';

type ParseExpression = (cursor: Cursor) => Expression;

/** What stands between operators: a literal, a column, a call, a bracket. */
export function parsePrimary(
  cursor: Cursor,
  expression: ParseExpression,
  sortItems: (cursor: Cursor) => SortItem[],
): Expression {
  const at = cursor.at;
  const token = cursor.peek();
  switch (token.kind) {
    case 'string':
      cursor.take();
      return { kind: 'string', at, value: token.value };
    case 'integer':
    case 'decimal':
    case 'double':
      cursor.take();
      return { kind: 'number', at, type: token.kind, text: token.text };
    case 'symbol':
      if (token.symbol === '(') return parseBracket(cursor, expression);
      break;
    case 'word': {
      const special = specials[token.word]?.(cursor, expression);
      if (special) return { at, ...special };
    }
  }
  if (!cursor.seesName() && !callableWords.some((word) => cursor.sees(word, '('))) {
    cursor.fail(
      'a value should stand here',
      token.kind === 'word' ? `quote "${token.word}" if it is a name` : undefined,
    );
  }
  return parseNamed(cursor, expression, sortItems);
}

/** Reserved words that are functions as well. */
const callableWords = ['listagg', 'grouping'];

/** A column, a call, or a lambda of one argument. */
function parseNamed(
  cursor: Cursor,
  expression: ParseExpression,
  sortItems: (cursor: Cursor) => SortItem[],
): Expression {
  const at = cursor.at;
  const callable = callableWords.find((word) => cursor.accept(word));
  const name = callable ?? cursor.name('a value');
  if (cursor.sees('(')) return { at, ...parseCall(cursor, name, expression, sortItems) };
  if (cursor.sees('->') && !followsJsonArrow(cursor)) {
    cursor.accept('->');
    return { kind: 'lambda', at, names: [name], body: expression(cursor) };
  }
  const path = [name];
  while (cursor.accept('.')) path.push(cursor.name('a column'));
  return { kind: 'column', at, path };
}

/** `fields ->> '$.a'` and `fields -> 'a'` are PostgreSQL's and DuckDB's. */
function followsJsonArrow(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  return next.kind === 'string' || (next.kind === 'symbol' && next.symbol === '>');
}

/** `(a)`, `(a, b)`, `(SELECT …)`, `(a, b) -> …`, `() -> …` */
function parseBracket(cursor: Cursor, expression: ParseExpression): Expression {
  const at = cursor.at;
  if (['select', 'with', 'values', 'table'].some((word) => cursor.sees('(', word))) {
    return { kind: 'subquery', at, query: bracketedQuery(cursor) };
  }
  if (cursor.accept('(', ')')) {
    cursor.expect('->');
    return { kind: 'lambda', at, names: [], body: expression(cursor) };
  }
  const values = cursor.bracketed(() => expression(cursor));
  const names = values.flatMap((value) => (value.kind === 'column' && value.path.length === 1 ? value.path : []));
  if (names.length === values.length && cursor.accept('->')) {
    return { kind: 'lambda', at, names, body: expression(cursor) };
  }
  const [only] = values;
  return only && values.length === 1 ? only : { kind: 'row', at, values };
}

function bracketedQuery(cursor: Cursor) {
  cursor.expect('(');
  const query = cursor.query(cursor);
  cursor.expect(')');
  return query;
}

type Special = Expression extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never;

/** Words that begin something of their own, unless they are a column's name here. */
const specials: Readonly<Record<string, (cursor: Cursor, expression: ParseExpression) => Special | undefined>> = {
  null: (cursor) => (cursor.accept('null') ? { kind: 'null' } : undefined),
  true: (cursor) => (cursor.accept('true') ? { kind: 'boolean', value: true } : undefined),
  false: (cursor) => (cursor.accept('false') ? { kind: 'boolean', value: false } : undefined),
  case: parseCase,
  cast: (cursor, expression) => parseCast(cursor, expression, false),
  try_cast: (cursor, expression) => (cursor.sees('try_cast', '(') ? parseCast(cursor, expression, true) : undefined),
  exists: (cursor) => {
    cursor.accept('exists');
    return { kind: 'exists', query: bracketedQuery(cursor) };
  },
  extract: (cursor, expression) => {
    cursor.accept('extract');
    cursor.expect('(');
    const unit = cursor.name('a unit');
    cursor.expect('from');
    const value = expression(cursor);
    cursor.expect(')');
    return simpleCall(unit, [value]);
  },
  array: (cursor, expression) => {
    if (!cursor.accept('array', '[')) return undefined;
    const values = cursor.sees(']') ? [] : cursor.list(() => expression(cursor));
    cursor.expect(']');
    return { kind: 'array', values };
  },
  row: (cursor, expression) => {
    if (!cursor.sees('row', '(')) return undefined;
    cursor.take();
    return { kind: 'row', values: cursor.bracketed(() => expression(cursor)) };
  },
  interval: parseInterval,
  date: (cursor) => parseTyped(cursor, 'date'),
  time: (cursor) => parseTyped(cursor, 'time'),
  timestamp: (cursor) => parseTyped(cursor, 'timestamp'),
  json: (cursor) => parseTyped(cursor, 'json'),
  ipaddress: (cursor) => parseTyped(cursor, 'ipaddress'),
  decimal: (cursor) => parseTyped(cursor, 'decimal'),
  bigint: (cursor) => parseTyped(cursor, 'bigint'),
  double: (cursor) => parseTyped(cursor, 'double'),
  position: (cursor, expression) => {
    if (!cursor.accept('position', '(')) return undefined;
    // An expression would take IN for that of a list.
    const part = parsePrimary(cursor, expression, () => []);
    if (!cursor.accept('in')) cursor.fail('IN should stand here', 'or write strpos(text, part)');
    const text = expression(cursor);
    cursor.expect(')');
    return simpleCall('strpos', [text, part]);
  },
  trim: (cursor, expression) => {
    cursor.accept('trim');
    cursor.expect('(');
    const side = cursor.acceptOne(['leading', 'trailing', 'both']);
    if (side) cursor.fail('TRIM with a side is not supported', 'write ltrim, rtrim or trim');
    const value = expression(cursor);
    cursor.expect(')');
    return simpleCall('trim', [value]);
  },
  current_date: (cursor) => wordCall(cursor, 'current_date'),
  current_timestamp: (cursor) => wordCall(cursor, 'now'),
  localtimestamp: (cursor) => wordCall(cursor, 'localtimestamp'),
  json_value: parseJsonFunction,
  json_query: parseJsonFunction,
  json_exists: parseJsonFunction,
  json_object: parseJsonFunction,
  json_array: parseJsonFunction,
  normalize: parseJsonFunction,
};

function simpleCall(name: string, args: readonly Expression[]) {
  return { kind: 'call', name, args, star: false, distinct: false, orderBy: [], ignoreNulls: false } as const;
}

/** A function that is called without brackets. */
function wordCall(cursor: Cursor, name: string) {
  cursor.take();
  return simpleCall(name, []);
}

function parseTyped(cursor: Cursor, type: string): Special | undefined {
  const next = cursor.peek(1);
  if (next.kind !== 'string') return undefined;
  cursor.take();
  cursor.take();
  return { kind: 'typed', type, value: next.value };
}

function parseInterval(cursor: Cursor): Special | undefined {
  const [first, second] = [cursor.peek(1), cursor.peek(2)];
  const signed = first.kind === 'symbol' && (first.symbol === '-' || first.symbol === '+');
  const value = signed ? second : first;
  if (value.kind !== 'string') {
    if (first.kind === 'integer') cursor.fail('an interval is quoted', `write interval '${first.text}' hour`, first.at);
    return undefined;
  }
  cursor.take();
  if (signed) cursor.take();
  cursor.take();
  const units = ['second', 'minute', 'hour', 'day', 'month', 'year'];
  const unit = cursor.acceptOne(units);
  if (!unit) cursor.fail(`${units.join(', ')} should stand here`, `for example interval '1' hour`);
  if (cursor.sees('to')) cursor.fail('intervals of two units are not supported', 'add two intervals', cursor.at);
  return { kind: 'interval', value: value.value, unit, negative: signed && first.symbol === '-' };
}

function parseCast(cursor: Cursor, expression: ParseExpression, safe: boolean): Special {
  cursor.take();
  cursor.expect('(');
  const value = expression(cursor);
  cursor.expect('as');
  const to = parseType(cursor);
  cursor.expect(')');
  return { kind: 'cast', value, to, safe };
}

function parseCase(cursor: Cursor, expression: ParseExpression): Special {
  cursor.take();
  const operand = cursor.sees('when') ? undefined : expression(cursor);
  const whens: { condition: Expression; result: Expression }[] = [];
  while (cursor.accept('when')) {
    const condition = expression(cursor);
    cursor.expect('then');
    whens.push({ condition, result: expression(cursor) });
  }
  if (whens.length === 0) cursor.expect('when');
  const otherwise = cursor.accept('else') ? expression(cursor) : undefined;
  cursor.expect('end');
  return { kind: 'case', operand, whens, otherwise };
}

function parseJsonFunction(cursor: Cursor): never {
  const token = cursor.peek();
  const name = token.kind === 'word' ? token.word : '';
  return cursor.fail(`${name} runs in Athena only`, "here write json_extract_scalar(fields, '$.key')", cursor.at);
}
