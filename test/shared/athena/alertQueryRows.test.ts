import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../../local/query/database.js';
import { athenaQuery, keysQuery } from '../../../shared/athena/alertQuery.js';
import type { AccessRow, EntryRow, LogType } from '../../../shared/line/schema/index.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import type { Where } from '../../../shared/where/clause.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { type StoredLine, writeStored } from '../../helpers/storedLines.js';
import { tempFolder } from '../../helpers/tempFolder.js';

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

let database: Database;
beforeAll(async () => {
  const data = await tempFolder();
  await writeStored(data, [...stored('error', rows), ...stored('access', accessRows)]);
  database = await openDatabase(data);
});
afterAll(() => database.close());

/** Rows that arrived at once, a year late, and before their time, from a clock that is hours ahead. */
function stored(type: LogType, all: readonly (EntryRow | AccessRow)[]): StoredLine[] {
  const delays = [0, 365 * 24 * 60 * MINUTE, -14 * 60 * MINUTE];
  return all.map(({ ts, ...columns }, at) => ({ type, ts, arrival: ts + (delays[at % delays.length] ?? 0), columns }));
}

/** Checked as Athena checks it. */
async function rowsOf(sql: string | undefined) {
  const { columns, rows: found } = await database.query(sql ?? '');
  return found.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
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
