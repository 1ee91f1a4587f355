import type { Expression, SortItem } from '../syntax.js';
import type { Cursor } from './cursor.js';
import { parsePrimary } from './primary.js';

/** From what binds least, OR, to what binds most. */
export function parseExpression(cursor: Cursor): Expression {
  return chain(cursor, ['or'], () => chain(cursor, ['and'], () => parseNot(cursor)));
}

export function parseSortItems(cursor: Cursor): SortItem[] {
  return cursor.list(() => {
    const value = parseExpression(cursor);
    const descending = cursor.accept('desc');
    if (!descending) cursor.accept('asc');
    const nulls = cursor.accept('nulls', 'first') ? 'first' : cursor.accept('nulls', 'last') ? 'last' : undefined;
    return { value, descending, nulls };
  });
}

function chain(cursor: Cursor, operators: readonly string[], operand: () => Expression): Expression {
  let left = operand();
  for (;;) {
    const at = cursor.at;
    const operator = cursor.acceptOne(operators);
    if (operator === undefined) return left;
    left = { kind: 'binary', at, operator, left, right: operand() };
  }
}

function parseNot(cursor: Cursor): Expression {
  const at = cursor.at;
  if (cursor.accept('not')) return { kind: 'unary', at, operator: 'not', value: parseNot(cursor) };
  return parsePredicate(cursor);
}

const comparisons = ['=', '<>', '!=', '<=', '>=', '<', '>'] as const;

function parsePredicate(cursor: Cursor): Expression {
  let value = parseSum(cursor);
  for (;;) {
    const at = cursor.at;
    const operator = cursor.acceptOne(comparisons);
    if (operator) {
      value = parseComparison(cursor, at, operator, value);
      continue;
    }
    const further = parseWordPredicate(cursor, at, value);
    if (further === undefined) return value;
    value = further;
  }
}

function parseComparison(cursor: Cursor, at: number, operator: string, value: Expression): Expression {
  if (cursor.sees('=')) cursor.fail('Athena has no ==', 'write =', at);
  for (const word of ['all', 'any', 'some']) {
    if (!cursor.sees(word, '(')) continue;
    cursor.take();
    cursor.expect('(');
    const query = cursor.query(cursor);
    cursor.expect(')');
    return { kind: 'quantified', at, operator, word, value, query };
  }
  return { kind: 'binary', at, operator: operator === '!=' ? '<>' : operator, left: value, right: parseSum(cursor) };
}

/** `IS NULL`, `[NOT] BETWEEN`, `IN`, `LIKE`; undefined when none of them comes next. */
function parseWordPredicate(cursor: Cursor, at: number, value: Expression): Expression | undefined {
  if (cursor.accept('is')) {
    const negated = cursor.accept('not');
    return not(negated, at, parseIs(cursor, at, value));
  }
  const negated = cursor.sees('not') && cursor.accept('not');
  if (cursor.accept('between')) {
    const low = parseSum(cursor);
    cursor.expect('and');
    return not(negated, at, { kind: 'between', at, value, low, high: parseSum(cursor) });
  }
  if (cursor.accept('in')) return not(negated, at, { kind: 'in', at, value, among: parseAmong(cursor) });
  if (cursor.accept('like')) {
    const pattern = parseSum(cursor);
    const escapedBy = cursor.accept('escape') ? parseSum(cursor) : undefined;
    return not(negated, at, { kind: 'like', at, value, pattern, escapedBy });
  }
  if (negated) cursor.fail('BETWEEN, IN or LIKE should stand behind NOT');
  return undefined;
}

function parseIs(cursor: Cursor, at: number, value: Expression): Expression {
  if (cursor.accept('null')) return { kind: 'isNull', at, value };
  if (cursor.accept('distinct', 'from')) return { kind: 'isDistinct', at, left: value, right: parseSum(cursor) };
  return cursor.fail('NULL or DISTINCT FROM should stand behind IS', 'compare with = true');
}

function not(negated: boolean, at: number, value: Expression): Expression {
  return negated ? { kind: 'unary', at, operator: 'not', value } : value;
}

function parseAmong(cursor: Cursor) {
  if (['select', 'with', 'values', 'table'].some((word) => cursor.sees('(', word))) {
    cursor.expect('(');
    const query = cursor.query(cursor);
    cursor.expect(')');
    return query;
  }
  return cursor.bracketed(() => parseExpression(cursor));
}

/** In Trino `||` binds as `+` does, from the left. */
function parseSum(cursor: Cursor): Expression {
  return chain(cursor, ['+', '-', '||'], () => chain(cursor, ['*', '/', '%'], () => parseSigned(cursor)));
}

function parseSigned(cursor: Cursor): Expression {
  const at = cursor.at;
  const operator = cursor.acceptOne(['-', '+']);
  if (operator === '-' || operator === '+') return { kind: 'unary', at, operator, value: parseSigned(cursor) };
  return parseZoned(cursor);
}

function parseZoned(cursor: Cursor): Expression {
  let value = parseSubscripts(cursor);
  for (let at = cursor.at; cursor.accept('at', 'time', 'zone'); at = cursor.at) {
    value = { kind: 'atTimeZone', at, value, zone: parseSubscripts(cursor) };
  }
  return value;
}

function parseSubscripts(cursor: Cursor): Expression {
  let value = parsePrimary(cursor, parseExpression, parseSortItems);
  for (let at = cursor.at; cursor.accept('['); at = cursor.at) {
    value = { kind: 'subscript', at, value, index: parseExpression(cursor) };
    cursor.expect(']');
  }
  return value;
}
