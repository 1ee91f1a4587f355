import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertMessage, type SlackBlock } from '../../../shared/alerts/message.js';
import type { Alert } from '../../../shared/alerts/ports.js';
import { slack } from '../../../shared/limits.js';
import { otherKey } from '../../../shared/rules/key.js';
import { severities } from '../../../shared/rules/rule.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';

function anAlert(changes: Partial<Alert> = {}, notice: Partial<Alert['notice']> = {}): Alert {
  const { labels, count, first, last, samples } = aSignal({ count: 1240, last: T0 + 3 * MINUTE + 1000 });
  return {
    rule: 'payment-declined',
    key: 'pay',
    settings: aRule({
      name: 'payment-declined',
      where: { message: { contains: 'declined' } },
      runbook: 'https://example.com/?a=1&b=2',
    }),
    notice: { number: 1, labels, count, first, last, samples, suppressed: 0, ...notice },
    ...changes,
  };
}

const textsOf = (block: SlackBlock): readonly { text: string }[] => {
  if (block.type === 'context') return block.elements;
  return 'fields' in block ? block.fields : [block.text];
};
const allText = (alert: Alert) =>
  alertMessage(alert)
    .blocks.flatMap(textsOf)
    .map(({ text }) => text);

describe('alertMessage', () => {
  it('says what, where, how often and when', () => {
    expect(alertMessage(anAlert())).toEqual({
      text: '🟠 Something is wrong in pay (warning, 1,240 lines)',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🟠 Something is wrong in pay', emoji: false } },
        {
          type: 'section',
          fields: [
            '*Severity*\nwarning',
            '*Service*\n`pay`',
            '*Lines*\n1,240 in 3m',
            '*First*\n2026-11-22T16:03:01Z\n<!date^1795363381^{date_short_pretty} {time_secs}|2026-11-22T16:03:01Z>',
            '*Last*\n2026-11-22T16:06:01Z\n<!date^1795363561^{date_short_pretty} {time_secs}|2026-11-22T16:06:01Z>',
          ].map((text) => ({ type: 'mrkdwn', text, verbatim: true })),
        },
        mrkdwnSection('*Sample*\n```\n16:03:01.000 ERROR card declined\n```'),
        mrkdwnSection(
          [
            '*These lines in Athena*',
            '```',
            'SELECT ts, service, level, message, stack, fields',
            'FROM (SELECT * FROM error UNION ALL SELECT * FROM app)',
            "WHERE dt = '2026-11-22' AND hour = '16'",
            "  AND ts &gt;= timestamp '2026-11-22 16:03:01.000'",
            "  AND ts &lt;= timestamp '2026-11-22 16:06:01.000'",
            "  AND service = 'pay'",
            "  AND strpos(message, 'declined') &gt; 0",
            'ORDER BY ts LIMIT 1000',
            '```',
          ].join('\n'),
        ),
        mrkdwnSection('📖 <https://example.com/?a=1&amp;b=2|Runbook>'),
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: 'rule `payment-declined` · key `pay`', verbatim: true }],
        },
      ],
    });
  });

  it('tells what the cooldown held back', () => {
    expect(allText(anAlert({}, { count: 124, suppressed: 121 }))).toContain(
      '*Lines*\n124 in 3m\n121 of them during the 15m cooldown',
    );
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
    expect(allText(folded).at(-1)).toBe('rule `payment-declined` · key `all others`');
  });

  it('keeps log text from mentioning, linking and closing its fence', () => {
    const message = '``` <!channel> <@U1> & <https://evil.example|click> \u202Egnp';
    const samples = [{ ts: T0, service: 'pay', message }];
    const text = allText(anAlert({}, { samples, labels: { service: '`<!here>`' } })).join('\n');
    expect(text).toContain('ˋˋˋ &lt;!channel&gt; &lt;@U1&gt; &amp; &lt;https://evil.example|click&gt; \uFFFDgnp');
    expect(text).toContain('*Service*\n`ˋ&lt;!here&gt;ˋ`');
  });

  it('shows terminal colours as plain text', () => {
    const samples = [{ ts: T0, service: 'pay', message: '\u001B[31mred\u001B[0m' }];
    expect(allText(anAlert({}, { samples })).join('\n')).toContain('16:03:00.000 red\n');
  });

  it('stays within what Slack takes, whatever was logged', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '`',
          '```',
          '\n',
          '<!channel>',
          '<@U1>',
          '&amp;',
          '*',
          '😀',
          '\u001B[1m',
          "'",
          '{',
          '}',
          '\\',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      maxLength: 700,
    });
    const alert = fc
      .record({ key: nasty, title: nasty, service: nasty, extra: nasty, messages: fc.array(nasty, { maxLength: 5 }) })
      .chain((made) => fc.constantFrom(...severities).map((severity) => ({ ...made, severity })))
      .map(({ key, title, service, extra, messages, severity }) =>
        anAlert(
          {
            key,
            settings: aRule({
              title,
              severity,
              by: ['service', 'fields.a', 'fields.b', 'logger', 'task', 'cluster', 'source', 'exception'],
              where: { message: { contains: extra, not: { regex: title } } },
            }),
          },
          {
            labels: {
              service,
              'fields.a': extra,
              'fields.b': title,
              logger: extra,
              task: extra,
              cluster: extra,
              source: extra,
            },
            samples: messages.map((message) => ({ ts: T0, service, level: 'error', message })),
          },
        ),
      );

    fc.assert(
      fc.property(alert, (made) => {
        const { text, blocks } = alertMessage(made);
        expect(blocks.length).toBeLessThanOrEqual(slack.maxBlocks);
        let weight = 0;
        for (const block of blocks) {
          for (const part of textsOf(block)) {
            weight += part.text.length;
            expectSafe(part.text);
            expect(part.text.length).toBeGreaterThan(0);
          }
          if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(slack.maxHeaderText);
          if (block.type === 'section' && 'text' in block)
            expect(block.text.text.length).toBeLessThanOrEqual(slack.maxSectionText);
          if (block.type === 'section' && 'fields' in block) {
            expect(block.fields.length).toBeLessThanOrEqual(slack.maxSectionFields);
            for (const each of block.fields) expect(each.text.length).toBeLessThanOrEqual(slack.maxFieldText);
          }
        }
        expect(weight).toBeLessThanOrEqual(slack.maxBlocksText);
        expectSafe(text);
        expect(text.length).toBeLessThanOrEqual(slack.advisedText);
      }),
      { numRuns: 100 },
    );
  });
});

function mrkdwnSection(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** No syntax but our own, no broken entity, no broken character, and every fence closed. */
function expectSafe(text: string): void {
  const ours = text
    .replace(/<!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[\dTZ:-]+>/g, '')
    .replace('<https://example.com/?a=1&amp;b=2|Runbook>', '');
  expect(ours).not.toMatch(/[<>]/);
  expect(ours.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
  expect(text).not.toMatch(/\p{Surrogate}/u);
  const fences = text.match(/```/g)?.length ?? 0;
  expect([0, 2]).toContain(fences);
  if (fences === 2) expect(text).toMatch(/^\*[\w ]+\*\n```\n[\s\S]*\n```$/);
}
