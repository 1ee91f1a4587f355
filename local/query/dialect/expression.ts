import { translateArithmetic } from './arithmetic.js';
import { translateCast } from './cast.js';
import { translateComparison } from './comparison.js';
import { type Context, refuse } from './context.js';
import { translateCall } from './functions/call.js';
import { atTimeZone } from './functions/special/index.js';
import { find } from './scope.js';
import type { Expression, Query } from './syntax.js';
import { alike, as, quoteText, type Typed } from './typed.js';
import {
  any,
  arrayOf,
  becomes,
  bigint,
  boolean,
  dayInterval,
  decimal,
  double,
  duckDbType,
  integer,
  rowOf,
  type SqlType,
  showType,
  unknown,
  varchar,
  yearInterval,
} from './types.js';

/** A value in DuckDB's words, with Trino's type. @throws SqlError for what Athena would refuse */
export function translateExpression(context: Context, value: Expression): Typed {
  const of = (part: Expression) => context.expression(part, context.scope);
  switch (value.kind) {
    case 'null':
      return { sql: 'NULL', type: unknown };
    case 'boolean':
      return { sql: value.value ? 'true' : 'false', type: boolean };
    case 'string':
      return { sql: quoteText(value.value), type: varchar };
    case 'number':
      return number(context, value);
    case 'typed':
      if (value.type === 'json') return { sql: `CAST(${quoteText(value.value)} AS JSON)`, type: { name: 'json' } };
      return translateCast(context, { sql: quoteText(value.value), type: varchar }, typeOfLiteral(value), false);
    case 'interval':
      return interval(value);
    case 'column':
      return column(context, value);
    case 'call':
      return translateCall(context, value);
    case 'cast':
      return translateCast(context, of(value.value), value.to, value.safe);
    case 'case':
      return translateCase(context, value);
    case 'unary':
      return unary(context, value);
    case 'binary':
      return binary(context, value);
    case 'atTimeZone':
      return atTimeZone(context, value, of(value.value), value.zone);
    case 'array': {
      const values = alike(value.values.map(of));
      if (!values) refuse(context, value, 'the values of an array are of one type', 'write cast(x AS varchar)');
      return { sql: `[${values.sqls.join(', ')}]`, type: arrayOf(values.type) };
    }
    case 'row': {
      const values = value.values.map(of);
      return { sql: `row(${values.map(({ sql }) => sql).join(', ')})`, type: rowOf(values.map(({ type }) => type)) };
    }
    case 'subscript':
      return subscript(context, value);
    case 'exists':
      return { sql: `EXISTS (${context.query(value.query, context.scope).sql})`, type: boolean };
    case 'subquery':
      return subquery(context, value, value.query);
    case 'lambda':
      return refuse(
        context,
        value,
        'a function can stand only where one is asked for',
        'write transform(list, x -> …)',
      );
    default:
      return translateComparison(context, value);
  }
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** Trino's literals are the smallest of integer and bigint, decimals with as many digits as they show, and doubles with an exponent. */
function number(context: Context, value: Of<'number'>): Typed {
  const { text } = value;
  if (value.type === 'double') return { sql: `CAST(${text} AS DOUBLE)`, type: double };
  if (value.type === 'decimal') {
    const [whole = '', fraction = ''] = text.split('.');
    const digits = whole.replace(/^0+/, '').length + fraction.length;
    const type = decimal(digits, fraction.length);
    return { sql: `CAST(${quoteText(text)} AS DECIMAL(${type.precision}, ${type.scale}))`, type };
  }
  if (BigInt(text) > 9223372036854775807n) refuse(context, value, `${text} is too large for a bigint`);
  return { sql: text, type: BigInt(text) > 2147483647n ? bigint : integer };
}

function typeOfLiteral({ at, type, value }: Of<'typed'>) {
  const zoned = type === 'timestamp' && /[A-Za-z]|\d [+-]\d|:\d+(\.\d+)?[+-]\d/.test(value.trim().slice(10));
  return { at, name: zoned ? 'timestamp with time zone' : type, args: [] };
}

function interval({ value, unit, negative }: Of<'interval'>): Typed {
  const type = unit === 'month' || unit === 'year' ? yearInterval : dayInterval;
  const sql = `INTERVAL ${quoteText(`${value} ${unit}`)}`;
  return { sql: negative ? `(-${sql})` : sql, type };
}

function column(context: Context, value: Of<'column'>): Typed {
  const found = find(context.scope, value.path);
  if ('problem' in found) refuse(context, value, found.problem, found.remedy);
  return { sql: found.column.sql, type: found.column.type };
}

function translateCase(context: Context, value: Of<'case'>): Typed {
  const of = (part: Expression) => context.expression(part, context.scope);
  const results = [...value.whens.map(({ result }) => result), ...(value.otherwise ? [value.otherwise] : [])];
  const found = alike(results.map(of));
  if (!found) refuse(context, value, 'the values of CASE are of one type', 'write cast(x AS varchar)');
  const whens = value.whens.map(({ condition }, index) => {
    const test: Expression = value.operand
      ? { kind: 'binary', at: condition.at, operator: '=', left: value.operand, right: condition }
      : condition;
    return `WHEN ${expectBoolean(context, test, of(test))} THEN ${found.sqls[index]}`;
  });
  const otherwise = value.otherwise ? ` ELSE ${found.sqls.at(-1)}` : '';
  return { sql: `CASE ${whens.join(' ')}${otherwise} END`, type: found.type };
}

/** @throws unless it is a condition */
export function expectBoolean(context: Context, part: Expression, { sql, type }: Typed): string {
  if (!becomes(type, boolean)) refuse(context, part, `a condition should stand here, not ${showType(type)}`);
  return sql;
}

function unary(context: Context, value: Of<'unary'>): Typed {
  const inner = context.expression(value.value, context.scope);
  if (value.operator === 'not') return { sql: `(NOT ${expectBoolean(context, value.value, inner)})`, type: boolean };
  return { sql: `(${value.operator} ${inner.sql})`, type: inner.type };
}

function binary(context: Context, value: Of<'binary'>): Typed {
  const [left, right] = [value.left, value.right].map((part) => context.expression(part, context.scope)) as [
    Typed,
    Typed,
  ];
  switch (value.operator) {
    case 'and':
    case 'or': {
      const sides = [expectBoolean(context, value.left, left), expectBoolean(context, value.right, right)];
      return { sql: `(${sides.join(` ${value.operator.toUpperCase()} `)})`, type: boolean };
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '||':
      return translateArithmetic(context, value, left, right);
    default:
      return translateComparison(context, value);
  }
}

/** A key that a map lacks, and an index beyond an array, are errors to Trino; element_at gives null. */
function subscript(context: Context, value: Of<'subscript'>): Typed {
  const [of, index] = [value.value, value.index].map((part) => context.expression(part, context.scope)) as [
    Typed,
    Typed,
  ];
  const [first = any, second = any] = of.type.of ?? [];
  if (of.type.name === 'map') {
    const key = as(index, first);
    const found = `element_at(${of.sql}, ${key})`;
    return {
      sql: `CASE WHEN len(${found}) = 0 THEN ${failure('Key not present in map', second)} ELSE ${found}[1] END`,
      type: second,
    };
  }
  if (of.type.name !== 'array' && of.type.name !== 'any') {
    refuse(context, value, `${showType(of.type)} has no elements`, 'a JSON text is read with json_extract_scalar');
  }
  return {
    sql: `CASE WHEN ${index.sql} BETWEEN 1 AND len(${of.sql}) OR ${of.sql} IS NULL THEN ${of.sql}[${index.sql}] ELSE ${failure('Array subscript out of bounds', first)} END`,
    type: first,
  };
}

/** What ends a query, where a value of this type would stand. */
function failure(message: string, type: SqlType): string {
  return `CAST(athena_error(${quoteText(message)}) AS ${duckDbType(type)})`;
}

function subquery(context: Context, value: Expression, query: Query): Typed {
  const { sql, columns } = context.query(query, context.scope);
  const [only] = columns;
  if (!only || columns.length > 1) refuse(context, value, `a subquery gives one column here, not ${columns.length}`);
  return { sql: `(${sql})`, type: only.type };
}
