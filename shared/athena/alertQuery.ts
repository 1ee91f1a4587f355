import { alsoMatched } from '../conditions/condition.js';
import { type Measured, typeOf } from '../conditions/index.js';
import { windowOf } from '../conditions/window.js';
import { arrivedHour } from '../line/partition.js';
import { type LogType, tables } from '../line/schema/index.js';
import type { Rule } from '../rules/language/rule.js';
import { isSeveral } from '../signals/alertKey.js';
import type { OwnTimes } from '../signals/ownTimes.js';
import { columnOf, columnsOf, expressionOf, labelCondition, whereConditions } from './whereSql.js';

/** A few pages of lines; whoever needs more knows how to take the limit away. */
const maxRows = 1000;

/** Event times, ms since the epoch, both inclusive. */
interface Times {
  readonly first: number;
  readonly last: number;
  /** Those that lines are stored with whose clock is off. */
  readonly own?: OwnTimes;
}

/**
 * The Athena query for exactly the lines that an alert is about; of a key that is silent, for those of a window before, the last
 * first. Undefined when it is about other lines that are missing, and no others.
 *
 * @param fits whether there is room for a query: conditions are left out from the end until there is, and a comment says so.
 * @param measured by the rule's condition.
 */
export function athenaQuery(
  rule: Rule,
  key: string,
  labels: Readonly<Record<string, string>>,
  times: Times,
  fits: (sql: string) => boolean,
  measured?: Measured,
): string | undefined {
  const silent = measured && lastSeenIn(rule, measured);
  if (silent === undefined && !isAboutLines(rule) && !typeOf(rule).missing?.hasLines) return undefined;
  const shownTimes = silent === undefined ? times : { first: silent - (windowOf(rule) ?? 0), last: times.last };
  // A rule may be keyed by what its where-clause names as well.
  const conditions = new Set([
    ...rule.by.filter((name) => !isSeveral(key) || name in labels).map((name) => labelCondition(name, labels[name])),
    ...ruleConditions(rule, measured),
  ]);
  const shown = shownColumns(rule);
  return fitting(timeConditions(shownTimes), [...conditions], fits, (where) => [
    `SELECT ${shown.join(', ')}`,
    `FROM ${tableOf(rule, shown)}`,
    ...where,
    `ORDER BY ts${silent === undefined ? '' : ' DESC'} LIMIT ${maxRows}`,
  ]);
}

/** When a silent key was last heard of, ms since the epoch; undefined when it never was, and of any other alert. */
function lastSeenIn(rule: Rule, measured: Measured): number | undefined {
  const isShown = rule.on.length > 0 && typeOf(rule).lastLine?.(rule);
  return isShown && 'lastSeen' in measured ? measured.lastSeen : undefined;
}

/** The Athena query for how many lines each key of a rule had; undefined when it is about lines that are missing. */
export function keysQuery(rule: Rule, times: Times, fits: (sql: string) => boolean): string | undefined {
  if (!isAboutLines(rule)) return undefined;
  const keys = rule.by.map((name) =>
    columnOf(name) === name ? name : `${expressionOf(name)} AS "${name.replaceAll('"', '""')}"`,
  );
  const places = keys.map((_, at) => at + 1);
  return fitting(timeConditions(times), ruleConditions(rule), fits, (where) => [
    `SELECT ${[...keys, 'count(*) AS lines', 'min(ts) AS first_ts', 'max(ts) AS last_ts'].join(', ')}`,
    `FROM ${tableOf(rule, ['ts'])}`,
    ...where,
    ...(places.length === 0 ? [] : [`GROUP BY ${places.join(', ')}`]),
    `ORDER BY lines DESC LIMIT ${maxRows}`,
  ]);
}

/** Whether there are lines to query: what is missing is none, and what concerns Firesplit itself is in no table. */
export function isAboutLines(rule: Rule): boolean {
  return rule.on.length > 0 && typeOf(rule).missing === undefined;
}

function fitting(
  times: readonly string[],
  conditions: readonly string[],
  fits: (sql: string) => boolean,
  lines: (where: readonly string[]) => readonly string[],
): string {
  const query = (kept: number) => {
    const all = [...times, ...conditions.slice(0, kept)];
    const shortened = kept < conditions.length ? ["-- shortened: the rule's other conditions did not fit here"] : [];
    return lines([`WHERE ${all.join('\n  AND ')}`, ...shortened]).join('\n');
  };
  for (let kept = conditions.length; kept > 0; kept--) {
    const sql = query(kept);
    if (fits(sql)) return sql;
  }
  return query(0);
}

function ruleConditions(rule: Rule, measured?: Measured): string[] {
  return [...whereConditions(rule.where), ...whereConditions(alsoMatched(rule, measured))];
}

/** What one wants to see first of a line, in this order. */
const telling: Readonly<Record<'entry' | 'access', readonly string[]>> = {
  entry: ['level', 'message', 'stack'],
  access: ['client_ip', 'method', 'path', 'status', 'duration_ms', 'user_agent'],
};

function shownColumns({ on }: Rule): string[] {
  const kinds = new Set(on.map((type) => (type === 'access' ? 'access' : 'entry')));
  return ['ts', 'service', ...[...kinds].flatMap((kind) => telling[kind]), 'fields'];
}

/** The table, or several as one: a column that one of them lacks is null there, as it is for the rule. */
function tableOf(rule: Rule, shown: readonly string[]): string {
  const [only, ...others] = rule.on;
  if (only !== undefined && others.length === 0) return only;
  const { part = {} } = typeOf(rule).of?.(rule) ?? {};
  const read = [...shown, ...rule.by.map(columnOf), ...columnsOf(rule.where), ...columnsOf(part), ...timeColumns];
  const alike = new Set(rule.on.map((type) => tables[type])).size === 1;
  const parts = rule.on.map(
    (type) => `SELECT ${alike ? '*' : [...new Set(read)].map(columnIn(type)).join(', ')} FROM ${type}`,
  );
  return `(${parts.join(' UNION ALL ')})`;
}

function columnIn(type: LogType): (name: string) => string {
  return (name) => (name in tables[type] || timeColumns.includes(name) ? name : `NULL AS ${name}`);
}

/** By which Athena reads (and bills) only the hours in question: `dt` and `hour` of what is Parquet, `arrived` of what landed lately. */
const timeColumns = ['dt', 'hour', 'arrived'];

/**
 * A line arrives when it is written or at any time after; one that arrives before its time is from a clock that is ahead. A time
 * zone is left out more often than a clock is wrong, which makes up to 14 hours.
 */
const AHEAD = 24 * 3_600_000;

function timeConditions({ own, ...judged }: Times): string[] {
  const [first, last] = [
    Math.min(judged.first, own?.first ?? judged.first),
    Math.max(judged.last, own?.last ?? judged.last),
  ];
  const [days, hours] = [
    [dayOf(first), dayOf(last)],
    [hourOf(first), hourOf(last)],
  ];
  const partitions = days[0] === days[1] ? `${between('dt', days)} AND ${between('hour', hours)}` : between('dt', days);
  return [
    partitions,
    `arrived >= '${arrivedHour(first - AHEAD)}'`,
    `ts >= ${timestamp(first)}`,
    `ts <= ${timestamp(last)}`,
  ];
}

function hourOf(time: number): string {
  return new Date(time).toISOString().slice(11, 13);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function between(column: string, [from, to]: readonly string[]): string {
  return from === to ? `${column} = '${from}'` : `${column} BETWEEN '${from}' AND '${to}'`;
}

function timestamp(time: number): string {
  return `timestamp '${new Date(time).toISOString().replace('T', ' ').slice(0, -1)}'`;
}
