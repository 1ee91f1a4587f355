import { athenaQuery, keysQuery } from '../../shared/athena/alertQuery.js';
import type { Where } from '../../shared/where/clause.js';
import { aRule } from '../helpers/alerts.js';

/** The queries of alerts by every kind of condition. */
export function alertQueries(): string[] {
  const conditions: readonly Where[] = [
    { level: ['fatal', 'error'], message: { regex: '(?i)timeout|declined$' } },
    { message: { regex: '[[(]|[a&&b]|^it\\b' } },
    { message: { contains: '`x`\nsecond' } },
    { 'fields.a': { exists: true } },
    { 'fields.list': { contains: 'two' } },
    { 'fields.code': { any: [502, { gte: 500 }] } },
    { 'fields.a.b': { exists: true } },
    { any: [{ stack: { exists: false } }, { not: { exception: 'PaymentError' } }] },
  ];
  const accessConditions: readonly Where[] = [
    { duration_ms: { regex: '^12' } },
    { duration_ms: { any: ['0.5', { gt: 1000 }] } },
    { client_ip: { cidr: ['10.0.0.0/8', '2001:db8::/32'] } },
    { status: { regex: '^5' }, path: { not: '/' } },
    { ts: { gte: 0 }, bytes: ['37', 'x'] },
  ];
  const times = { first: Date.parse('2026-11-22T15:00:00Z'), last: Date.parse('2026-11-23T15:00:00Z') };
  const rules = [
    ...conditions.map((where) => aRule({ on: ['error'], by: ['service', 'fields.code'], where })),
    ...accessConditions.map((where) => aRule({ on: ['access'], by: ['service', 'status'], where })),
    aRule({ on: ['error', 'access'], by: ['level', 'method'], where: { 'fields.a': { exists: true } } }),
  ];
  return rules.flatMap((rule) => {
    const labels = Object.fromEntries(rule.by.map((name) => [name, name === 'service' ? 'pay' : undefined]));
    const known = Object.fromEntries(
      Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    return [athenaQuery(rule, 'key', known, times, () => true), keysQuery(rule, times, () => true)].flatMap(
      (sql) => sql ?? [],
    );
  });
}
