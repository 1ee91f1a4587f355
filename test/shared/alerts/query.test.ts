import { describe, expect, it } from '@jest/globals';
import { athenaQuery } from '../../../shared/alerts/query.js';
import { otherKey } from '../../../shared/rules/key.js';
import type { Rule } from '../../../shared/rules/rule.js';
import { aRule, T0 } from '../../helpers/alerts.js';

const HOUR = 3_600_000;
const span = { count: 1, first: T0, last: T0 + 1000 };

function conditionsOf(rule: Partial<Rule>, labels: Record<string, string> = {}, times = span, key = 'k'): string[] {
  const sql = athenaQuery(aRule({ by: [], ...rule }), key, labels, times, () => true);
  const where = sql.slice(sql.indexOf('WHERE ') + 'WHERE '.length, sql.indexOf('\nORDER BY'));
  return where.split('\n  AND ');
}

describe('athenaQuery', () => {
  it.each<[string, number, number, string]>([
    ['one hour', T0, T0 + 60_000, "dt = '2026-11-22' AND hour = '16'"],
    ['one day', T0, T0 + 2 * HOUR, "dt = '2026-11-22' AND hour BETWEEN '16' AND '18'"],
    ['two days', T0, T0 + 10 * HOUR, "dt BETWEEN '2026-11-22' AND '2026-11-23'"],
  ])('reads the partitions of %s', (_name, first, last, expected) => {
    expect(conditionsOf({}, {}, { count: 1, first, last })[0]).toBe(expected);
  });

  it.each<[string, Partial<Rule>, string]>([
    ['equal', { where: { level: 'fatal' } }, "level = 'fatal'"],
    ['a quote', { where: { level: "o'clock" } }, "level = 'o''clock'"],
    ['one of', { where: { service: ['a', 'b'] } }, "service IN ('a', 'b')"],
    ['contains', { where: { message: { contains: 'x' } } }, "strpos(message, 'x') > 0"],
    ['regex', { where: { message: { regex: '(?i)\\bx' } } }, "regexp_like(message, '(?i)\\bx')"],
    ['exists', { where: { stack: { exists: true } } }, 'stack IS NOT NULL'],
    ['does not exist', { where: { stack: { exists: false } } }, 'stack IS NULL'],
    ['not', { where: { level: { not: ['a'] } } }, "NOT coalesce(level IN ('a'), false)"],
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
  ])('asks for %s', (_name, rule, expected) => {
    expect(conditionsOf(rule)[3]).toBe(expected);
  });

  it('asks for the key', () => {
    const by = ['service', 'logger'];
    expect(conditionsOf({ by }, { service: 'pay' }).slice(3, 5)).toEqual(["service = 'pay'", 'logger IS NULL']);
    expect(conditionsOf({ by }, { service: 'x'.repeat(500), logger: '' })[3]).toMatch(
      /^starts_with\(service, 'x{500}'\)$/,
    );
    expect(conditionsOf({ by }, {}, span, otherKey)).toHaveLength(4);
  });

  it('reads one table, or both as one', () => {
    expect(athenaQuery(aRule({ on: ['app'] }), 'k', {}, span, () => true)).toContain('\nFROM app\n');
    expect(athenaQuery(aRule({}), 'k', {}, span, () => true)).toContain(
      '(SELECT * FROM error UNION ALL SELECT * FROM app)',
    );
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
