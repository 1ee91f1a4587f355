import { describe, expect, it } from '@jest/globals';
import { inventedAlert } from '../../../local/slack/inventedAlert.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { expectSlackTakes } from '../../helpers/slackMessages.js';

const window = 5 * MINUTE;
const ratio = { type: 'ratio', of: { status: 502 }, on: ['access'], window, minTotal: 100 } as const;

describe('inventedAlert', () => {
  it.each<[Partial<Rule>, string]>([
    [{ type: 'match' }, '1 line'],
    [{ type: 'frequency', threshold: 12, window }, '12 lines in 5m, 12 are enough'],
    [{ type: 'spike', window, factor: 3, minCount: 10, minPrevious: 1 }, '3 times the 5m before: 12 lines after 4'],
    [
      { type: 'drop', window, below: 0.5, minPrevious: 100, forget: 24 * 60 * MINUTE },
      '25 lines in 5m, 25 % of the 100 that are usual',
    ],
    [
      { type: 'burn-rate', of: {} },
      "29 times the error budget of 99.9 %: 2.87 % (10 of 348 lines) in 1h, 2.87 % in 5m; a month's is spent in 1d 1h",
    ],
    [
      { type: 'growth', window: 60 * MINUTE, steps: 3, factor: 1.5, minCount: 100, minPrevious: 10 },
      '3.4 times as many within 3h: 30, then 45, then 68, then 102 lines in 1h',
    ],
    [{ ...ratio, above: 0.05 }, '10 % (10 of 100 lines) in 5m, above 5 %'],
    [{ ...ratio, below: 0.9 }, '45 % (45 of 100 lines) in 5m, below 90 %'],
    [{ type: 'new', remember: 30 * 24 * 60 * MINUTE }, 'new: not seen in the 30d before'],
    [{ type: 'cardinality', of: 'client_ip', window, above: 100 }, '101 different client_ip in 5m, more than 100'],
    [{ type: 'absence', window, expect: [], minCount: 1, forget: 0 }, 'nothing since 15:58:00 UTC (5m)'],
    [{ type: 'change', of: 'fields.version' }, 'fields.version changed from "1.2" to "1.3"'],
    [{ type: 'gap', of: 'fields.seq', grace: MINUTE }, '3 of fields.seq are missing: 17 to 19'],
    [{ type: 'sequence', of: 'fields.order' }, '2 of fields.order did not end within 10m: 4711, 4718'],
    [
      { type: 'quantile', of: 'duration_ms', quantile: 0.95, above: 800, window, minCount: 100 },
      'p95 of duration_ms is about 1,200 in 5m, above 800 (6 of 100 lines)',
    ],
    [
      {
        type: 'outlier',
        peers: 'task',
        of: { level: 'error' },
        factor: 3,
        above: 0.1,
        minTotal: 100,
        minPeers: 2,
        window,
      },
      'task task-7: 20 % (20 of 100 lines) in 5m, the median of 2 others is 0 %',
    ],
    [
      { type: 'outlier', peers: 'task', factor: 3, above: 0.1, minTotal: 100, minPeers: 2, window },
      'task task-7: 100 lines in 5m, the median of 2 others is 33',
    ],
  ])('meets the condition of %j', (rule, words) => {
    const message = alertMessage(inventedAlert(aRule(rule), T0));
    expect(message.text).toBe(`🟠 Something is wrong in checkout (warning, ${words})`);
    expectSlackTakes(message);
  });

  it.each<[string, Rule['where'], string]>([
    ['the value that is asked for', { service: 'pay' }, 'pay'],
    ['the first of several', { service: ['cart', 'pay'] }, 'cart'],
    ['what it contains', { service: { contains: 'search' } }, 'search'],
    ['something where nothing is said', { service: { exists: true } }, 'checkout'],
  ])('takes %s', (_name, where, service) => {
    expect(inventedAlert(aRule({ where }), T0)).toMatchObject({ key: service, notice: { labels: { service } } });
  });

  it('takes values that are known before all others', () => {
    const rule = aRule({ on: ['access'], by: ['service', 'fields.team'], where: { status: { gte: 500 } } });
    const { key, notice } = inventedAlert(rule, T0, { service: 'web', status: 503, method: null });
    expect(key).toBe('web|example');
    expect(notice.samples).toEqual([{ ts: T0, service: 'web', message: 'POST /api/orders 503' }]);
  });
});
