import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { athenaMacros } from '../../../local/query/athena.js';
import { athenaQuery, keysQuery } from '../../../shared/athena/alertQuery.js';
import { viewSql } from '../../../shared/athena/views.js';
import { arrivedHour } from '../../../shared/line/partition.js';
import {
  type AccessRow,
  type ColumnType,
  type EntryRow,
  type LogType,
  storedTables,
} from '../../../shared/line/schema/index.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import type { Where } from '../../../shared/where/clause.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';

const rows: readonly EntryRow[] = [
  {
    ts: T0,
    service: 'pay',
    level: 'error',
    message: "card o'declined `x`\n2nd",
    fields: '{"code":502,"http.route":"/pay","http":{"method":"POST"}}',
  },
  { ts: T0 + 1, service: 'pay', level: 'fatal', message: 'DECLINED', stack: 'at x' },
  { ts: T0 + 2, service: 'pay', message: '', fields: '{"code":"499","http":{"route":"/nested"}}' },
  { ts: T0 + 3, service: 'pay' },
  { ts: T0 + 4, service: 'cart', level: 'info', message: '10 declined', fields: '{"code":true}' },
];

const accessRows: readonly AccessRow[] = [
  { ts: T0, service: 'web', client_ip: '10.0.0.1', method: 'GET', path: '/', status: 200, duration_ms: 0.5 },
  { ts: T0 + 1, service: 'web', client_ip: '192.0.2.7', method: 'POST', path: '/pay', status: 502, duration_ms: 12.25 },
  { ts: T0 + 2, service: 'web', method: 'POST', path: '/pay', status: 503, bytes: 7, fields: '{"code":"502"}' },
  { ts: T0 + 3, service: 'pay', path: '\\x16\\x03' },
];

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const macro of athenaMacros) await connection.run(`CREATE MACRO ${macro}`);
  await fill('error', rows);
  await fill('access', accessRows);
});
afterAll(() => connection.closeSync());

/** Rows as they landed: at once, a year late, and before their time, from a clock that is hours ahead; the view over them. */
async function fill(type: LogType, all: readonly (EntryRow | AccessRow)[]): Promise<void> {
  const [, ...columns] = Object.entries(storedTables[type]);
  const declared = columns.map(([name, column]) => `${name} ${duckDbTypes[column.type]}`).join(', ');
  await connection.run(`CREATE TABLE ${type}_landed (ts TIMESTAMP, ${declared}, arrived VARCHAR)`);
  await connection.run(`CREATE VIEW ${type} AS ${viewSql(type)}`);
  const places = columns.map((_, at) => `$${at + 3}`).join(', ');
  const insert = await connection.prepare(
    `INSERT INTO ${type}_landed VALUES (make_timestamp(CAST($1 AS BIGINT) * 1000), ${places}, $2)`,
  );
  for (const [index, row] of all.entries()) {
    const values = new Map<string, unknown>(Object.entries(row));
    const arrived = arrivedHour(row.ts + (delays[index % delays.length] ?? 0));
    insert.bind([`${row.ts}`, arrived, ...columns.map(([name]) => (values.has(name) ? `${values.get(name)}` : null))]);
    await insert.run();
  }
}

const delays = [0, 365 * 24 * 60 * MINUTE, -14 * 60 * MINUTE];
const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  ...{ timestamp: 'TIMESTAMP', string: 'VARCHAR', int: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE' },
};

async function rowsOf(sql: string | undefined) {
  return (await connection.runAndReadAll(sql ?? '')).getRowObjects();
}

/** As many rows are found as the rule counted lines, for each key. */
async function expectSameLines(rule: Rule): Promise<void> {
  const collector = compileRules([rule]).collector();
  if (rule.on.includes('error')) for (const row of rows) collector.observe('error', row);
  if (rule.on.includes('access')) for (const row of accessRows) collector.observe('access', row);
  const signals = collector.signals();
  expect(signals.length).toBeGreaterThan(0);
  for (const signal of signals) {
    const sql = athenaQuery(rule, signal.key, signal.labels, signal, () => true);
    expect(await rowsOf(sql)).toHaveLength(signal.count);
  }
}

describe('the query of an alert finds the lines that the rule matched', () => {
  it.each<[string, Where]>([
    ['equal', { level: 'error' }],
    ['one of', { level: ['fatal', 'info'] }],
    ['contains', { message: { contains: "o'decl" } }],
    ['contains a newline and a backtick', { message: { contains: '`\n2' } }],
    ['regex', { message: { regex: '(?i)^declined$' } }],
    ['a regex with classes', { message: { regex: '^\\d+ \\w+' } }],
    ['an empty text', { message: '' }],
    ['exists', { stack: { exists: true } }],
    ['does not exist', { message: { exists: false } }],
    ['not equal', { level: { not: 'error' } }],
    ['not contains', { message: { not: { contains: 'declined' } } }],
    ['a number in a field', { 'fields.code': { gte: 499, lt: 502 } }],
    ['a field equal to a number', { 'fields.code': 502 }],
    ['a boolean in a field', { 'fields.code': true }],
    ['a nested field', { 'fields.http.method': 'POST' }],
    ['a field with a dot, or nested', { 'fields.http.route': { exists: true } }],
    ['a time', { ts: { gte: T0 + 1, lt: T0 + 3 } }],
    ['a time as it is', { ts: T0 + 1 }],
    ['any of several matchers', { message: { any: ['', { contains: 'o' }] } }],
    ['all of several matchers', { message: { all: [{ contains: '1' }, { not: '10' }] } }],
    ['any of several clauses', { any: [{ level: 'fatal', service: 'pay' }, { service: 'cart' }] }],
    ['all and not', { all: [{ service: 'pay' }, { not: { level: 'error' } }] }],
    ['none of what may be missing', { not: { level: 'error', message: { contains: 'x' } } }],
    ['every line', {}],
  ])('%s', async (_name, where) => {
    await expectSameLines(aRule({ on: ['error'], where }));
  });

  it.each<[string, Partial<Rule>]>([
    ['a status', { where: { status: 502 } }],
    ['statuses as text', { where: { status: ['502', '503'] } }],
    ['a class of statuses', { where: { status: { regex: '^5' } } }],
    ['a range', { where: { duration_ms: { gt: 0.4, lt: 12.3 } } }],
    ['a duration', { where: { duration_ms: 12.25 } }],
    ['no status', { where: { status: { exists: false } } }],
    ['any but a status', { where: { status: { not: { gte: 500 } } } }],
    ['a number no row shows like this', { where: { any: [{ bytes: '07' }, { status: 200 }] } }],
    ['a path that is no HTTP', { where: { path: { contains: '\\x16' } } }],
    ['keys that are numbers', { by: ['service', 'status', 'bytes'] }],
    [
      'two tables at once',
      { on: ['error', 'access'], where: { any: [{ 'fields.code': 502 }, { level: 'fatal' }, { status: 200 }] } },
    ],
    ['two tables at once, by columns of one', { on: ['error', 'access'], by: ['level', 'method'] }],
    [
      'a ratio',
      {
        type: 'ratio',
        of: { status: { gte: 500 } },
        where: { method: 'POST' },
        window: MINUTE,
        above: 0.1,
        minTotal: 1,
      },
    ],
  ])('of access lines: %s', async (_name, rule) => {
    await expectSameLines(aRule({ on: ['access'], where: {}, ...rule }));
  });
});

it('the query of a digest counts the lines of each key', async () => {
  const rule = aRule({ on: ['error', 'access'], by: ['service', 'fields.code'], where: { service: 'pay' } });
  const found = await rowsOf(keysQuery(rule, { first: T0, last: T0 + MINUTE }, () => true));
  expect(found.map(({ service, 'fields.code': code, lines }) => [service, code, Number(lines)])).toEqual([
    ['pay', null, 3],
    expect.arrayContaining(['pay', 1]),
    expect.arrayContaining(['pay', 1]),
  ]);
});
