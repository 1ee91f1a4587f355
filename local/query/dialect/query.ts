import type { Context, Translated } from './context.js';
import { refuse } from './context.js';
import { expectBoolean } from './expression.js';
import { type FromClause, translateFrom } from './from.js';
import type { Scope, Source } from './scope.js';
import type { Body, Expression, Grouping, Query, Select, SelectItem, SortItem } from './syntax.js';
import { as, quoteName, type Typed } from './typed.js';
import { common, integer, isInteger, type SqlType, showType } from './types.js';

/** What a query within another one may name: the tables, and the queries named by WITH. */
export type Tables = ReadonlyMap<string, Source>;

interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
}

type Translate = (query: Query, tables: Tables, outer: Scope | undefined) => Translated;

/** @param base makes the context of a scope */
export function translateQuery(
  base: (scope: Scope, tables: Tables) => Context,
  query: Query,
  tables: Tables,
  outer: Scope | undefined,
): Translated {
  const translate: Translate = (inner, known, around) => translateQuery(base, inner, known, around);
  const known = new Map(tables);
  const named = query.with.map((each) => {
    const { sql, columns } = translate(each.query, known, outer);
    const names = each.columns ?? columns.map(({ name }) => name);
    const context = base({ sources: [], outer }, known);
    if (names.length !== columns.length)
      refuse(context, each, `${each.name} has ${columns.length} columns, not ${names.length}`);
    const alias = each.name;
    known.set(alias, {
      alias,
      columns: columns.map(({ type }, at) => ({ name: names[at] ?? '', type, sql: quoteName(names[at] ?? '') })),
    });
    return `${quoteName(alias)}(${names.map(quoteName).join(', ')}) AS (${sql})`;
  });
  const body = translateBody(base, translate, query.body, known, outer);
  const sorted = query.orderBy.length > 0 ? ` ORDER BY ${sortedBy(base, body, query.orderBy, known, outer)}` : '';
  const context = base({ sources: [], outer }, known);
  const offset = query.offset ? ` OFFSET ${whole(context, query.offset)}` : '';
  const limit = query.limit ? ` LIMIT ${whole(context, query.limit)}` : '';
  const withs = named.length > 0 ? `WITH ${named.join(', ')} ` : '';
  return { sql: `${withs}${body.sql}${sorted}${limit}${offset}`, columns: body.columns };
}

interface TranslatedBody extends Translated {
  /** What ORDER BY may name besides the columns of the answer. */
  readonly scope?: Scope;
  /** Of SELECT DISTINCT: the only values that ORDER BY may use. */
  readonly only?: readonly string[];
}

function translateBody(
  base: (scope: Scope, tables: Tables) => Context,
  translate: Translate,
  body: Body,
  tables: Tables,
  outer: Scope | undefined,
): TranslatedBody {
  const nested = (inner: Body) => translateBody(base, translate, inner, tables, outer);
  switch (body.kind) {
    case 'query': {
      const { sql, columns } = translate(body.query, tables, outer);
      return { sql: `(${sql})`, columns };
    }
    case 'values':
      return translateValues(base({ sources: [], outer }, tables), body.rows, body);
    case 'set':
      return translateSet(base({ sources: [], outer }, tables), body, nested(body.left), nested(body.right));
    case 'select':
      return translateSelect(base, translate, body, tables, outer);
  }
}

function translateValues(context: Context, rows: readonly (readonly Expression[])[], body: Body): Translated {
  const typed = rows.map((row) => row.map((value) => context.expression(value, context.scope)));
  const columns = (typed[0] ?? []).map((_, at) => ({
    name: `_col${at}`,
    type: typed.map((row) => row[at]?.type).reduce((a, b) => (a && b ? common(a, b) : undefined)),
  }));
  if (typed.some((row) => row.length !== columns.length) || columns.some(({ type }) => !type)) {
    refuse(context, body, 'the rows of VALUES are alike: as many values each, of the same types');
  }
  const known = columns as OutputColumn[];
  const lists = typed.map((row) => `(${row.map((value, at) => as(value, known[at]?.type ?? value.type)).join(', ')})`);
  const names = known.map(({ name }) => quoteName(name)).join(', ');
  return { sql: `SELECT * FROM (VALUES ${lists.join(', ')}) AS "values"(${names})`, columns: known };
}

function translateSet(
  context: Context,
  body: Extract<Body, { kind: 'set' }>,
  left: Translated,
  right: Translated,
): Translated {
  if (left.columns.length !== right.columns.length) {
    refuse(
      context,
      body,
      `${body.operator.toUpperCase()} joins as many columns each, not ${left.columns.length} and ${right.columns.length}`,
    );
  }
  const columns = left.columns.map((column, at) => {
    const other = right.columns[at]?.type ?? column.type;
    const type = common(column.type, other);
    const what = `column ${at + 1} of ${body.operator.toUpperCase()} is ${showType(column.type)} here and ${showType(other)} there`;
    return { name: column.name, type: type ?? refuse(context, body, what, 'cast one of them') };
  });
  return { sql: `${recast(left, columns)} ${body.operator.toUpperCase()} ${recast(right, columns)}`, columns };
}

/** A side of a set operation with the types of both; the brackets keep its own operators together. */
function recast({ sql, columns }: Translated, to: readonly OutputColumn[]): string {
  if (columns.every(({ type }, at) => type.name === to[at]?.type.name)) return `(${sql})`;
  const names = columns.map((_, at) => `c${at}`);
  const values = names.map((name, at) =>
    as({ sql: name, type: columns[at]?.type ?? integer }, to[at]?.type ?? integer),
  );
  return `(SELECT ${values.join(', ')} FROM (${sql}) AS side(${names.join(', ')}))`;
}

function translateSelect(
  base: (scope: Scope, tables: Tables) => Context,
  translate: Translate,
  select: Extract<Body, { kind: 'select' }>,
  tables: Tables,
  outer: Scope | undefined,
): TranslatedBody {
  const from: FromClause = select.from
    ? translateFrom(
        (scope) => base(scope, tables),
        (query, around) => translate(query, tables, around),
        select.from,
        tables,
        outer,
      )
    : { sql: '', sources: [] };
  const aliases = select.items.flatMap((item) => (item.kind === 'value' && item.alias ? [item.alias] : []));
  const scope: Scope = { sources: from.sources, outer, aliases };
  const context = base(scope, tables);
  const items = select.items.flatMap((item, at) => selected(context, item, from, at));
  const columns = items.map(({ name, typed }) => ({ name, type: typed.type }));
  const list = items.map(({ name, typed }) => `${typed.sql} AS ${quoteName(name)}`).join(', ');
  const where = select.where ? ` WHERE ${condition(context, select.where)}` : '';
  const groupBy = select.groupBy.length > 0 ? ` GROUP BY ${groupings(context, select, items.length)}` : '';
  const having = select.having ? ` HAVING ${condition(context, select.having)}` : '';
  const clause = from.sql === '' ? '' : ` FROM ${from.sql}`;
  const names = columns.map(({ name }) => quoteName(name));
  const only = select.distinct ? { only: [...items.map(({ typed }) => typed.sql), ...names] } : {};
  return {
    ...only,
    sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${clause}${where}${groupBy}${having}`,
    columns,
    scope,
  };
}

function condition(context: Context, value: Expression): string {
  return expectBoolean(context, value, context.expression(value, context.scope));
}

/** Values without a name are `_col0`, `_col1`, … by their place, as Trino names them. */
function selected(
  context: Context,
  item: SelectItem,
  { sources }: FromClause,
  at: number,
): { name: string; typed: Typed }[] {
  if (item.kind === 'value') {
    const typed = context.expression(item.value, context.scope);
    const name = item.alias ?? (item.value.kind === 'column' ? item.value.path.at(-1) : undefined);
    return [{ name: name ?? `_col${at}`, typed }];
  }
  const chosen = item.relation === undefined ? sources : sources.filter(({ alias }) => alias === item.relation);
  if (chosen.length === 0) {
    const what = item.relation === undefined ? 'SELECT * needs a FROM' : `there is no table ${item.relation} here`;
    refuse(context, item, what);
  }
  return chosen.flatMap(({ columns }) => columns.map(({ name, type, sql }) => ({ name, typed: { sql, type } })));
}

function groupings(context: Context, { groupBy }: Select, items: number): string {
  const each = (value: Expression) => {
    if (value.kind === 'number') return String(position(context, value, items, 'GROUP BY'));
    return context.expression(value, context.scope).sql;
  };
  return groupBy.map((grouping) => groupingSql(grouping, each)).join(', ');
}

function groupingSql(grouping: Grouping, each: (value: Expression) => string): string {
  if (grouping.kind === 'value') return each(grouping.value);
  const sets = grouping.sets.map((set) => `(${set.map(each).join(', ')})`);
  return `${grouping.word.toUpperCase()} (${sets.join(', ')})`;
}

function position(
  context: Context,
  value: Extract<Expression, { kind: 'number' }>,
  items: number,
  clause: string,
): number {
  const at = Number(value.text);
  if (!Number.isInteger(at) || at < 1 || at > items) {
    refuse(context, value, `${clause} position ${value.text} is not in the select list`, `it has ${items} values`);
  }
  return at;
}

/** ORDER BY names the columns of the answer first, then those behind FROM. */
function sortedBy(
  base: (scope: Scope, tables: Tables) => Context,
  body: TranslatedBody,
  items: readonly SortItem[],
  tables: Tables,
  outer: Scope | undefined,
): string {
  const answered: Source = {
    columns: unique(body.columns).map(({ name, type }) => ({ name, type, sql: quoteName(name) })),
  };
  const scope: Scope = { sources: [answered], outer: body.scope ?? outer };
  const context = base(scope, tables);
  return items
    .map(({ value, descending, nulls }) => {
      const sql =
        value.kind === 'number'
          ? String(position(context, value, body.columns.length, 'ORDER BY'))
          : context.expression(value, scope).sql;
      if (body.only && value.kind !== 'number' && !body.only.includes(sql)) {
        refuse(
          context,
          value,
          'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
          'select it, or use GROUP BY',
        );
      }
      return `${sql}${descending ? ' DESC' : ' ASC'} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`;
    })
    .join(', ');
}

function unique(columns: readonly OutputColumn[]): readonly OutputColumn[] {
  return columns.filter(({ name }, at) => columns.findIndex((column) => column.name === name) === at);
}

function whole(context: Context, value: Expression): string {
  const { sql, type } = context.expression(value, context.scope);
  if (!isInteger(type)) refuse(context, value, `a whole number should stand here, not ${showType(type)}`);
  return sql;
}
