import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GroupDigest } from '../../../shared/alerts/groups/groupTitle.js';
import type { GroupMember } from '../../../shared/alerts/ports.js';
import { shortId } from '../../../shared/alerts/state/ids.js';
import { groupMessage } from '../../../shared/slack/groupMessage.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { expectSlackTakes, nastyText } from '../../helpers/slackMessages.js';

const web: GroupMember = {
  rule: 'http-5xx',
  key: 'web',
  severity: 'critical',
  title: 'web answers with errors',
  measured: '12.5 % (50 of 400 lines) in 5m, above 5 %',
  lines: 50,
  first: T0,
  last: T0 + MINUTE,
  sample: 'POST /api/`orders` 502',
};
const cart: GroupMember = {
  ...({ rule: 'slow', key: 'cart', severity: 'warning', title: 'cart <!channel> is slow' } as const),
  ...{ lines: 7, first: T0 + 2000, last: T0 + 3000 },
};
const group: GroupDigest = {
  number: 2,
  alerts: 2,
  lines: 57,
  first: T0,
  last: T0 + MINUTE,
  rules: [
    { rule: 'http-5xx', severity: 'critical', alerts: 1, lines: 50, keys: [] },
    { rule: 'slow', severity: 'warning', alerts: 1, lines: 7, keys: [] },
  ],
  members: [web, cart],
  group: { key: 'pay', labels: { team: 'pay' }, began: T0, firing: 2, earlier: [] },
};
const rules = [
  aRule({ name: 'http-5xx', runbook: 'https://example.com/5xx?a=1&b=2', resolveAfter: MINUTE }),
  aRule({ name: 'slow', resolveAfter: MINUTE }),
];

function textsOf(digest: GroupDigest, known = rules): string[] {
  return groupMessage(digest, known).blocks.flatMap((block) => {
    if (block.type === 'context') return block.elements.map(({ text }) => text);
    return block.type === 'actions' || block.text === undefined ? [] : [block.text.text];
  });
}

const since = (time: number) =>
  `since <!date^${time / 1000}^{date_short_pretty} {time_secs}|${new Date(time).toISOString().slice(0, 19)}Z>`;

describe('groupMessage', () => {
  it('has a link for each of the first alerts that can be silenced, and no buttons', () => {
    const links = (silenceUrl?: string) =>
      textsOf({ ...group, members: [{ ...web, silenceUrl }, ...Array(9).fill({ ...cart, silenceUrl })] }).filter(
        (text) => text.includes('🔕'),
      );
    const linked = links('https://example.com/a.b');
    expect(linked).toHaveLength(5);
    expect(linked[0]).toContain('<https://example.com/a.b|🔕 Silence>');
    expect(links()).toEqual([]);
    expect(groupMessage(group, rules).blocks.map(({ type }) => type)).not.toContain('actions');
  });

  it('has the runbook of a rule once, as text where it is a path', () => {
    const known = [aRule({ name: 'http-5xx', runbook: 'docs/5xx.md' })];
    const digest = { ...group, members: [web, { ...web, key: 'shop' }] };
    expect(textsOf(digest, known).filter((text) => text.includes('📖'))).toEqual([
      expect.stringContaining('📖 Runbook: `docs/5xx.md`  ·  id `http-5xx/'),
    ]);
  });

  it('names the alerts that started together, with what each measured, since when, a line and a runbook', () => {
    expect(groupMessage(group, rules).text).toBe('🔴 2 alerts: web answers with errors (2 alerts, 57 lines)');
    expect(textsOf(group)).toEqual([
      '🔴 2 alerts: web answers with errors',
      `They started together, from ${since(T0).slice(6)} on.`,
      [
        '🔴 *web answers with errors*',
        `12.5 % (50 of 400 lines) in 5m, above 5 % · ${since(T0)}`,
        '`POST /api/ˋordersˋ 502`',
        `<https://example.com/5xx?a=1&amp;b=2|📖 Runbook>  ·  id \`${shortId(web)}\``,
      ].join('\n'),
      ['🟠 *cart &lt;!channel&gt; is slow*', `7 lines · ${since(T0 + 2000)}`, `id \`${shortId(cart)}\``].join('\n'),
      'group · team `pay` · message 2',
    ]);
  });

  it('counts those that it does not name', () => {
    expect(textsOf({ ...group, alerts: 4990 })).toContain('and 4,988 more alerts');
  });

  it('names one more alert by its title, and those that people know by now', () => {
    const digest = { ...group, alerts: 1, members: [cart], group: { ...group.group, firing: 5, earlier: [web] } };
    const texts = textsOf(digest);
    expect(texts[0]).toBe('🟠 cart &lt;!channel&gt; is slow');
    expect(texts).toContain(
      ['*Told before, and still firing*', `🔴 web answers with errors, ${since(T0)}`, 'and 3 more'].join('\n'),
    );
  });

  it('says that all are over, and how long it lasted', () => {
    const over = { ...web, over: true } as const;
    const digest = {
      ...{ ...group, alerts: 0, resolved: 12, lines: 0, members: [over] },
      group: { ...group.group, labels: {}, firing: 0 },
    };
    expect(textsOf(digest)).toEqual([
      '✅ All over: 12 alerts',
      '✅ web answers with errors is over, it lasted 1m\nand 11 more over',
      'It lasted 1m.',
      'group of all alerts that started together · message 2',
    ]);
    expect(textsOf({ ...digest, resolved: 2, group: { ...digest.group, firing: 3 } })[0]).toBe('✅ 2 alerts over');
    expect(textsOf({ ...digest, resolved: 1 })[0]).toBe('✅ Over: web answers with errors');
  });

  it('does not say of what fell silent, or was given up, that it is over', () => {
    const silent = { ...web, over: true, ending: { as: 'silent', since: T0 } } as const;
    const givenUp = { ...cart, over: true, ending: { as: 'given up', since: T0 } } as const;
    const ended = { ...group, alerts: 0, lines: 0, group: { ...group.group, labels: {}, firing: 0 } };
    expect(textsOf({ ...ended, silent: 1, members: [silent] }).slice(0, 2)).toEqual([
      '🔇 Silent: web answers with errors',
      '🔇 Silent: web answers with errors: nothing at all was logged since 2026-11-22T16:03:00Z, so that nobody knows whether it is over',
    ]);
    expect(textsOf({ ...ended, silent: 1, members: [givenUp] }).slice(0, 2)).toEqual([
      '🔇 Given up: cart &lt;!channel&gt; is slow',
      '🔇 Given up: cart &lt;!channel&gt; is slow: nothing came since 2026-11-22T16:03:00Z; it is not missed any more until it logs again',
    ]);
    const mixed = { ...ended, resolved: 4, silent: 3, members: [{ ...web, over: true } as const, silent] };
    expect(groupMessage(mixed, rules).text).toBe('🔇 4 alerts are over, 3 alerts fell silent (4 over, 3 silent)');
    expect(textsOf(mixed).slice(1)).toEqual([
      expect.stringMatching(
        /^✅ web answers with errors is over, it lasted 1m\n🔇 Silent: .*\nand 3 more over, 2 more silent$/,
      ),
      'group of all alerts that started together · message 2',
    ]);
  });

  it('says which lines came late', () => {
    const members = [{ ...web, late: { count: 50, behind: 31 * MINUTE } }, cart];
    const texts = textsOf({ ...group, members });
    expect(texts.filter((text) => text.includes('⏳'))).toEqual([
      expect.stringContaining('\n⏳ late: these 50 lines arrived 31m behind\n'),
    ]);
  });

  it('is one that Slack takes, whatever the logs and rules say, and however many there are', () => {
    const member = fc.record({
      ...{ rule: fc.constant('http-5xx'), key: nastyText, severity: fc.constantFrom('critical', 'info') },
      ...{
        title: nastyText,
        measured: nastyText,
        sample: nastyText,
        silenceUrl: fc.constantFrom(undefined, `https://example.com/${'a'.repeat(380)}`),
      },
      ...{ lines: fc.nat(), first: fc.constant(T0), last: fc.constant(T0 + 1) },
      over: fc.constantFrom(undefined, true),
      ending: fc.constantFrom(undefined, { as: 'silent', since: T0 }, { as: 'given up', since: T0 }),
      late: fc.constantFrom(undefined, { count: 1, behind: 10 * MINUTE }),
    });
    fc.assert(
      fc.property(
        fc.array(member, { maxLength: 10 }),
        fc.array(member, { maxLength: 10 }),
        nastyText,
        (members, earlier, label) => {
          const of = { key: label, labels: { [label]: label, service: label }, began: T0, firing: 40, earlier };
          expectSlackTakes(
            groupMessage({ ...group, alerts: 99, resolved: 99, members, group: of } as GroupDigest, rules),
          );
        },
      ),
    );
    const long = '<'.repeat(5000);
    const worst = { ...web, title: long, measured: long, sample: long };
    const labels = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`${long}${at}`, long]));
    const of = { key: '', labels, began: T0, firing: 40, earlier: Array(10).fill(worst) };
    expectSlackTakes(groupMessage({ ...group, members: Array(10).fill(worst), group: of }, rules));
  });
});
