import { otherKey } from '../rules/key.js';
import { type FieldMatcher, isList, type Rule } from '../rules/rule.js';
import { maxSampleText } from '../rules/sample.js';
import { fieldsPrefix } from '../rules/where.js';
import type { Span } from './tally.js';

/** A few pages of lines; whoever needs more knows how to take the limit away. */
const maxRows = 1000;

const hourOf = (time: number) => new Date(time).toISOString().slice(11, 13);
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/**
 * The Athena query for exactly the lines that an alert is about.
 *
 * @param fits whether there is room for a query: conditions are left out from the end until there is, and a comment says so.
 */
export function athenaQuery(
  rule: Rule,
  key: string,
  labels: Readonly<Record<string, string>>,
  span: Span,
  fits: (sql: string) => boolean,
): string {
  const conditions = [
    ...timeConditions(span),
    ...(key === otherKey ? [] : rule.by.map((name) => labelCondition(name, labels[name]))),
    ...Object.entries(rule.where).map(([name, matcher]) => condition(expressionOf(name), matcher)),
  ];
  const always = timeConditions(span).length;
  for (let kept = conditions.length; kept > always; kept--) {
    const sql = select(rule, conditions.slice(0, kept), kept < conditions.length);
    if (fits(sql)) return sql;
  }
  return select(rule, conditions.slice(0, always), conditions.length > always);
}

function select({ on }: Rule, conditions: readonly string[], shortened: boolean): string {
  const [only] = on;
  const table = on.length === 1 ? only : `(${on.map((type) => `SELECT * FROM ${type}`).join(' UNION ALL ')})`;
  return [
    'SELECT ts, service, level, message, stack, fields',
    `FROM ${table}`,
    `WHERE ${conditions.join('\n  AND ')}`,
    ...(shortened ? ["-- shortened: the rule's other conditions did not fit here"] : []),
    `ORDER BY ts LIMIT ${maxRows}`,
  ].join('\n');
}

/** Partitions first, so that Athena reads (and bills) only the hours in question. */
function timeConditions({ first, last }: Span): string[] {
  const [days, hours] = [
    [dayOf(first), dayOf(last)],
    [hourOf(first), hourOf(last)],
  ];
  const partitions = days[0] === days[1] ? `${between('dt', days)} AND ${between('hour', hours)}` : between('dt', days);
  return [partitions, `ts >= ${timestamp(first)}`, `ts <= ${timestamp(last)}`];
}

function between(column: string, [from, to]: readonly string[]): string {
  return from === to ? `${column} = '${from}'` : `${column} BETWEEN '${from}' AND '${to}'`;
}

function timestamp(time: number): string {
  return `timestamp '${new Date(time).toISOString().replace('T', ' ').slice(0, -1)}'`;
}

function labelCondition(name: string, value: string | undefined): string {
  const expression = expressionOf(name);
  if (value === undefined) return `${expression} IS NULL`;
  // Signals cut long values, which leaves their beginning to go by.
  if (value.length >= maxSampleText - 1) return `starts_with(${expression}, ${literal(value)})`;
  return `${expression} = ${literal(value)}`;
}

function condition(expression: string, matcher: FieldMatcher): string {
  if (isList(matcher)) return `${expression} IN (${matcher.map((value) => literal(String(value))).join(', ')})`;
  if (typeof matcher !== 'object') return `${expression} = ${literal(String(matcher))}`;

  const { contains, regex, gt, gte, lt, lte, exists, not } = matcher;
  const number = `try_cast(${expression} AS double)`;
  const all: string[] = [];
  if (contains !== undefined) all.push(`strpos(${expression}, ${literal(contains)}) > 0`);
  if (regex !== undefined) all.push(`regexp_like(${expression}, ${literal(regex)})`);
  if (gt !== undefined) all.push(`${number} > ${gt}`);
  if (gte !== undefined) all.push(`${number} >= ${gte}`);
  if (lt !== undefined) all.push(`${number} < ${lt}`);
  if (lte !== undefined) all.push(`${number} <= ${lte}`);
  if (exists !== undefined) all.push(`${expression} IS ${exists ? 'NOT NULL' : 'NULL'}`);
  // A missing value does not match, so its negation does; SQL alone would say unknown.
  if (not !== undefined) all.push(`NOT coalesce(${condition(expression, not)}, false)`);
  return all.join(' AND ');
}

/** Rules compare everything as text, and `ts` as milliseconds. */
function expressionOf(name: string): string {
  if (name === 'ts') return 'cast(cast(to_unixtime(ts) * 1000 AS bigint) AS varchar)';
  if (!name.startsWith(fieldsPrefix)) return name;
  const path = name.slice(fieldsPrefix.length).split('.');
  const whole = extract([path.join('.')]);
  return path.length === 1 ? whole : `coalesce(${whole}, ${extract(path)})`;
}

function extract(path: readonly string[]): string {
  const steps = path.map((step) => (/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`));
  return `json_extract_scalar(fields, ${literal(`$${steps.join('')}`)})`;
}

/** A varchar; characters that a message can't show as themselves are spelled with chr(). */
function literal(text: string): string {
  const parts = text.split(/([\p{C}`\u2028\u2029])/u).map((part, at) => {
    return at % 2 === 1 ? `chr(${part.codePointAt(0)})` : `'${part.replaceAll("'", "''")}'`;
  });
  return parts.filter((part) => part !== "''").join(' || ') || "''";
}
