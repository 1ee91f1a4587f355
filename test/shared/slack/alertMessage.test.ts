import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Alert } from '../../../shared/alerts/ports.js';
import type { HoldReason, Notice } from '../../../shared/alerts/state/alertState.js';
import type { Measured } from '../../../shared/conditions/index.js';
import { severities } from '../../../shared/conditions/ruleSettings.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { otherKey } from '../../../shared/signals/alertKey.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';
import type { SlackBlock } from '../../../shared/slack/blocks.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';
import { expectSlackTakes, nastyText } from '../../helpers/slackMessages.js';

function anAlert(changes: Partial<Alert> = {}, notice: Partial<Notice> = {}): Alert {
  const { labels, count, first, last, samples } = aSignal({ count: 1240, last: T0 + 3 * MINUTE + 1000 });
  return {
    rule: 'payment-declined',
    key: 'pay',
    settings: aRule({
      name: 'payment-declined',
      where: { message: { contains: 'declined' } },
      runbook: 'https://example.com/?a=1&b=2',
    }),
    notice: {
      kind: 'firing',
      number: 1,
      labels,
      count,
      first,
      last,
      samples,
      suppressed: 0,
      measured: { type: 'match' },
      ...notice,
    },
    ...changes,
  };
}

const textsOf = (block: SlackBlock): readonly { text: string }[] => {
  switch (block.type) {
    case 'context':
      return block.elements;
    case 'actions':
      return block.elements.map(({ text }) => text);
    case 'header':
      return [block.text];
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])];
  }
};
const allText = (alert: Alert) =>
  alertMessage(alert)
    .blocks.flatMap(textsOf)
    .map(({ text }) => text);

describe('alertMessage', () => {
  it.each([
    [{ count: 412, late: { count: 412, behind: 31 * MINUTE } }, '⏳ late: these 412 lines arrived 31m behind'],
    [{ count: 1, late: { count: 1, behind: 31 * MINUTE } }, '⏳ late: this line arrived 31m behind'],
    [
      { count: 1500, late: { count: 1200, behind: 90 * MINUTE } },
      '⏳ late: 1,200 of these 1,500 lines arrived up to 1h 30m behind',
    ],
    [{ count: 412 }, undefined],
  ])('says how late lines came: %j', (notice, expected) => {
    expect(
      allText(anAlert({}, notice))
        .flatMap((text) => text.split('\n'))
        .find((line) => /late/.test(line)),
    ).toBe(expected);
  });

  it('says what, where, how often and when', () => {
    expect(alertMessage(anAlert())).toEqual({
      text: '🟠 Something is wrong in pay (warning, 1,240 lines)',
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🟠 Something is wrong in pay', emoji: false } },
        mrkdwnSection(
          '*warning* · service `pay`\n1,240 lines in 3m from <!date^1795363381^{date_short_pretty} {time_secs}|2026-11-22T16:03:01Z>',
        ),
        mrkdwnSection('<https://example.com/?a=1&amp;b=2|📖 Runbook>'),
        mrkdwnSection('*Sample*\n```\n16:03:01.000 ERROR card declined\n```'),
        mrkdwnSection(
          [
            '*These lines in Athena*',
            '```',
            'SELECT ts, service, level, message, stack, fields',
            'FROM (SELECT * FROM error UNION ALL SELECT * FROM app)',
            "WHERE dt = '2026-11-22' AND hour = '16'",
            "  AND arrived &gt;= '2026-11-21-16'",
            "  AND ts &gt;= timestamp '2026-11-22 16:03:01.000'",
            "  AND ts &lt;= timestamp '2026-11-22 16:06:01.000'",
            "  AND service = 'pay'",
            "  AND strpos(message, 'declined') &gt; 0",
            'ORDER BY ts LIMIT 1000',
            '```',
          ].join('\n'),
        ),
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: 'id `payment-declined/9350872d`', verbatim: true }],
        },
      ],
    });
  });

  it.each<[string, HoldReason | undefined, string]>([
    ['the cooldown', undefined, 'during the 15m cooldown'],
    ['a mute time', { by: 'mute' }, 'held back while the rule was muted'],
    [
      'a silence',
      { by: 'silence', silence: 'a1b2', why: 'moving <billing>' },
      'held back by a silence: moving &lt;billing&gt; (`a1b2`)',
    ],
    ['another rule', { by: 'unless firing', rule: 'fatal-line' }, 'held back while `fatal-line` was firing'],
    ['shadow mode', { by: 'shadow' }, 'held back while the rule was in shadow mode'],
  ])('tells what %s held back', (_name, heldBy, expected) => {
    const held = { count: 124, suppressed: 121, ...(heldBy && { heldBy }) };
    expect(allText(anAlert({}, held))).toContain(
      `*warning* · service \`pay\`\n124 lines in 3m from <!date^1795363381^{date_short_pretty} {time_secs}|2026-11-22T16:03:01Z>, 121 of them ${expected}`,
    );
  });

  it('says when, once, of one line, and since when such lines are known', () => {
    const one = { count: 1, last: T0 + 1000 };
    expect(allText(anAlert({}, one))).toContain(
      '*warning* · service `pay`\n1 line, <!date^1795363381^{date_short_pretty} {time_secs}|2026-11-22T16:03:01Z>',
    );
    const known = allText(anAlert({}, { ...one, since: T0 - 26 * 60 * MINUTE })).join('\n');
    expect(known).toContain('(first seen <!date^1795269780^{date_short_pretty} {time_secs}|2026-11-21T14:03:00Z>)');
    expect(allText(anAlert({}, { ...one, since: T0 - 30_000 })).join('\n')).not.toContain('first seen');
  });

  it.each<[string, readonly number[], string]>([
    ['one line', [1, 1, 1, 1, 9], 'usually 1 line, now 9 in'],
    ['several', [2, 2, 2, 2, 9], 'usually 2 lines, now 9 in'],
  ])('says that %s is usual', (_name, windows, expected) => {
    const settings = aRule({ type: 'frequency', threshold: 5, window: 5 * MINUTE });
    expect(allText(anAlert({ settings }, { count: 9, trend: { unit: 'lines', windows } })).join('\n')).toContain(
      expected,
    );
  });

  it('shows what is usual beside what is, and fills it in', () => {
    const settings = aRule({
      ...{ type: 'ratio', of: { status: 500 }, above: 0.05, minTotal: 1, window: 5 * MINUTE },
      title: '{count} of {service} fail: {share}, usually {usual}',
    });
    const measured = { type: 'ratio', matched: 50, total: 400 } as const;
    const trend = { unit: 'share', windows: [0.004, 0, 0.01, 0.004, 0.125] } as const;
    const alert = anAlert({ settings }, { count: 50, measured, trend });
    expect(alertMessage(alert).text).toMatch(/^🟠 50 of pay fail: 12.5 %, usually 0.4 % /);
    expect(allText(alert)[1]).toBe(
      '12.5 % (50 of 400 lines) in 5m, above 5 %\n`▂▁▂▂█` usually 0.4 %, now 12.5 % in 5m',
    );
    expect(alertMessage(anAlert({ settings }, { count: 50, measured })).text).toContain('usually not known yet');
  });

  it('names the values that are frequent, not those of a few lines, nor what the only sample says', () => {
    const top = {
      task: [
        ['9f86d081', 900],
        ['<t2>', 300],
        ['t3', 40],
      ],
      status: [['502', 1240]],
      path: [
        ['/a', 10],
        ['/b', 9],
      ],
    } as const;
    expect(allText(anAlert({}, { top }))).toContain('*task* `9f86d081` 73 %, `&lt;t2&gt;` 24 %\n*status* `502` all');
    const ofOne = { task: [['t1', 1]], status: [['502', 1]] } as const;
    expect(allText(anAlert({}, { count: 1, top: ofOne }))).toContain('*task* `t1`');
  });

  it('says what the rule adds, filled in, and lets no value begin code in it', () => {
    const settings = aRule({ text: '*{service}* is down.\nCall {fields.team}, see {message}.' });
    const samples = [{ ts: T0, service: 'pay', message: '`a`\n<!here>' }];
    expect(allText(anAlert({ settings }, { samples }))).toContain(
      '*pay* is down.\nCall (no fields.team), see ˋaˋ &lt;!here&gt;.',
    );
  });

  it('has the last line and the query for those before it where a key is silent', () => {
    const settings = aRule({ type: 'absence', window: 15 * MINUTE, expect: [], minCount: 1, forget: 0 });
    const quiet = anAlert(
      { settings },
      {
        count: 0,
        samples: [{ ts: T0 - 1000, service: 'pay', message: 'SIGTERM, bye' }],
        last: T0 + 17 * MINUTE,
        measured: { type: 'absence', lastSeen: T0 },
      },
    );
    const [, query, ...texts] = allText(quiet).toSpliced(1, 3).toReversed();
    expect(allText(quiet).slice(0, 4)).toEqual([
      '🟠 Something is wrong in pay',
      'nothing since 16:03:00 UTC (17m)',
      '*warning* · service `pay`',
      '*Last line before the silence*\n```\n16:02:59.000 SIGTERM, bye\n```',
    ]);
    expect(query).toMatch(/^\*The last lines in Athena\*[\s\S]*15:48:00.000'[\s\S]*ORDER BY ts DESC LIMIT 1000/);
    expect(texts).toHaveLength(1);
  });

  it('has no query where nothing was ever heard of a key', () => {
    const settings = aRule({ type: 'absence', window: 15 * MINUTE, expect: [], minCount: 1, forget: 0 });
    const silent = anAlert({ settings }, { count: 0, samples: [], last: T0, measured: { type: 'absence' } });
    expect(allText(silent)).toHaveLength(4);
  });

  it('has links to what to do, to the query and to where it can be silenced, of those that there are', () => {
    const linksIn = (changes: Partial<Alert>) => allText(anAlert(changes)).find((text) => text.startsWith('<'));
    const settings = aRule({
      runbook: 'https://example.com/a|b',
      queryUrl: 'https://grafana.example/q?a=1&sql={query}',
    });
    const links = linksIn({ settings, silenceUrl: 'https://example.com/token' }) ?? '';
    const [, sql = ''] = /sql=([^|]*)\|🔎 Query>/.exec(links) ?? [];
    expect(decodeURIComponent(sql)).toMatch(/^SELECT ts, service, .*\nORDER BY ts LIMIT 1000$/s);
    expect(links.replace(sql, '…')).toBe(
      '<https://example.com/a%7Cb|📖 Runbook>  ·  <https://grafana.example/q?a=1&amp;sql=…|🔎 Query>  ·  <https://example.com/token|🔕 Silence>',
    );
    expect(linksIn({ settings: aRule({ queryUrl: 'https://athena.example/' }) })).toBe(
      '<https://athena.example/|🔎 Query>',
    );
    expect(linksIn({ settings: aRule({}) })).toBeUndefined();
  });

  it('leads to the page alone when a query is too long for an address', () => {
    const settings = aRule({
      where: { message: { contains: 'x'.repeat(900) } },
      queryUrl: 'https://a.example/?q={query}',
    });
    expect(allText(anAlert({ settings }))).toContain('<https://a.example/?q=|🔎 Query>');
  });

  it('makes no link of a runbook that is no web address', () => {
    expect(allText(anAlert({ settings: aRule({ runbook: 'docs/<x>.md' }) }))).toContain(
      '📖 Runbook: `docs/&lt;x&gt;.md`',
    );
  });

  it.each<[string, Partial<Rule>, Partial<Notice>, string]>([
    ['quiet again', { resolveAfter: 10 * MINUTE }, {}, 'quiet for 10m, it lasted 3m'],
    ['quiet after one line', { resolveAfter: MINUTE }, { last: T0 + 1000 }, 'quiet for 1m'],
    [
      'back',
      { type: 'absence', window: MINUTE, expect: [], minCount: 1, forget: 0 },
      { measured: { type: 'absence', lastSeen: T0 - 14 * MINUTE + 1000 } },
      'lines arrive again, after 17m without',
    ],
    [
      'there for the first time',
      { type: 'absence', window: MINUTE, expect: [], minCount: 1, forget: 0 },
      { measured: { type: 'absence' } },
      'lines arrive again',
    ],
  ])('is short when it is %s', (_name, settings, notice, ending) => {
    const told = { kind: 'resolved', count: 0, ...notice } as const;
    const { text, blocks } = alertMessage(anAlert({ settings: aRule(settings) }, told));
    expect(text).toBe(`✅ Over: Something is wrong in pay (${ending})`);
    expect(blocks.flatMap(textsOf).map((part) => part.text)).toEqual([
      '✅ Over: Something is wrong in pay',
      `${ending}\n*warning* · service \`pay\``,
      'id `payment-declined/9350872d`',
    ]);
  });

  it('tells when it is over of lines that nobody was told of', () => {
    const texts = allText(anAlert({}, { kind: 'resolved', told: 4310, count: 7, suppressed: 7 })).join('\n');
    expect(texts).toContain('4,310 lines from <!date^');
    expect(texts).toContain('7 lines not told before: during the 15m cooldown');
  });

  it('fills the title from the key, else from the first sample, and shows a gap', () => {
    const titled = (title: string) => alertMessage(anAlert({ settings: aRule({ title }) })).text;
    expect(titled('{service}: {message} {level}')).toBe('🟠 pay: card declined error (warning, 1,240 lines)');
    expect(titled('{fingerprint}')).toBe('🟠 (no fingerprint) (warning, 1,240 lines)');
  });

  it('speaks of several where the quietest keys were folded into one', () => {
    const folded = anAlert({ key: otherKey }, { labels: {}, samples: [] });
    expect(alertMessage(folded).text).toContain('wrong in (several)');
    expect(allText(folded).join('\n')).not.toContain('service IS NULL');
    expect(allText(folded)[1]).toContain('*warning* · service `(several)` · all other keys');
  });

  it('keeps log text from mentioning, linking and closing its fence', () => {
    const message = '``` <!channel> <@U1> & <https://evil.example|click> \u202Egnp';
    const samples = [{ ts: T0, service: 'pay', message }];
    const text = allText(anAlert({}, { samples, labels: { service: '`<!here>`' } })).join('\n');
    expect(text).toContain('ˋˋˋ &lt;!channel&gt; &lt;@U1&gt; &amp; &lt;https://evil.example|click&gt; \uFFFDgnp');
    expect(text).toContain('service `ˋ&lt;!here&gt;ˋ`');
  });

  it('shows the first three of five samples, each with its time and level', () => {
    const samples = [1, 2, 3, 4, 5].map((at) => ({
      ts: T0 + at,
      service: 'pay',
      level: 'warn',
      message: `line ${at}`,
    }));
    expect(allText(anAlert({}, { samples }))).toContain(
      '*Samples*\n```\n16:03:00.001 WARN line 1\n16:03:00.002 WARN line 2\n16:03:00.003 WARN line 3\n```',
    );
  });

  it('shows terminal colours as plain text', () => {
    const samples = [{ ts: T0, service: 'pay', message: '\u001B[31mred\u001B[0m' }];
    expect(allText(anAlert({}, { samples })).join('\n')).toContain('16:03:00.000 red\n');
  });

  it('stays within what Slack takes when everything is as long as can be', () => {
    const long = '<'.repeat(5000);
    const by = Array.from({ length: 10 }, (_, at) => `fields.${at}${long}`);
    const where = Object.fromEntries([...'abcdef'].map((name) => [name, 'x'.repeat(450)]));
    const settings = aRule({
      type: 'change',
      of: long,
      by,
      where,
      title: long,
      text: long,
      runbook: long,
      queryUrl: `https://e.example/?${'x'.repeat(450)}{query}`,
    });
    const notice: Partial<Notice> = {
      labels: Object.fromEntries(by.map((name) => [name, long])),
      samples: Array(5).fill({ ts: T0, service: long, level: long, message: long }),
      suppressed: 1000,
      heldBy: { by: 'silence', silence: long, why: long },
      measured: { type: 'change', from: long, to: long },
      top: Object.fromEntries(
        ['task', 'status', 'path', 'client_ip', 'exception'].map((column) => [column, Array(5).fill([long, 300])]),
      ),
    };
    expectSlackTakes(alertMessage(anAlert({ key: long, rule: long, settings }, notice)));
  });

  it('stays within what Slack takes, whatever was logged', () => {
    const settings = fc
      .record({ title: nastyText, text: nastyText, severity: fc.constantFrom(...severities) })
      .chain((stated) =>
        fc.constantFrom<Partial<Rule>>(
          { ...stated, type: 'match' },
          { ...stated, type: 'frequency', threshold: 5, window: MINUTE },
          { ...stated, type: 'change', of: `fields.${stated.title}`, runbook: stated.text },
          { ...stated, type: 'cardinality', of: stated.text, window: MINUTE, above: 3 },
        ),
      );
    const alert = fc
      .record({
        key: nastyText,
        settings,
        kind: fc.constantFrom<Notice['kind']>('firing', 'resolved'),
        values: fc.array(nastyText, { minLength: 7, maxLength: 7 }),
        messages: fc.array(nastyText, { maxLength: 5 }),
        why: nastyText,
      })
      .map(({ key, settings: stated, kind, values, messages, why }) => {
        const by = ['service', 'fields.a', `fields.${why}`, 'logger', 'task', 'cluster', 'source'];
        const [value = ''] = values;
        return anAlert(
          {
            key,
            settings: aRule({
              runbook: 'https://example.com/?a=1&b=2',
              ...stated,
              by,
              where: { message: { contains: value, not: { regex: why } }, any: [{ logger: value }, { task: why }] },
            }),
          },
          {
            kind,
            suppressed: 3,
            heldBy: { by: 'silence', silence: key, why },
            labels: Object.fromEntries(by.map((name, at) => [name, values[at] ?? ''])),
            samples: messages.map((message) => ({ ts: T0, service: value, level: 'error', message })),
            top: {
              task: [
                [value, 700],
                [why, 500],
              ],
              path: [[key, 1240]],
            },
            measured: measuredOf(stated, value, why),
          },
        );
      });

    fc.assert(
      fc.property(alert, (made) => expectSlackTakes(alertMessage(made))),
      { numRuns: 200 },
    );
  });
});

function measuredOf({ type }: Partial<Rule>, from: string, to: string): Measured {
  switch (type) {
    case 'frequency':
      return { type, count: 5 };
    case 'cardinality':
      return { type, distinct: 5, exact: true };
    case 'change':
      return { type, from, to };
    default:
      return { type: 'match' };
  }
}

function mrkdwnSection(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}
