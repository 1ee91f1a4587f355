import type { Alert } from '../../shared/alerts/ports.js';
import type { Notice } from '../../shared/alerts/state/alertState.js';
import { exampleOf } from '../../shared/conditions/condition.js';
import { typeOf } from '../../shared/conditions/index.js';
import { windowOf } from '../../shared/conditions/window.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { joinKey } from '../../shared/signals/alertKey.js';
import type { Sample, Top } from '../../shared/signals/signal.js';
import { type FieldMatcher, isList } from '../../shared/where/clause.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * An alert as the rule could raise it: with values that its where-clause states where it states any, and numbers that
 * just meet its condition.
 *
 * @param now when the last line was logged, ms since the epoch.
 * @param row values of columns that are known, such as those of a line in the rule's own tests.
 */
export function inventedAlert(rule: Rule, now: number, row: Readonly<Record<string, unknown>> = {}): Alert {
  const valueFor = (name: string) => textOf(row[name]) ?? statedValue(rule, name) ?? inventedValues[name] ?? 'example';
  const labels = Object.fromEntries(rule.by.map((name) => [name, valueFor(name)]));
  const { measured, lines } = exampleOf(rule, now);
  const length = Math.min(windowOf(rule) ?? 2 * MINUTE, 5 * MINUTE);
  const notice: Notice = {
    kind: 'firing',
    number: 1,
    labels,
    count: lines,
    suppressed: 0,
    first: lines === 1 ? now : now - length + SECOND,
    last: now,
    ...(lines === 0 ? {} : shownBefore(rule, lines, valueFor)),
    samples: lines === 0 ? [] : [inventedSample(rule, now, valueFor)],
    measured,
  };
  return { rule: rule.name, key: joinKey(Object.values(labels)), settings: rule, notice };
}

/** What earlier windows and the columns of the lines could have been. */
function shownBefore(rule: Rule, lines: number, valueFor: (name: string) => string): Partial<Notice> {
  const { trend, share } = typeOf(rule);
  const usual = lines / 20;
  const windows = [1, 2, 1, 0, 1, 3, 1, 1, 2, 1, 2, 4].map((part) => Math.round(part * usual * 10) / 10);
  const task = valueFor('task');
  const split: Top =
    rule.by.includes('task') || lines < 4
      ? {}
      : {
          task: [
            [task, lines - Math.floor(lines / 4)],
            ['1c2d3e4f5a6b7c8d', Math.floor(lines / 4)],
          ],
        };
  return {
    top: split,
    ...(trend && !share ? { trend: { unit: 'lines', windows: [...windows.map(Math.round), lines] } } : {}),
  };
}

const inventedValues: Readonly<Record<string, string>> = {
  service: 'checkout',
  source: 'stderr',
  task: '9f86d081884c7d65',
  cluster: 'prod',
  level: 'error',
  message: 'could not reserve stock for order 4711: connection refused',
  logger: 'shop.orders',
  exception: 'java.net.ConnectException',
  fingerprint: '5b1f0c9a72de4e38',
  client_ip: '203.0.113.7',
  method: 'POST',
  path: '/api/orders',
  status: '502',
  host: 'shop.example.com',
};

/** What the where-clause demands of a column, where that is one value or the first of a list. */
function statedValue({ where }: Rule, name: string): string | undefined {
  const matcher = where[name] as FieldMatcher | undefined;
  if (matcher === undefined) return undefined;
  if (isList(matcher)) return textOf(matcher[0]);
  if (typeof matcher !== 'object') return String(matcher);
  return matcher.contains ?? textOf(matcher.gte ?? matcher.lte);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function inventedSample({ on }: Rule, ts: number, valueFor: (name: string) => string): Sample {
  const service = valueFor('service');
  if (on[0] === 'access') {
    return { ts, service, message: `${valueFor('method')} ${valueFor('path')} ${valueFor('status')}` };
  }
  return { ts, service, level: valueFor('level'), message: valueFor('message') };
}
