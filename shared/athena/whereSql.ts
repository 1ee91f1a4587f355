import { type Column, tables } from '../line/schema/index.js';
import { maxSampleText } from '../signals/sample.js';
import { type FieldMatcher, isList, partsOf, type Where } from '../where/clause.js';
import { fieldsPrefix } from '../where/compileWhere.js';

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
  return name.startsWith(fieldsPrefix) ? 'fields' : name;
}

/** A column or a path into `fields`, as an expression. */
export function expressionOf(name: string): string {
  if (!name.startsWith(fieldsPrefix)) return name;
  const path = name.slice(fieldsPrefix.length).split('.');
  const whole = extract([path.join('.')]);
  return path.length === 1 ? whole : `coalesce(${whole}, ${extract(path)})`;
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
  if (regex !== undefined) conditions.push(`regexp_like(${textOf(name)}, ${literal(regex)})`);
  if (gt !== undefined) conditions.push(`${numberOf(name)} > ${gt}`);
  if (gte !== undefined) conditions.push(`${numberOf(name)} >= ${gte}`);
  if (lt !== undefined) conditions.push(`${numberOf(name)} < ${lt}`);
  if (lte !== undefined) conditions.push(`${numberOf(name)} <= ${lte}`);
  if (exists !== undefined) conditions.push(`${expressionOf(name)} IS ${exists ? 'NOT NULL' : 'NULL'}`);
  if (cidr !== undefined) conditions.push(inNetworks(name, [cidr].flat()));
  if (not !== undefined) conditions.push(negated(condition(name, not)));
  if (any !== undefined) conditions.push(anyOf(any.map((each) => condition(name, each))));
  if (all !== undefined) conditions.push(...all.map((each) => condition(name, each)));
  return allOf(conditions);
}

function equals(name: string, values: readonly string[]): string {
  // A number that a row shows in another way, such as 1e3 or 07, equals no text that a rule could state.
  const plain = isNumeric(name) && values.every((value) => /^-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$/.test(value));
  const [expression, literals] = plain ? [name, values] : [textOf(name), values.map(literal)];
  const [only, ...others] = literals;
  if (only === undefined) return 'false';
  return others.length === 0 ? `${expression} = ${only}` : `${expression} IN (${literals.join(', ')})`;
}

/**
 * https://trino.io/docs/current/functions/ipaddress.html; what is no address lies in no network. To Trino as to rules,
 * an IPv4 address and the same one mapped to IPv6 are equal.
 */
function inNetworks(name: string, networks: readonly string[]): string {
  const address = `try_cast(${textOf(name)} AS ipaddress)`;
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
  return isNumeric(name) ? `cast(${name} AS varchar)` : expressionOf(name);
}

function numberOf(name: string): string {
  return isNumeric(name) ? name : `try_cast(${textOf(name)} AS double)`;
}

function isNumeric(name: string): boolean {
  return numericColumns.has(name);
}

const numericTypes: readonly Column['type'][] = ['int', 'bigint', 'double'];

const numericColumns = new Set(
  Object.values(tables).flatMap((columns) =>
    Object.entries(columns).flatMap(([name, { type }]) => (numericTypes.includes(type) ? [name] : [])),
  ),
);

function extract(path: readonly string[]): string {
  const steps = path.map((step) => (/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`));
  return `json_extract_scalar(fields, ${literal(`$${steps.join('')}`)})`;
}
