import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Block, receiveMessage, type SlackMessage } from '../../../local/slack/message.js';
import { renderHtml, renderPreview } from '../../../local/slack/page.js';
import { renderForTerminal } from '../../../local/slack/render.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';
import { aRule, aSignal, MINUTE, T0 } from '../../helpers/alerts.js';

function received(message: { text?: string; blocks?: readonly unknown[] }, route = 'default'): SlackMessage {
  const result = receiveMessage(JSON.stringify(message), route, T0);
  if ('refusal' in result) throw new Error(result.refusal.detail);
  return result.message;
}

const { labels, first, samples } = aSignal({});
const anAlert = received(
  alertMessage({
    rule: 'a-rule',
    key: 'pay',
    settings: aRule({
      severity: 'critical',
      on: ['error'],
      where: { level: 'fatal' },
      runbook: 'https://example.com/x',
    }),
    notice: {
      kind: 'firing',
      number: 1,
      labels,
      first,
      samples,
      count: 7,
      last: T0 + MINUTE,
      suppressed: 5,
      measured: { type: 'match' },
    },
  }),
);

describe('renderForTerminal', () => {
  it('shows an alert as Slack would', () => {
    expect(renderForTerminal(anAlert, { columns: 72, color: false, timeZone: 'UTC' })).toBe(
      `
┃ 🔴 Something is wrong in pay
┃
┃ critical · service pay
┃ 7 lines in 59s from Nov 22, 2026 4:03:01 PM, 5 of them during the 15m
┃ cooldown
┃
┃ 📖 Runbook (https://example.com/x)
┃
┃ Sample
┃ │ 16:03:01.000 ERROR card declined
┃
┃ These lines in Athena
┃ │ SELECT ts, service, level, message, stack, fields
┃ │ FROM error
┃ │ WHERE dt = '2026-11-22' AND hour = '16'
┃ │   AND arrived >= '2026-11-21-16'
┃ │   AND ts >= timestamp '2026-11-22 16:03:01.000'
┃ │   AND ts <= timestamp '2026-11-22 16:04:00.000'
┃ │   AND service = 'pay'
┃ │   AND level = 'fatal'
┃ │ ORDER BY ts LIMIT 1000
┃ id a-rule/9350872d`.trimStart(),
    );
  });

  it('colours the bar by severity', () => {
    const bar = (text: string) => renderForTerminal(received({ text }), { columns: 80, color: true }).slice(0, 5);
    const colours = ['\u001B[31m', '\u001B[33m', '\u001B[34m', '\u001B[32m', '\u001B[90m'];
    expect(['🔴', '🟠', '🔵', '✅', 'x'].map(bar)).toEqual(colours);
  });

  it('shows a message without blocks, and warns of a mention', () => {
    const lines = renderForTerminal(received({ text: 'hello <!channel>' }), { columns: 80, color: false }).split('\n');
    expect(lines).toEqual(['┃ hello @channel', '┃ ⚠ would notify: <!channel>']);
  });

  it('lets no message steer the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 200 }), (text, columns) => {
        const shown = renderForTerminal(received({ text, blocks: oneOfEach(text) }), { columns, color: false });
        expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('renderHtml', () => {
  it('shows the newest first, as Slack would', () => {
    const html = renderHtml([received({ text: 'older' }), anAlert]);
    expect(html.indexOf('🔴 Something is wrong in pay')).toBeLessThan(html.indexOf('older'));
    expect(html).toContain('<b>critical</b> · service <code>pay</code>');
    expect(html).toContain('<pre>16:03:01.000 ERROR card declined</pre>');
    expect(html).toContain('<a href="https://example.com/x" rel="noreferrer">📖 Runbook</a>');
  });

  it('says that nothing came yet', () => {
    expect(renderHtml([])).toContain('Nothing yet');
  });

  it('leads to the messages of each route, once there are several', () => {
    const messages = [received({ text: 'one' }), received({ text: 'two' }, 'oncall')];
    expect(renderHtml(messages.slice(0, 1))).not.toContain('<nav>');
    expect(renderHtml(messages)).toContain('<a href="/slack/oncall">#oncall <small>1</small></a>');
    const one = renderHtml(messages, 'oncall');
    expect(one).toContain('<a href="/slack/oncall" aria-current="page">');
    expect(one).toContain('two');
    expect(one).not.toContain('>one<');
  });

  it('previews one message, and does not ask for itself again', () => {
    const html = renderPreview(anAlert, 'a <rule>');
    expect(html).toContain('a &lt;rule&gt;');
    expect(html).not.toContain('http-equiv');
  });

  it('makes no link of what is not a web address', () => {
    expect(renderHtml([received({ text: '<javascript:alert(1)|x>' })])).toContain('<u>x</u>');
    const button = { type: 'button', text: { type: 'plain_text', text: 'x' }, url: 'javascript:alert(1)' };
    const html = renderHtml([received({ text: 'x', blocks: [{ type: 'actions', elements: [button] }] })]);
    expect(html).toContain('<span class="button">x</span>');
    expect(html).not.toContain('javascript:');
  });

  it('lets no message become markup', () => {
    const unit = fc.oneof(
      fc.constantFrom('<', '>', '"', "'", '&', '&lt;', '<script>', '<https://a|', '*', '`', '```', '\n'),
      fc.string({ minLength: 1, maxLength: 2 }),
    );
    const ours = renderHtml([]).match(/<[a-z][a-z0-9]*/g) ?? [];
    const known = new Set([
      ...ours,
      '<article',
      '<div',
      '<p',
      '<b',
      '<i',
      '<s',
      '<u',
      '<span',
      '<time',
      '<h2',
      '<hr',
      '<pre',
      '<code',
      '<a',
      '<br',
      '<mark',
    ]);
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1 }), (text) => {
        const html = renderHtml([received({ text, blocks: oneOfEach(text) })]);
        for (const tag of html.match(/<[a-z!][a-z0-9]*/gi) ?? [])
          expect(known.has(tag) || tag === '<!doctype').toBe(true);
        expect(html).not.toMatch(/<[^>]* on[a-z]+=/);
      }),
    );
  });
});

function oneOfEach(text: string): Block[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: text.slice(0, 150) } },
    { type: 'section', text: { type: 'mrkdwn', text }, fields: [{ type: 'mrkdwn', text }] },
    { type: 'divider' },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          text: { type: 'plain_text', text: text.slice(0, 75) },
          url: `https://a/${encodeURIComponent(text.toWellFormed()).slice(0, 999)}`,
        },
      ],
    },
    { type: 'context', elements: [{ type: 'plain_text', text }] },
  ];
}
