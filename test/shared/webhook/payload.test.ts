import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Notice } from '../../../shared/alerts/state/alertState.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { type WebhookPayload, webhookPayload } from '../../../shared/webhook/payload.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';
import { aDigestPost, anAlertPost } from '../../helpers/posts.js';

const idOf = (post: Parameters<typeof webhookPayload>[0]) => webhookPayload(post, []).id;

describe('webhookPayload of an alert', () => {
  it('has everything that the notice and the rule say', () => {
    const settings = aRule({
      type: 'frequency',
      threshold: 12,
      window: MINUTE,
      text: 'See {service}.',
      runbook: 'https://example.com/run',
    });
    const notice: Partial<Notice> = {
      ...{ number: 3, count: 37, suppressed: 7, since: T0 - 3_600_000, measured: { type: 'frequency', count: 37 } },
      trend: { unit: 'lines', windows: [1, 2, 4, 37] },
      top: { task: [['t1', 37]] },
    };
    expect(webhookPayload(anAlertPost({ settings, silenceUrl: 'https://example.com/token' }, notice), [])).toEqual({
      version: 1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'firing',
      alert_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      ending: null,
      route: 'oncall',
      rule: 'a-rule',
      key: 'pay',
      labels: { service: 'pay' },
      severity: 'warning',
      title: 'Something is wrong in pay',
      text: 'See pay.',
      measured: '37 lines in 1m, 12 are enough',
      count: 37,
      suppressed: 7,
      suppressed_by: 'cooldown',
      first: '2026-11-22T16:03:01.000Z',
      last: '2026-11-22T16:03:02.000Z',
      late: null,
      samples: [{ time: '2026-11-22T16:03:01.000Z', service: 'pay', level: 'error', message: 'card declined' }],
      runbook: 'https://example.com/run',
      query: expect.stringMatching(/^SELECT ts, service, .*\nORDER BY ts LIMIT 1000$/s),
      silence_url: 'https://example.com/token',
      short_id: 'a-rule/9350872d',
      usual: '2',
      trend: { unit: 'lines', windows: [1, 2, 4, 37] },
      top: { task: [{ value: 't1', count: 37 }] },
      first_seen: '2026-11-22T15:03:00.000Z',
    });
  });

  it('has null where there is nothing to say', () => {
    const settings = aRule({ type: 'absence' });
    const notice = { count: 0, samples: [], measured: { type: 'match' } } as const;
    expect(webhookPayload(anAlertPost({ settings }, notice), [])).toMatchObject({
      text: null,
      measured: null,
      suppressed_by: null,
      samples: [],
      runbook: null,
      query: null,
      silence_url: null,
      short_id: expect.stringMatching(/^a-rule\/[0-9a-f]{8}$/),
      usual: null,
      trend: null,
      top: {},
      first_seen: null,
    });
  });

  it('says what held lines back: the silence', () => {
    const heldBy = { by: 'silence', silence: 's1', why: 'a deployment' } as const;
    const { suppressed, suppressed_by } = { ...webhookPayload(anAlertPost({}, { suppressed: 4, heldBy }), []) } as {
      suppressed?: number;
      suppressed_by?: string;
    };
    expect([suppressed, suppressed_by]).toEqual([4, 'silence']);
  });

  it('gives log text as it is, without the escapes that Slack needs', () => {
    const message = '<!channel> & ```';
    const samples = [{ ts: T0, service: 'pay', message }];
    const settings = aRule({ title: 'New: {message}' });
    expect(webhookPayload(anAlertPost({ settings }, { samples }), [])).toMatchObject({
      title: `New: ${message}`,
      samples: [{ time: '2026-11-22T16:03:00.000Z', service: 'pay', level: null, message }],
    });
  });
});

describe('the ids', () => {
  it('are the same for a repeat that counts more lines', () => {
    expect(idOf(anAlertPost({}, { count: 1 }))).toBe(idOf(anAlertPost({}, { count: 9, last: T0 + MINUTE })));
    expect(idOf(aDigestPost({ lines: 1 }))).toBe(idOf(aDigestPost({ lines: 9 })));
  });

  it('differ by rule, key and number', () => {
    const posts = [
      anAlertPost(),
      anAlertPost({ rule: 'other' }),
      anAlertPost({ key: 'cart' }),
      anAlertPost({}, { number: 2 }),
      aDigestPost(),
      aDigestPost({ number: 2 }),
      { ...aDigestPost(), route: 'team' } as const,
    ];
    expect(new Set(posts.map(idOf)).size).toBe(posts.length);
  });

  it('name the alert by rule and key, whether it fires or is over', () => {
    const alertIdOf = (payload: WebhookPayload) => payload.status !== 'digest' && payload.alert_id;
    const [firing, over, other] = [
      webhookPayload(anAlertPost(), []),
      webhookPayload(anAlertPost({}, { kind: 'resolved', number: 2 }), []),
      webhookPayload(anAlertPost({ key: 'cart' }), []),
    ];
    expect(over.status).toBe('resolved');
    expect(alertIdOf(over)).toBe(alertIdOf(firing));
    expect(alertIdOf(other)).not.toBe(alertIdOf(firing));
  });
});

describe('webhookPayload of a digest', () => {
  const keys = [
    { key: 'pay', lines: 4000, sample: 'card declined' },
    { key: 'cart', lines: 310 },
  ];
  const rules = [
    { rule: 'a-rule', alerts: 12, lines: 4310, keys },
    { rule: 'deleted', alerts: 1, lines: 1, keys: [] },
    { rule: 'over', alerts: 0, lines: 0, keys: [] },
  ];
  const post = aDigestPost({ number: 4, alerts: 13, resolved: 2, lines: 4311, last: T0 + MINUTE, rules });
  const known: readonly Rule[] = [aRule({ severity: 'critical' })];

  it('adds up alerts and lines, by rule', () => {
    expect(webhookPayload(post, known)).toEqual({
      version: 1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'digest',
      route: 'oncall',
      title: '13 alerts, 2 rules, 4,311 lines',
      alerts: 13,
      resolved: 2,
      silent: 0,
      count: 4311,
      first: '2026-11-22T16:03:00.000Z',
      last: '2026-11-22T16:04:00.000Z',
      rules: [
        {
          rule: 'a-rule',
          severity: 'critical',
          alerts: 12,
          count: 4310,
          keys: [
            { key: 'pay', count: 4000, sample: 'card declined' },
            { key: 'cart', count: 310, sample: null },
          ],
        },
        { rule: 'deleted', severity: null, alerts: 1, count: 1, keys: [] },
      ],
      query: expect.stringMatching(/^SELECT service, count\(\*\) AS lines/),
      group: null,
    });
  });

  it('has no query when it knows none of its rules', () => {
    expect(webhookPayload(post, [])).toMatchObject({ query: null });
  });
});

it('has the same keys whatever the alert, and is JSON', () => {
  fc.assert(
    fc.property(
      fc.record({ count: fc.nat(), suppressed: fc.nat(), kind: fc.constantFrom('firing', 'resolved') }),
      fc.string(),
      fc.option(fc.string(), { nil: undefined }),
      (notice, title, text) => {
        const settings = aRule({ title, ...(text === undefined ? {} : { text }) });
        const payload = webhookPayload(anAlertPost({ settings }, notice as { kind: 'firing' }), []);
        expect(Object.keys(payload)).toEqual(Object.keys(webhookPayload(anAlertPost(), [])));
        expect(JSON.parse(JSON.stringify(payload))).toEqual(payload);
      },
    ),
  );
});

describe('webhookPayload of a group', () => {
  const member = {
    ...({ rule: 'a-rule', key: 'pay', severity: 'critical', title: 'pay is down', measured: '37 lines' } as const),
    ...{ lines: 37, first: T0, last: T0 + MINUTE, sample: 'card declined' },
  };
  const over = { ...member, key: 'cart', title: 'cart is down', over: true } as const;
  const group = { key: 'pay', labels: { team: 'pay' }, began: T0, firing: 4, earlier: [] };
  const post = aDigestPost({ alerts: 1, members: [member, over], group: { ...group, earlier: [over] } });

  it('names the alerts, as the payloads of single ones do', () => {
    const payload = webhookPayload(post, [aRule({ runbook: 'https://example.com/run' })]);
    const shown = {
      alert_id: (webhookPayload(anAlertPost(), []) as { alert_id?: string }).alert_id,
      ...{ status: 'firing', rule: 'a-rule', key: 'pay', severity: 'critical', title: 'pay is down' },
      ...{ measured: '37 lines', count: 37, first: '2026-11-22T16:03:00.000Z', last: '2026-11-22T16:04:00.000Z' },
      ...{ sample: 'card declined', runbook: 'https://example.com/run', silence_url: null },
    };
    const cart = { ...shown, alert_id: expect.any(String), status: 'resolved', key: 'cart', title: 'cart is down' };
    expect(payload).toMatchObject({
      status: 'digest',
      title: 'pay is down',
      group: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        labels: { team: 'pay' },
        firing: 4,
        alerts: [shown, cart],
        earlier: [cart],
      },
    });
  });

  it('has an id of its own, not that of a digest of the same number', () => {
    const other = aDigestPost({ members: [member], group: { ...group, key: 'cart' } });
    expect(new Set([post, other, aDigestPost()].map(idOf)).size).toBe(3);
  });
});

describe('docs/webhook.md', () => {
  /** The names in the first column of the table under a heading. */
  async function documented(heading: string): Promise<string[]> {
    const page = await readFile('docs/webhook.md', 'utf8');
    const section = page.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
    return [...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name = '']) => name);
  }

  it.each([
    ['An alert', anAlertPost()],
    ['A digest', aDigestPost()],
  ])('describes each key under "%s", in their order', async (heading, post) => {
    expect(await documented(heading)).toEqual(Object.keys(webhookPayload(post, [])));
  });
});
