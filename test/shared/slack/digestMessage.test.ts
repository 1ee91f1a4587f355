import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Digest } from '../../../shared/alerts/ports.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { digestMessage } from '../../../shared/slack/digestMessage.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { expectSlackTakes, nastyText } from '../../helpers/slackMessages.js';

const storm: Digest = {
  number: 4,
  alerts: 12,
  lines: 4310,
  first: T0,
  last: T0 + MINUTE,
  rules: [
    {
      rule: 'new-error',
      alerts: 10,
      lines: 4300,
      keys: [
        { key: 'pay|5b1f', lines: 4000, sample: 'card `declined`' },
        { key: otherKey, lines: 300 },
      ],
    },
    { rule: 'fatal-line', alerts: 1, lines: 1, keys: [{ key: 'pay', lines: 1 }] },
    { rule: 'gone', alerts: 1, lines: 9, keys: [] },
  ],
};
const rules = [
  aRule({ name: 'new-error', on: ['error'], by: ['service', 'fields.code'], where: { level: 'error' } }),
  aRule({ name: 'fatal-line', severity: 'critical' }),
];

function textsOf(digest: Digest, known = rules): string[] {
  return digestMessage(digest, known).blocks.flatMap((block) => {
    if (block.type === 'context') return block.elements.map(({ text }) => text);
    return block.type === 'actions' || block.text === undefined ? [] : [block.text.text];
  });
}

describe('digestMessage', () => {
  it('has a query that finds lines whose clock is off, by the times they are stored with', () => {
    const own = { first: T0 - 2 * 60 * MINUTE, last: T0 + 60 * MINUTE };
    const query = textsOf({ ...storm, own }).find((text) => text.includes('SELECT'));
    expect(query).toContain("hour BETWEEN '14' AND '17'");
    expect(query).toContain(
      "ts &gt;= timestamp '2026-11-22 14:03:00.000'\n  AND ts &lt;= timestamp '2026-11-22 17:03:00.000'",
    );
  });

  it('tells how much of what, the loudest first', () => {
    expect(digestMessage(storm, rules).text).toBe('🔴 12 alerts, 3 rules, 4,310 lines (new-error, fatal-line, gone)');
    expect(textsOf(storm)).toEqual([
      '🔴 12 alerts, 3 rules, 4,310 lines',
      'More at once than there is room for one by one. From <!date^1795363380^{date_short_pretty} {time_secs}|2026-11-22T16:03:00Z> on, in 1m.',
      [
        '*new-error* (warning): 10 alerts, 4,300 lines, the loudest:',
        '• `pay|5b1f` 4,000 lines `card ˋdeclinedˋ`',
        '• `all others` 300 lines',
      ].join('\n'),
      '*fatal-line* (critical): 1 alert, 1 line\n• `pay` 1 line',
      '*gone*: 1 alert, 9 lines',
      [
        '*All keys of new-error in Athena*',
        '```',
        `SELECT service, json_extract_scalar(fields, '$.code') AS "fields.code", count(*) AS lines, min(ts) AS first_ts, max(ts) AS last_ts`,
        'FROM error',
        "WHERE dt = '2026-11-22' AND hour = '16'",
        "  AND arrived &gt;= '2026-11-21-16'",
        "  AND ts &gt;= timestamp '2026-11-22 16:03:00.000'",
        "  AND ts &lt;= timestamp '2026-11-22 16:04:00.000'",
        "  AND level = 'error'",
        'GROUP BY 1, 2',
        'ORDER BY lines DESC LIMIT 1000',
        '```',
      ].join('\n'),
      'digest 4',
    ]);
  });

  it('tells of rules that it does not know what the digest says, without a query', () => {
    const texts = textsOf(storm, []);
    expect(texts[0]).toBe('12 alerts, 3 rules, 4,310 lines');
    expect(texts.join()).not.toContain('Athena');
  });

  it('tells of what is absent without lines, and of what is over', () => {
    const absent = { rule: 'no-logs', alerts: 2, lines: 0, keys: [{ key: 'pay', lines: 0 }] };
    const over = { rule: 'fatal-line', alerts: 0, lines: 0, keys: [] };
    const digest: Digest = { ...storm, alerts: 2, resolved: 3, lines: 0, rules: [absent, over] };
    expect(digestMessage(digest, []).text).toBe('2 alerts, 1 rule (no-logs)');
    expect(textsOf(digest).slice(2)).toEqual([
      '*no-logs*: 2 alerts, the loudest:\n• `pay`',
      '✅ 3 alerts are over',
      'digest 4',
    ]);
  });

  it('tells when there is nothing but what is over', () => {
    const over = { rule: 'fatal-line', alerts: 0, lines: 0, keys: [] };
    const digest: Digest = { ...storm, alerts: 0, resolved: 1, lines: 0, rules: [over] };
    expect(digestMessage(digest, rules).text).toBe('✅ 1 alert is over');
    expect(textsOf(digest)).toHaveLength(3);
  });

  it('names three rules at most in its text', () => {
    const many = Array.from({ length: 4 }, (_, at) => ({ rule: `rule-${at}`, alerts: 1, lines: 1, keys: [] }));
    const text = (count: number) =>
      digestMessage({ ...storm, alerts: count, lines: count, rules: many.slice(0, count) }, []).text;
    expect(text(3)).toBe('3 alerts, 3 rules, 3 lines (rule-0, rule-1, rule-2)');
    expect(text(4)).toBe('4 alerts, 4 rules, 4 lines (rule-0, rule-1, rule-2, …)');
  });

  it('shows six rules by themselves and sums up the others', () => {
    const many = Array.from({ length: 7 }, (_, at) => ({ rule: `rule-${at}`, alerts: 1, lines: 2, keys: [] }));
    const texts = (count: number) => textsOf({ ...storm, rules: many.slice(0, count) }, []).slice(2, -1);
    expect(texts(6)).toEqual(many.slice(0, 6).map(({ rule }) => `*${rule}*: 1 alert, 2 lines`));
    expect(texts(7).slice(0, 6)).toEqual(texts(6));
    expect(texts(7)).toHaveLength(7);
    expect(texts(7).at(-1)).toContain('rule-6');
  });

  it('accounts for every rule when there are many', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ rule: `rule-${at}`, alerts: 2, lines: 3, keys: [] }));
    const texts = textsOf({ ...storm, alerts: 60, lines: 90, rules: many }, []);
    expect(texts.at(-2)).toContain('• rule-15: 2 alerts, 3 lines\nand 14 more rules: 28 alerts, 42 lines');
  });

  it('stays within what Slack takes when everything is as long as can be', () => {
    const long = '<'.repeat(5000);
    const keys = Array(5).fill({ key: long, lines: 1_000_000_000, sample: long });
    const rule = { rule: long, alerts: 1_000_000_000, lines: 1_000_000_000, keys };
    const known = aRule({
      name: long,
      by: [],
      where: Object.fromEntries([...'abcdef'].map((name) => [name, 'x'.repeat(450)])),
    });
    expectSlackTakes(digestMessage({ ...storm, rules: Array(200).fill(rule) }, [known]));
  });

  it('stays within what Slack takes, whatever was logged', () => {
    const key = fc.record({ key: nastyText, lines: fc.nat(), sample: nastyText });
    const rule = fc.record({
      rule: nastyText,
      alerts: fc.nat(),
      lines: fc.nat(),
      keys: fc.array(key, { minLength: 3, maxLength: 5 }),
    });
    const digest = fc.record({
      number: fc.nat(),
      alerts: fc.nat(),
      lines: fc.nat(),
      first: fc.constant(T0),
      last: fc.constant(T0 + MINUTE),
      rules: fc.array(rule, { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(digest, nastyText, (made, value) => {
        const known = made.rules.map(({ rule: name }) =>
          aRule({
            name,
            by: ['service', `fields.${value}`],
            where: { message: { regex: value, not: { contains: name } } },
          }),
        );
        expectSlackTakes(digestMessage(made, known));
      }),
      { numRuns: 100 },
    );
  });
});
