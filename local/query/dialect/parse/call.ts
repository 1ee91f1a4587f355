import type { Call, Expression, Frame, FrameBound, SortItem, Window } from '../syntax.js';
import type { Cursor } from './cursor.js';

type ParseExpression = (cursor: Cursor) => Expression;
type ParseSortItems = (cursor: Cursor) => SortItem[];

/** What stands behind a function's name: `(DISTINCT x ORDER BY y) FILTER (WHERE z) OVER (…)`. */
export function parseCall(cursor: Cursor, name: string, expression: ParseExpression, sortItems: ParseSortItems): Call {
  cursor.expect('(');
  const star = cursor.accept('*');
  const distinct = cursor.accept('distinct');
  const args = star || cursor.sees(')') ? [] : cursor.list(() => expression(cursor));
  let orderBy = cursor.accept('order', 'by') ? sortItems(cursor) : [];
  cursor.expect(')');
  if (cursor.accept('within', 'group')) {
    cursor.expect('(');
    cursor.expect('order');
    cursor.expect('by');
    orderBy = sortItems(cursor);
    cursor.expect(')');
  }
  const filter = cursor.accept('filter') ? parseFilter(cursor, expression) : undefined;
  const ignoreNulls = cursor.accept('ignore', 'nulls');
  if (!ignoreNulls) cursor.accept('respect', 'nulls');
  const over = cursor.accept('over') ? parseWindow(cursor, expression, sortItems) : undefined;
  return { kind: 'call', name, args, star, distinct, orderBy, filter, over, ignoreNulls };
}

function parseFilter(cursor: Cursor, expression: ParseExpression): Expression {
  cursor.expect('(');
  cursor.expect('where');
  const filter = expression(cursor);
  cursor.expect(')');
  return filter;
}

function parseWindow(cursor: Cursor, expression: ParseExpression, sortItems: ParseSortItems): Window {
  if (!cursor.sees('('))
    cursor.fail('a window stands between brackets', 'for example OVER (PARTITION BY service ORDER BY ts)');
  cursor.expect('(');
  const partitionBy = cursor.accept('partition', 'by') ? cursor.list(() => expression(cursor)) : [];
  const orderBy = cursor.accept('order', 'by') ? sortItems(cursor) : [];
  const frame = parseFrame(cursor, expression);
  cursor.expect(')');
  return { partitionBy, orderBy, frame };
}

function parseFrame(cursor: Cursor, expression: ParseExpression): Frame | undefined {
  const unit = cursor.acceptOne(['rows', 'range', 'groups']);
  if (unit === undefined) return undefined;
  const bounds: FrameBound[] = [];
  if (cursor.accept('between')) {
    bounds.push(parseBound(cursor, expression));
    cursor.expect('and');
  }
  bounds.push(parseBound(cursor, expression));
  return { unit: unit as Frame['unit'], bounds };
}

function parseBound(cursor: Cursor, expression: ParseExpression): FrameBound {
  if (cursor.accept('current', 'row')) return { from: 'current row' };
  const by = cursor.accept('unbounded') ? 'unbounded' : expression(cursor);
  const from = cursor.acceptOne(['preceding', 'following']);
  if (from === undefined) cursor.fail('PRECEDING or FOLLOWING should stand here');
  return { from: from as 'preceding' | 'following', by };
}
