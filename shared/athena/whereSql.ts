import { type Column, tables } from '../line/schema/index.js';
import { maxSampleText } from '../signals/sample.js';
import { type FieldMatcher, isList, partsOf, type Where } from '../where/clause.js';
import { fieldsPrefix } from '../where/compileWhere.js';
import { athenaRegex } from './athenaRegex.js';

/**
 * Rules as SQL that Athena (Trino) runs. Rules compare everything but `gt` and its like as text, and a missing value
 * matches nothing; `not` of that matches, where SQL alone would say unknown.
 */

/** The conditions that a where-clause comes to, all of which a row has to meet. */
export function whereConditions(where: Where): string[] {
  const { columns, any, all, not } = partsOf(where);
  return [
    ...columns.map(([name, matcher]) => condition(name, matcher)),
    ...(any === undefined ? [] : [anyOf(any.map((each) => allOf(whereConditions(each))))]),
    ...all.flatMap(whereConditions),
    ...(not === undefined ? [] : [negated(allOf(whereConditions(not)))]),
  ];
}

/** The condition that a column has the value by which a signal's label names it. */
export function labelCondition(name: string, value: string | undefined): string {
  if (value === undefined) return `${expressionOf(name)} IS NULL`;
  // Signals cut long values, which leaves their beginning to go by.
  if (value.length >= maxSampleText - 1) return `starts_with(${textOf(name)}, ${literal(value)})`;
  return equals(name, [value]);
}

/** The columns that a where-clause reads; `fields` for a path into it. */
export function columnsOf(where: Where): string[] {
  const { columns, any, all, not } = partsOf(where);
  const nested = [...(any ?? []), ...all, ...(not === undefined ? [] : [not])];
  return [...columns.map(([name]) => columnOf(name)), ...nested.flatMap(columnsOf)];
}

/** The column that holds what a rule names. */
export function columnOf(name: string): string {
  return inFields(name) ? 'fields' : name;
}

function inFields(name: string): boolean {
  return name.startsWith(fieldsPrefix);
}

/** A column or a path into `fields`, as an expression. */
export function expressionOf(name: string): string {
  if (!inFields(name)) return name;
  return firstOf(pathsOf(name).map(scalarAt));
}

/** What a path into `fields` may mean: keys may themselves hold dots, and the longest ones count first. */
function pathsOf(name: string): string[][] {
  const splits = (steps: readonly string[]): string[][] => {
    if (steps.length === 0) return [[]];
    return steps.flatMap((_, at) => {
      const taken = steps.length - at;
      return splits(steps.slice(taken)).map((rest) => [steps.slice(0, taken).join('.'), ...rest]);
    });
  };
  return splits(name.slice(fieldsPrefix.length).split('.'));
}

function firstOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] ?? '') : `coalesce(${expressions.join(', ')})`;
}

/** A varchar; characters that a message can't show as themselves are spelled with chr(). */
function literal(text: string): string {
  const parts = text.split(/([\p{C}`\u2028\u2029])/u).map((part, at) => {
    return at % 2 === 1 ? `chr(${part.codePointAt(0)})` : `'${part.replaceAll("'", "''")}'`;
  });
  return parts.filter((part) => part !== "''").join(' || ') || "''";
}

function condition(name: string, matcher: FieldMatcher): string {
  if (isList(matcher)) return equals(name, matcher.map(String));
  if (typeof matcher !== 'object') return equals(name, [String(matcher)]);

  const { contains, regex, gt, gte, lt, lte, exists, cidr, not, any, all } = matcher;
  const conditions: string[] = [];
  if (contains !== undefined) conditions.push(`strpos(${textOf(name)}, ${literal(contains)}) > 0`);
  if (regex !== undefined) conditions.push(`regexp_like(${textOf(name)}, ${literal(athenaRegex(regex))})`);
  if (gt !== undefined) conditions.push(`${numberOf(name)} > ${gt}`);
  if (gte !== undefined) conditions.push(`${numberOf(name)} >= ${gte}`);
  if (lt !== undefined) conditions.push(`${numberOf(name)} < ${lt}`);
  if (lte !== undefined) conditions.push(`${numberOf(name)} <= ${lte}`);
  if (exists !== undefined) conditions.push(`${wholeValueOf(name)} IS ${exists ? 'NOT NULL' : 'NULL'}`);
  if (cidr !== undefined) conditions.push(inNetworks(name, [cidr].flat()));
  if (not !== undefined) conditions.push(negated(condition(name, not)));
  if (any !== undefined) conditions.push(anyOf(any.map((each) => condition(name, each))));
  if (all !== undefined) conditions.push(...all.map((each) => condition(name, each)));
  return allOf(conditions);
}

function equals(name: string, values: readonly string[]): string {
  // A number that a row shows in another way, such as 1e3 or 07, equals no text that a rule could state.
  const plain = isNumeric(name) && values.every((value) => /^-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$/.test(value));
  // The JSON of an object or list is the text only of a value that looks like it.
  const text = inFields(name) && !values.some((value) => /^[{[]/.test(value)) ? expressionOf(name) : textOf(name);
  const [expression, literals] = plain ? [name, values] : [text, values.map(literal)];
  const [only, ...others] = literals;
  if (only === undefined) return 'false';
  return others.length === 0 ? `${expression} = ${only}` : `${expression} IN (${literals.join(', ')})`;
}

/**
 * https://trino.io/docs/current/functions/ipaddress.html; what is no address lies in no network. To Trino as to rules,
 * an IPv4 address and the same one mapped to IPv6 are equal.
 */
function inNetworks(name: string, networks: readonly string[]): string {
  const address = `try_cast(${inFields(name) ? expressionOf(name) : textOf(name)} AS ipaddress)`;
  return anyOf(networks.map((network) => `contains(${literal(withPrefix(network))}, ${address})`));
}

/** A single address is the smallest network there is. */
function withPrefix(network: string): string {
  if (network.includes('/')) return network;
  return `${network}/${network.includes(':') ? 128 : 32}`;
}

function allOf(conditions: readonly string[]): string {
  return conditions.join(' AND ') || 'true';
}

function anyOf(conditions: readonly string[]): string {
  if (conditions.length < 2) return conditions[0] ?? 'false';
  return `(${conditions.map((each) => (/ AND /.test(each) ? `(${each})` : each)).join(' OR ')})`;
}

function negated(condition: string): string {
  return `NOT coalesce(${condition}, false)`;
}

/** As rules compare it; `ts` in milliseconds. */
function textOf(name: string): string {
  if (name === 'ts') return 'cast(cast(to_unixtime(ts) * 1000 AS bigint) AS varchar)';
  if (doubleColumns.has(name)) return doubleText(name);
  return isNumeric(name) ? `cast(${name} AS varchar)` : wholeValueOf(name);
}

/** As JavaScript shows a number of up to nine decimals; Trino would show 12 as 1.2E1. */
function doubleText(name: string): string {
  const fraction = `regexp_replace(cast(cast(${name} AS decimal(38, 9)) AS varchar), '0+$')`;
  return `if(${name} = floor(${name}), cast(cast(${name} AS bigint) AS varchar), ${fraction})`;
}

/** The same as `expressionOf`, but objects and lists in `fields` are their JSON rather than null. */
function wholeValueOf(name: string): string {
  if (!inFields(name)) return name;
  return firstOf(pathsOf(name).flatMap((path) => [scalarAt(path), jsonAt(path)]));
}

function numberOf(name: string): string {
  return isNumeric(name) ? name : `try_cast(${inFields(name) ? expressionOf(name) : textOf(name)} AS double)`;
}

function isNumeric(name: string): boolean {
  return numericColumns.has(name);
}

const numericTypes: readonly Column['type'][] = ['int', 'bigint', 'double'];

const numericColumns = columnsOfTypes(numericTypes);
const doubleColumns = columnsOfTypes(['double']);

function columnsOfTypes(types: readonly Column['type'][]): ReadonlySet<string> {
  return new Set(
    Object.values(tables).flatMap((columns) =>
      Object.entries(columns).flatMap(([name, { type }]) => (types.includes(type) ? [name] : [])),
    ),
  );
}

function scalarAt(path: readonly string[]): string {
  return `json_extract_scalar(fields, ${jsonPath(path)})`;
}

/** Null for what is null in the JSON, too. */
function jsonAt(path: readonly string[]): string {
  return `nullif(json_format(json_extract(fields, ${jsonPath(path)})), 'null')`;
}

function jsonPath(path: readonly string[]): string {
  const steps = path.map((step) => (/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`));
  return literal(`$${steps.join('')}`);
}
