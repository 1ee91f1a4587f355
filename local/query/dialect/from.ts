import { nearestWord } from '../../../shared/yaml/nearest.js';
import { type Context, refuse, type Translated } from './context.js';
import { expectBoolean } from './expression.js';
import type { Column, Scope, Source } from './scope.js';
import type { Expression, Query, Relation } from './syntax.js';
import { quoteName, type Typed } from './typed.js';
import { any, bigint, common, type SqlType } from './types.js';

/** What stands behind FROM, and what can be named because of it. */
export interface FromClause {
  readonly sql: string;
  readonly sources: readonly Source[];
}

type ContextOf = (scope: Scope) => Context;
type TranslateQuery = (query: Query, outer: Scope | undefined) => Translated;

/** @param tables with the columns that each has */
export function translateFrom(
  contextOf: ContextOf,
  translate: TranslateQuery,
  relation: Relation,
  tables: ReadonlyMap<string, Source>,
  outer: Scope | undefined,
  left: readonly Source[] = [],
): FromClause {
  const nested = (inner: Relation, before = left) => translateFrom(contextOf, translate, inner, tables, outer, before);
  switch (relation.kind) {
    case 'table':
      return namedTable(contextOf, relation, tables, outer);
    case 'subquery': {
      const around: Scope | undefined = relation.lateral ? { sources: left, outer } : outer;
      const { sql, columns } = translate(relation.query, around);
      return derived(`${relation.lateral ? 'LATERAL ' : ''}(${sql})`, `subquery_${relation.at}`, columns);
    }
    case 'unnest':
      return unnested(contextOf({ sources: left, outer }), relation);
    case 'alias':
      return renamed(contextOf({ sources: left, outer }), relation, nested(relation.of));
    case 'sample': {
      const { sql, sources } = nested(relation.of);
      const percent = contextOf({ sources: [], outer }).expression(relation.percent, { sources: [], outer }).sql;
      return { sql: `${sql} TABLESAMPLE ${relation.method.toUpperCase()} (${percent} PERCENT)`, sources };
    }
    case 'join': {
      const first = nested(relation.left);
      const second = nested(relation.right, [...left, ...first.sources]);
      return joined(contextOf, relation, first, second, outer);
    }
  }
}

function namedTable(
  contextOf: ContextOf,
  relation: Extract<Relation, { kind: 'table' }>,
  tables: ReadonlyMap<string, Source>,
  outer: Scope | undefined,
): FromClause {
  const { name } = relation;
  const table = tables.get(name);
  if (!table) {
    const near = nearestWord(name, [...tables.keys()]);
    const remedy = near ? `did you mean ${near}?` : `there are ${[...tables.keys()].join(', ')}`;
    return refuse(contextOf({ sources: [], outer }), relation, `table ${name} does not exist`, remedy);
  }
  return { sql: quoteName(name), sources: [{ alias: name, columns: table.columns.map(columnOf(name)) }] };
}

/** A query or the like as a table of this name. */
function derived(sql: string, alias: string, columns: readonly { name: string; type: SqlType }[]): FromClause {
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  return { sql: `${sql} AS ${quoteName(alias)}(${names})`, sources: [{ columns: columns.map(columnOf(alias)) }] };
}

function columnOf(alias: string) {
  return ({ name, type }: { readonly name: string; readonly type: SqlType }): Column => ({
    name,
    type,
    sql: `${quoteName(alias)}.${quoteName(name)}`,
  });
}

function renamed(context: Context, relation: Extract<Relation, { kind: 'alias' }>, of: FromClause): FromClause {
  const { name, columns: names } = relation;
  const columns = of.sources.flatMap((source) => source.columns);
  if (names && names.length !== columns.length) {
    refuse(context, relation, `${name} has ${columns.length} columns, not ${names.length}`);
  }
  const renamedColumns = columns.map((column, at) => ({ name: names?.[at] ?? column.name, type: column.type }));
  const unnamed = of.sql.replace(/ AS "(?:[^"]|"")*"\([^()]*\)$/, '');
  const list = renamedColumns.map((column) => quoteName(column.name)).join(', ');
  return {
    sql: `${unnamed} AS ${quoteName(name)}(${list})`,
    sources: [{ alias: name, columns: renamedColumns.map(columnOf(name)) }],
  };
}

/** Arrays side by side, the shorter ones filled up with nulls; a map is two columns. */
function unnested(context: Context, relation: Extract<Relation, { kind: 'unnest' }>): FromClause {
  const parts = relation.values.flatMap((value) => elements(context, value));
  const columns = parts.map(({ type }, at) => ({ name: `_col${at}`, type }));
  const selected = parts.map(({ sql }) => `unnest(${sql})`);
  if (relation.ordinality) {
    columns.push({ name: `_col${columns.length}`, type: bigint });
    selected.push(`unnest(range(1, greatest(${parts.map(({ sql }) => `len(${sql})`).join(', ')}) + 1))`);
  }
  return derived(`LATERAL (SELECT ${selected.join(', ')})`, `unnest_${relation.at}`, columns);
}

function elements(context: Context, value: Expression): Typed[] {
  const { sql, type } = context.expression(value, context.scope);
  const [first = any, second = any] = type.of ?? [];
  if (type.name === 'map') {
    return [
      { sql: `map_keys(${sql})`, type: first },
      { sql: `map_values(${sql})`, type: second },
    ];
  }
  if (type.name !== 'array' && type.name !== 'any') refuse(context, value, 'UNNEST takes arrays and maps');
  return [{ sql, type: first }];
}

function joined(
  contextOf: ContextOf,
  relation: Extract<Relation, { kind: 'join' }>,
  left: FromClause,
  right: FromClause,
  outer: Scope | undefined,
): FromClause {
  const sources = [...left.sources, ...right.sources];
  const start = `${left.sql} ${relation.word.toUpperCase()} ${relation.right.kind === 'join' ? `(${right.sql})` : right.sql}`;
  if (relation.on) {
    const context = contextOf({ sources, outer });
    const on = expectBoolean(context, relation.on, context.expression(relation.on, context.scope));
    return { sql: `${start} ON ${on}`, sources };
  }
  if (relation.using) return joinedUsing(contextOf({ sources, outer }), relation, relation.using, start, left, right);
  return { sql: start, sources };
}

/** The columns that both sides share stand once, in front, and can be named without a table only. */
function joinedUsing(
  context: Context,
  relation: Relation,
  using: readonly string[],
  start: string,
  left: FromClause,
  right: FromClause,
): FromClause {
  const shared = using.map((name): Column => {
    const [a, b] = [left, right].map(({ sources }) =>
      sources.flatMap(({ columns }) => columns).find((column) => column.name === name),
    );
    const type = a && b && common(a.type, b.type);
    if (!type) refuse(context, relation, `${name} is no column of the same type on both sides of the join`);
    return { name, type, sql: quoteName(name) };
  });
  const without = ({ alias, columns }: Source): Source => ({
    alias,
    columns: columns.filter(({ name }) => !using.includes(name)),
  });
  return {
    sql: `${start} USING (${using.map(quoteName).join(', ')})`,
    sources: [{ columns: shared }, ...[...left.sources, ...right.sources].map(without)],
  };
}
