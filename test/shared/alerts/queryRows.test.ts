import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { athenaMacros } from '../../../local/query/athena.js';
import { athenaQuery } from '../../../shared/alerts/query.js';
import { tallyOf } from '../../../shared/alerts/tally.js';
import { compileRules } from '../../../shared/rules/match.js';
import type { Where } from '../../../shared/rules/rule.js';
import type { EntryRow } from '../../../shared/schema/index.js';
import { aRule, T0 } from '../../helpers/alerts.js';

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

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const macro of athenaMacros) await connection.run(`CREATE MACRO ${macro}`);
  await connection.run(
    `CREATE TABLE error (ts TIMESTAMP, service VARCHAR, level VARCHAR, message VARCHAR, stack VARCHAR, fields VARCHAR, dt VARCHAR, hour VARCHAR)`,
  );
  const insert = await connection.prepare(
    "INSERT INTO error VALUES (make_timestamp(CAST($1 AS BIGINT) * 1000), $2, $3, $4, $5, $6, '2026-11-22', '16')",
  );
  for (const { ts, service, level, message, stack, fields } of rows) {
    insert.bind([`${ts}`, service ?? null, level ?? null, message ?? null, stack ?? null, fields ?? null]);
    await insert.run();
  }
});
afterAll(() => connection.closeSync());

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
  ])('%s', async (_name, where) => {
    const rule = aRule({ on: ['error'], where });
    const collector = compileRules([rule]).collector();
    for (const row of rows) collector.observe('error', row);
    const signals = collector.signals();
    expect(signals.length).toBeGreaterThan(0);

    for (const signal of signals) {
      const sql = athenaQuery(rule, signal.key, signal.labels, tallyOf([signal]), () => true);
      const found = (await connection.runAndReadAll(sql)).getRows();
      expect(found).toHaveLength(signal.count);
    }
  });
});
