import { type Context, refuse } from './context.js';
import type { Expression } from './syntax.js';
import { alike, as, type Typed } from './typed.js';
import { becomes, boolean, common, isNumber, isTime, type SqlType, showType, varchar } from './types.js';

/** `= <> < > BETWEEN IN LIKE IS`: text is compared with text, numbers with numbers, times with times. */
export function translateComparison(context: Context, value: Expression): Typed {
  const of = (part: Expression) => context.expression(part, context.scope);
  switch (value.kind) {
    case 'binary': {
      const [left, right] = comparable(context, value, value.operator, value.left, value.right);
      return { sql: `(${left} ${value.operator} ${right})`, type: boolean };
    }
    case 'isDistinct': {
      const [left, right] = comparable(context, value, 'IS DISTINCT FROM', value.left, value.right);
      return { sql: `(${left} IS DISTINCT FROM ${right})`, type: boolean };
    }
    case 'isNull':
      return { sql: `(${of(value.value).sql} IS NULL)`, type: boolean };
    case 'between': {
      for (const bound of [value.low, value.high]) comparable(context, bound, 'BETWEEN', value.value, bound);
      const { sqls } = alike([value.value, value.low, value.high].map(of)) ?? { sqls: [] };
      return { sql: `(${sqls[0]} BETWEEN ${sqls[1]} AND ${sqls[2]})`, type: boolean };
    }
    case 'in':
      return Array.isArray(value.among) ? inList(context, value, value.among) : inQuery(context, value);
    case 'like':
      return like(context, value);
    case 'quantified': {
      const { sql, columns } = context.query(value.query, context.scope);
      const left = of(value.value);
      compatible(context, value, value.operator, left.type, columns[0]?.type ?? varchar, value.value, undefined);
      return { sql: `(${left.sql} ${value.operator} ${value.word === 'all' ? 'ALL' : 'ANY'} (${sql}))`, type: boolean };
    }
    default:
      return refuse(context, value, 'this is not supported here');
  }
}

type In = Extract<Expression, { kind: 'in' }>;

function inList(context: Context, value: In, among: readonly Expression[]): Typed {
  for (const each of among) comparable(context, each, 'IN', value.value, each);
  const values = [value.value, ...among].map((part) => context.expression(part, context.scope));
  const [left, ...others] = alike(values)?.sqls ?? values.map(({ sql }) => sql);
  return { sql: `(${left} IN (${others.join(', ')}))`, type: boolean };
}

function inQuery(context: Context, value: In): Typed {
  if (Array.isArray(value.among)) return refuse(context, value, 'a query should stand here');
  const { sql, columns } = context.query(value.among as Exclude<In['among'], readonly Expression[]>, context.scope);
  const left = context.expression(value.value, context.scope);
  const type = columns.length === 1 ? columns[0]?.type : { name: 'row', of: columns.map((column) => column.type) };
  compatible(context, value, 'IN', left.type, type ?? varchar, value.value, undefined);
  return { sql: `(${left.sql} IN (${sql}))`, type: boolean };
}

function like(context: Context, value: Extract<Expression, { kind: 'like' }>): Typed {
  const [text, pattern] = [value.value, value.pattern].map((part) => context.expression(part, context.scope)) as [
    Typed,
    Typed,
  ];
  for (const { type } of [text, pattern]) {
    if (!becomes(type, varchar))
      refuse(context, value, `LIKE takes text, not ${showType(type)}`, 'write cast(x AS varchar) LIKE …');
  }
  const escapedBy = value.escapedBy ? ` ESCAPE ${context.expression(value.escapedBy, context.scope).sql}` : '';
  return { sql: `(${text.sql} LIKE ${pattern.sql}${escapedBy})`, type: boolean };
}

/** Both sides as what they become. @throws SqlError where Trino has no such comparison */
function comparable(
  context: Context,
  at: { readonly at: number },
  operator: string,
  left: Expression,
  right: Expression,
): [string, string] {
  const [a, b] = [left, right].map((part) => context.expression(part, context.scope)) as [Typed, Typed];
  const type = compatible(context, at, operator, a.type, b.type, left, right);
  return [as(a, type), as(b, type)];
}

function compatible(
  context: Context,
  at: { readonly at: number },
  operator: string,
  a: SqlType,
  b: SqlType,
  left: Expression,
  right: Expression | undefined,
): SqlType {
  const type = common(a, b);
  if (type) return type;
  const what = `Cannot apply operator: ${showType(a)} ${operator} ${showType(b)}`;
  return refuse(context, at, what, remedy([a, left], [b, right]) ?? 'cast one of them');
}

type Side = readonly [SqlType, Expression | undefined];

/** What the writer most likely meant. */
function remedy(left: Side, right: Side): string | undefined {
  for (const [[type, part], [otherType, other]] of [
    [left, right],
    [right, left],
  ] as const) {
    const name = part?.kind === 'column' ? part.path.at(-1) : undefined;
    if (type.name === 'varchar' && part?.kind !== 'string' && isNumber(otherType)) return textRemedy(name, other);
    if (type.name === 'varchar' && name !== undefined && isTime(otherType)) return timeRemedy(name, other);
    if (isNumber(type) && other?.kind === 'string' && part?.kind !== 'string') {
      return /^-?\d+(\.\d+)?$/.test(other.value)
        ? `${name ?? 'it'} is a number: write ${other.value} without quotes`
        : undefined;
    }
    if (isTime(type) && other?.kind === 'string') {
      const literal = type.name === 'date' ? 'date' : 'timestamp';
      return `write ${literal} '${other.value}'`;
    }
  }
  return undefined;
}

function textRemedy(name: string | undefined, other: Expression | undefined): string {
  if (name === undefined) return 'make a number of the text: try_cast(x AS bigint)';
  if (other?.kind !== 'number') return `${name} is text: write cast(${name} AS bigint)`;
  const written = name === 'hour' ? other.text.padStart(2, '0') : other.text;
  return `${name} is text: write '${written}'`;
}

function timeRemedy(name: string, other: Expression | undefined): string {
  if (other?.kind === 'typed') return `${name} is text: write '${other.value}'`;
  return `${name} is text: write date_format(…, '${name === 'hour' ? '%H' : '%Y-%m-%d'}'), or compare ts`;
}
