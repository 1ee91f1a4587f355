import { describe, expect, it } from '@jest/globals';
import { athenaQuery, keysQuery } from '../../../shared/athena/alertQuery.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { aRule, T0 } from '../../helpers/alerts.js';

const HOUR = 3_600_000;
const span = { first: T0, last: T0 + 1000 };

function conditionsOf(rule: Partial<Rule>, labels: Record<string, string> = {}, times = span, key = 'k'): string[] {
  const sql = athenaQuery(aRule({ by: [], ...rule }), key, labels, times, () => true) ?? '';
  const where = sql.slice(sql.indexOf('WHERE ') + 'WHERE '.length, sql.indexOf('\nORDER BY'));
  return where.split('\n  AND ');
}

describe('athenaQuery', () => {
  it('finds the lines of the outliers that a message names, and of all where there are more', () => {
    const rule = aRule({ type: 'outlier', peers: 'task', of: { status: 502 }, on: ['access'], where: {}, by: [] });
    const outliers = ['web-7', 'web-9'].map((name) => ({ name, total: 9, matched: 9 }));
    const query = (count: number) =>
      athenaQuery(rule, 'k', {}, span, () => true, { type: 'outlier', outliers, count, median: 0, others: 38 });
    expect(query(2)).toContain("\n  AND task IN ('web-7', 'web-9')\n  AND status = 502\n");
    expect(query(7)).not.toContain('task');
    expect(query(7)).toContain('\n  AND status = 502\n');
  });

  it('says once what the rule is keyed by and looks for', () => {
    const rule: Partial<Rule> = { by: ['service'], where: { service: 'checkout', level: 'fatal' } };
    const conditions = conditionsOf(rule, { service: 'checkout' });
    expect(conditions.filter((each) => each.includes('checkout'))).toEqual(["service = 'checkout'"]);
    expect(conditions).toContain("level = 'fatal'");
  });

  it('finds the starts of what did not end, where all are known by name', () => {
    const rule = aRule({ type: 'sequence', of: 'fields.order', on: ['app'], where: { message: 'started' }, by: [] });
    const query = (missed: number) =>
      athenaQuery(rule, 'k', {}, span, () => true, {
        ...{ type: 'sequence', of: 'fields.order', missed, values: ['17', '18'], more: 0 },
      });
    expect(query(2)).toMatch(/\n {2}AND message = 'started'\n {2}AND .*order.* IN \('17', '18'\)\n/);
    expect(query(7)).toContain("message = 'started'");
    expect(query(7)).not.toContain('17');
  });

  it.each<[string, number, number, string]>([
    ['one hour', T0, T0 + 60_000, "dt = '2026-11-22' AND hour = '16'"],
    ['one day', T0, T0 + 2 * HOUR, "dt = '2026-11-22' AND hour BETWEEN '16' AND '18'"],
    ['two days', T0, T0 + 10 * HOUR, "dt BETWEEN '2026-11-22' AND '2026-11-23'"],
  ])('reads the partitions of %s', (_name, first, last, expected) => {
    expect(conditionsOf({}, {}, { first, last }).slice(0, 2)).toEqual([expected, "arrived >= '2026-11-21-16'"]);
  });

  it.each<[string, Partial<Rule>, string | undefined]>([
    ['equal', { where: { level: 'fatal' } }, "level = 'fatal'"],
    ['a quote', { where: { level: "o'clock" } }, "level = 'o''clock'"],
    ['one of', { where: { service: ['a', 'b'] } }, "service IN ('a', 'b')"],
    ['contains', { where: { message: { contains: 'x' } } }, "strpos(message, 'x') > 0"],
    ['regex', { where: { message: { regex: '(?i)\\bx' } } }, "regexp_like(message, '(?i)\\bx')"],
    ['exists', { where: { stack: { exists: true } } }, 'stack IS NOT NULL'],
    ['does not exist', { where: { stack: { exists: false } } }, 'stack IS NULL'],
    ['not', { where: { level: { not: ['a'] } } }, "NOT coalesce(level = 'a', false)"],
    [
      'a field',
      { where: { 'fields.code': { gte: 500 } } },
      `try_cast(json_extract_scalar(fields, '$.code') AS double) >= 500`,
    ],
    [
      'a nested field',
      { where: { 'fields.a.b': 'x' } },
      `coalesce(json_extract_scalar(fields, '$["a.b"]'), json_extract_scalar(fields, '$.a.b')) = 'x'`,
    ],
    ['what a message can not show', { where: { message: 'a\n`b' } }, "message = 'a' || chr(10) || chr(96) || 'b'"],
    ['nothing', { where: { message: '' } }, "message = ''"],
    ['a number', { where: { status: 502 } }, 'status = 502'],
    ['a number as text', { where: { status: ['502', '503'] } }, 'status IN (502, 503)'],
    ['no number', { where: { status: '5xx' } }, "cast(status AS varchar) = '5xx'"],
    ['a number that no row shows like this', { where: { bytes: '007' } }, "cast(bytes AS varchar) = '007'"],
    ['a range', { where: { duration_ms: { gt: 0.5, lte: 1000 } } }, 'duration_ms > 0.5 AND duration_ms <= 1000'],
    ['digits', { where: { status: { regex: '^5' } } }, "regexp_like(cast(status AS varchar), '^5')"],
    [
      'a network',
      { where: { client_ip: { cidr: '10.0.0.0/8' } } },
      "contains('10.0.0.0/8', try_cast(client_ip AS ipaddress))",
    ],
    [
      'networks and addresses',
      { where: { client_ip: { cidr: ['192.0.2.1', '2001:db8::1'] } } },
      "(contains('192.0.2.1/32', try_cast(client_ip AS ipaddress)) OR contains('2001:db8::1/128', try_cast(client_ip AS ipaddress)))",
    ],
    [
      'one of several matchers',
      { where: { message: { any: [{ contains: 'a' }, 'b', { all: [{ contains: 'c' }, { not: 'cd' }] }] } } },
      "(strpos(message, 'a') > 0 OR message = 'b' OR (strpos(message, 'c') > 0 AND NOT coalesce(message = 'cd', false)))",
    ],
    [
      'one of several clauses',
      { where: { any: [{ level: 'fatal' }, { level: 'error', logger: 'pay' }] } },
      "(level = 'fatal' OR (level = 'error' AND logger = 'pay'))",
    ],
    [
      'none of a clause',
      { where: { not: { level: 'error', logger: 'pay' } } },
      "NOT coalesce(level = 'error' AND logger = 'pay', false)",
    ],
    ['everything', { where: { all: [{}] } }, undefined],
  ])('asks for %s', (_name, rule, expected) => {
    expect(conditionsOf(rule)[4]).toBe(expected);
  });

  it('asks for the key', () => {
    const by = ['service', 'logger'];
    expect(conditionsOf({ by }, { service: 'pay' }).slice(4, 6)).toEqual(["service = 'pay'", 'logger IS NULL']);
    expect(conditionsOf({ by }, { service: 'x'.repeat(500), logger: '' })[4]).toMatch(
      /^starts_with\(service, 'x{500}'\)$/,
    );
    expect(conditionsOf({ by }, {}, span, otherKey)).toHaveLength(5);
  });

  const queryOf = (rule: Partial<Rule>) => athenaQuery(aRule(rule), 'k', {}, span, () => true);

  it('reads one table, or both as one', () => {
    expect(queryOf({ on: ['app'] })).toContain('\nFROM app\n');
    expect(queryOf({})).toContain('(SELECT * FROM error UNION ALL SELECT * FROM app)');
  });

  it('shows what is telling of an access line', () => {
    expect(queryOf({ on: ['access'] })).toMatch(
      /^SELECT ts, service, client_ip, method, path, status, duration_ms, user_agent, fields\nFROM access\n/,
    );
  });

  it('reads tables that are not alike column by column', () => {
    const sql = queryOf({ on: ['app', 'access'], by: ['host'], where: { any: [{ logger: 'a' }, { status: 502 }] } });
    expect(sql).toContain('SELECT ts, service, level, message, stack, client_ip, method, path, status');
    const columns =
      'ts, service, level, message, stack, NULL AS client_ip, NULL AS method, NULL AS path, NULL AS status';
    expect(sql).toContain(
      `(SELECT ${columns}, NULL AS duration_ms, NULL AS user_agent, fields, NULL AS host, logger, dt, hour, arrived FROM app`,
    );
    expect(sql).toContain('fields, host, NULL AS logger, dt, hour, arrived FROM access)');
  });

  it('asks for the numerator of a ratio that is too high, and for all of one that is too low', () => {
    const ratio = {
      type: 'ratio',
      of: { status: { gte: 500 } },
      where: { path: '/pay' },
      window: HOUR,
      minTotal: 1,
    } as const;
    expect(conditionsOf({ ...ratio, on: ['access'], above: 0.1 }).slice(4)).toEqual(["path = '/pay'", 'status >= 500']);
    expect(conditionsOf({ ...ratio, on: ['access'], below: 0.1 }).slice(4)).toEqual(["path = '/pay'"]);
  });

  it('asks for nothing where lines are missing', () => {
    const rule: Partial<Rule> = { type: 'absence', window: HOUR, expect: [], minCount: 1, forget: HOUR };
    expect(queryOf(rule)).toBeUndefined();
    expect(keysQuery(aRule(rule), span, () => true)).toBeUndefined();
  });

  it('leaves out conditions that do not fit, never the time', () => {
    const rule = aRule({ by: ['service'], where: { message: 'x'.repeat(50), level: 'y'.repeat(5000) } });
    const short = athenaQuery(rule, 'k', { service: 'pay' }, span, (sql) => sql.length < 600);
    expect(short).toContain("service = 'pay'\n  AND message = 'xxx");
    expect(short).toContain('-- shortened');
    expect(short).not.toContain('level = ');
    expect(athenaQuery(rule, 'k', { service: 'pay' }, span, () => false)).toMatch(
      /AND ts <= .*\n-- shortened.*\nORDER BY/,
    );
  });
});

describe('keysQuery', () => {
  it('counts the lines of each key', () => {
    expect(
      keysQuery(aRule({ on: ['app'], by: ['service', 'fields.a'], where: { level: 'warn' } }), span, () => true),
    ).toBe(
      [
        `SELECT service, json_extract_scalar(fields, '$.a') AS "fields.a", count(*) AS lines, min(ts) AS first_ts, max(ts) AS last_ts`,
        'FROM app',
        "WHERE dt = '2026-11-22' AND hour = '16'",
        "  AND arrived >= '2026-11-21-16'",
        "  AND ts >= timestamp '2026-11-22 16:03:00.000'",
        "  AND ts <= timestamp '2026-11-22 16:03:01.000'",
        "  AND level = 'warn'",
        'GROUP BY 1, 2',
        'ORDER BY lines DESC LIMIT 1000',
      ].join('\n'),
    );
  });

  it('counts all lines when there are no keys', () => {
    const sql = keysQuery(aRule({ by: [] }), span, () => true);
    expect(sql).toContain('SELECT count(*) AS lines');
    expect(sql).not.toContain('GROUP BY');
  });
});
