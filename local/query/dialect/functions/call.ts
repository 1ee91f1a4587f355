import { nearestWord } from '../../../../shared/yaml/nearest.js';
import { type Context, refuse } from '../context.js';
import type { Scope } from '../scope.js';
import type { Call, Expression, Frame, FrameBound, SortItem } from '../syntax.js';
import { as, local, quoteName, quoteText, type Typed } from '../typed.js';
import { any, bigint, duckDbType, type SqlType, showType, unknown } from '../types.js';
import { aggregateFunctions } from './aggregates.js';
import { elsewhere } from './elsewhere.js';
import { duckDbPath } from './literals.js';
import { numberFunctions } from './numbers.js';
import {
  type Bindings,
  bound,
  fits,
  type Pattern,
  readSignatures,
  type Signature,
  showSignature,
} from './signature.js';
import { checkRegex, specialFunctions } from './special/index.js';
import { textFunctions } from './text.js';
import { timeFunctions } from './times.js';
import { valueFunctions } from './values.js';

type Placed = Call & { readonly at: number };

const aggregates = readSignatures(aggregateFunctions);
const scalars = readSignatures([textFunctions, numberFunctions, timeFunctions, valueFunctions].join('\n'));
const names = [...aggregates.keys(), ...scalars.keys(), ...Object.keys(specialFunctions)];

/** A call of one of Trino's functions, as DuckDB is to be asked for the same. */
export function translateCall(context: Context, call: Placed): Typed {
  if (call.name === 'count' && (call.star || call.args.length === 0))
    return { sql: `count(*${behind(context, call)}`, type: bigint };
  if (call.name === 'grouping') return { sql: `grouping(${plainArgs(context, call)})`, type: bigint };
  const special = Object.hasOwn(specialFunctions, call.name) ? specialFunctions[call.name] : undefined;
  if (special) {
    refuseAggregation(context, call);
    return special(
      context,
      call,
      call.args.map((arg) => (arg.kind === 'lambda' ? { sql: '', type: any } : context.expression(arg, context.scope))),
    );
  }
  const signatures = aggregates.get(call.name) ?? scalars.get(call.name);
  if (!signatures) return refuse(context, call, `function ${call.name} is not known here`, remedyFor(call.name));
  if (!aggregates.has(call.name)) refuseAggregation(context, call);
  for (const signature of signatures) {
    const typed = tryCall(context, call, signature);
    if (typed) return typed;
  }
  const given = call.args.map((arg) =>
    arg.kind === 'lambda' ? 'function' : showType(context.expression(arg, context.scope).type),
  );
  const expected = signatures.map(showSignature).join(' or ');
  return refuse(context, call, `${call.name}(${given.join(', ')}) does not exist`, `Athena has ${expected}`);
}

function remedyFor(name: string): string | undefined {
  if (Object.hasOwn(elsewhere, name)) return elsewhere[name];
  const near = nearestWord(name, names);
  return near ? `did you mean ${near}?` : 'if Athena has it, ask there with --athena';
}

function refuseAggregation(context: Context, call: Placed): void {
  if (call.distinct || call.filter || call.over || call.orderBy.length > 0)
    refuse(context, call, `${call.name} is no aggregate`, 'DISTINCT, FILTER, OVER and ORDER BY belong to aggregates');
}

function plainArgs(context: Context, call: Placed): string {
  return call.args.map((arg) => context.expression(arg, context.scope).sql).join(', ');
}

/** The call by one signature; undefined when the arguments don't fit it. */
function tryCall(context: Context, call: Placed, signature: Signature): Typed | undefined {
  const { params, variadic } = signature;
  if (variadic ? call.args.length < params.length : call.args.length !== params.length) return undefined;
  const bindings: Bindings = new Map();
  const args: Typed[] = [];
  for (const [at, arg] of call.args.entries()) {
    const pattern = params[Math.min(at, params.length - 1)] as Pattern;
    const typed = pattern.takes ? lambda(context, arg, pattern, bindings) : plainArg(context, arg, pattern, bindings);
    if (!typed) return undefined;
    args.push(typed);
  }
  const cast = args.map((arg, at) => castTo(arg, params[Math.min(at, params.length - 1)] as Pattern, bindings));
  const type = resultType(signature, bindings);
  return { sql: filled(context, call, signature.template, cast, args, type), type };
}

function plainArg(context: Context, arg: Expression, pattern: Pattern, bindings: Bindings): Typed | undefined {
  if (arg.kind === 'lambda') return undefined;
  const typed = context.expression(arg, context.scope);
  if (!fits(pattern, typed.type, bindings)) return undefined;
  if (pattern.name === 'regex') checkRegex(context, arg);
  if (pattern.name !== 'path' || arg.kind !== 'string') return typed;
  const path = duckDbPath(arg.value);
  if (path === undefined) {
    const remedy = `write '$.key', '$["odd.key"]' or '$.list[0]'`;
    refuse(context, arg, `the path ${arg.value} is not one of plain keys and indexes`, remedy);
  }
  return { sql: quoteText(path), type: typed.type };
}

/** `x -> x + 1` with what it takes known. */
function lambda(context: Context, arg: Expression, pattern: Pattern, bindings: Bindings): Typed | undefined {
  if (arg.kind !== 'lambda' || arg.names.length !== pattern.takes?.length) return undefined;
  const columns = arg.names.map((name, at) => ({
    name,
    type: bound(pattern.takes?.[at] as Pattern, bindings),
    sql: quoteName(name),
  }));
  const scope: Scope = { sources: [{ columns }], outer: context.scope };
  const body = context.expression(arg.body, scope);
  const [gives] = pattern.of;
  if (!gives || !fits(gives, body.type, bindings)) return undefined;
  return { sql: `lambda ${columns.map(({ sql }) => sql).join(', ')}: ${body.sql}`, type: body.type };
}

function castTo(arg: Typed, pattern: Pattern, bindings: Bindings): Typed {
  if (pattern.takes || pattern.name === 'path') return arg;
  const type = bound(pattern, bindings);
  return { sql: as(arg, type), type: type.name === arg.type.name ? arg.type : type };
}

function resultType({ result }: Signature, bindings: Bindings): SqlType {
  const type = bound(result, bindings);
  return type.name === 'unknown' ? unknown : type;
}

function filled(
  context: Context,
  call: Placed,
  template: string,
  args: readonly Typed[],
  uncast: readonly Typed[],
  type: SqlType,
): string {
  const distinct = call.distinct ? 'DISTINCT ' : '';
  return template.replaceAll(/\$\$|\$\*|[$@]\d|TYPE1|PRECISION|SCALE/g, (hole) => {
    if (hole === '$$') return behind(context, call);
    if (hole === '$*') return args.map(({ sql }) => sql).join(', ');
    if (hole === 'TYPE1') return duckDbType(args[0]?.type ?? any);
    if (hole === 'PRECISION') return String(type.precision ?? 38);
    if (hole === 'SCALE') return String(type.scale ?? 0);
    const at = Number(hole[1]) - 1;
    if (hole.startsWith('@')) return local(uncast[at] as Typed);
    return `${at === 0 ? distinct : ''}${args[at]?.sql}`;
  });
}

/** What stands behind the arguments of an aggregate or a window function, from the end of the arguments on. */
function behind(context: Context, call: Placed): string {
  const orderBy = call.orderBy.length > 0 ? ` ORDER BY ${sortItems(context, call.orderBy)}` : '';
  const nulls = call.ignoreNulls ? ' IGNORE NULLS' : '';
  const filter = call.filter ? ` FILTER (WHERE ${context.expression(call.filter, context.scope).sql})` : '';
  return `${orderBy}${nulls})${filter}${over(context, call)}`;
}

function over(context: Context, { over }: Placed): string {
  if (!over) return '';
  const partition = over.partitionBy.map((each) => context.expression(each, context.scope).sql);
  const parts = [
    partition.length > 0 ? `PARTITION BY ${partition.join(', ')}` : '',
    over.orderBy.length > 0 ? `ORDER BY ${sortItems(context, over.orderBy)}` : '',
    over.frame ? frameSql(context, over.frame) : '',
  ];
  return ` OVER (${parts.filter((part) => part !== '').join(' ')})`;
}

function frameSql(context: Context, { unit, bounds }: Frame): string {
  const [first = '', second] = bounds.map((bound) => boundSql(context, bound));
  return `${unit.toUpperCase()} ${second === undefined ? first : `BETWEEN ${first} AND ${second}`}`;
}

function boundSql(context: Context, bound: FrameBound): string {
  if (bound.from === 'current row') return 'CURRENT ROW';
  const by = bound.by === 'unbounded' ? 'UNBOUNDED' : context.expression(bound.by, context.scope).sql;
  return `${by} ${bound.from.toUpperCase()}`;
}

function sortItems(context: Context, items: readonly SortItem[]): string {
  return items
    .map(({ value, descending, nulls }) => {
      const sql = context.expression(value, context.scope).sql;
      return `${sql}${descending ? ' DESC' : ' ASC'} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`;
    })
    .join(', ');
}
