import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Post } from '../../../shared/alerts/ports.js';
import type { Ending } from '../../../shared/alerts/state/alertState.js';
import { opsgenie, pagerduty, teams } from '../../../shared/limits.js';
import { opsgenieRequests } from '../../../shared/webhook/opsgenie.js';
import { pagerdutyEvents } from '../../../shared/webhook/pagerduty.js';
import { webhookPayload } from '../../../shared/webhook/payload.js';
import { teamsMessage } from '../../../shared/webhook/teams.js';
import { aRule, T0 } from '../../helpers/alerts.js';
import { aDigestPost, anAlertPost } from '../../helpers/posts.js';

const rules = [aRule()];
const over = anAlertPost({}, { kind: 'resolved', count: 0 });
const member = {
  rule: 'a-rule',
  key: 'pay',
  severity: 'critical',
  title: 'pay is down',
  lines: 3,
  first: T0,
  last: T0,
} as const;
const group: Post = aDigestPost({
  group: { key: '', labels: {}, began: 0, firing: 1, earlier: [] },
  members: [
    { ...member, key: 'cart' },
    { ...member, over: true },
  ],
});

describe('PagerDuty', () => {
  it('gets a trigger and a resolve of one key, whether an alert is told alone or in its group', () => {
    const [trigger] = pagerdutyEvents(anAlertPost(), rules);
    const [resolve] = pagerdutyEvents(over, rules);
    expect(trigger).toMatchObject({ event_action: 'trigger', payload: { severity: 'warning', source: 'pay' } });
    expect(resolve).toEqual({ event_action: 'resolve', dedup_key: trigger?.dedup_key });
    expect(pagerdutyEvents(group, rules)).toMatchObject([
      { event_action: 'trigger', payload: { summary: 'pay is down', severity: 'critical' } },
      { event_action: 'resolve', dedup_key: trigger?.dedup_key },
    ]);
  });

  it('gets one trigger for a digest, and nothing when all of it is over', () => {
    expect(pagerdutyEvents(aDigestPost(), rules)).toMatchObject([{ event_action: 'trigger' }]);
    expect(pagerdutyEvents(aDigestPost({ alerts: 0, resolved: 3 }), rules)).toEqual([]);
  });
});

describe('Opsgenie', () => {
  it('gets an alert, and closes it by its alias', () => {
    const [create] = opsgenieRequests(anAlertPost(), rules);
    expect(create).toMatchObject({ path: '', body: { priority: 'P3', entity: 'pay' } });
    expect(opsgenieRequests(over, rules)[0]?.path).toBe(`/${create?.body.alias}/close?identifierType=alias`);
  });
});

describe('what ended without being known to be over', () => {
  const silent = { as: 'silent', since: T0 } as const;
  const givenUp = { as: 'given up', since: T0 } as const;
  const alone = (ending?: Ending) => anAlertPost({}, { kind: 'resolved', count: 0, ...(ending ? { ending } : {}) });
  const inGroup = (ending?: Ending) =>
    aDigestPost({
      ...{ alerts: 0, ...(ending ? { silent: 1 } : { resolved: 1 }) },
      group: { key: '', labels: {}, began: 0, firing: 0, earlier: [] },
      members: [{ ...member, over: true, ...(ending ? { ending } : {}) }],
    });
  const why = {
    silent: 'nothing at all was logged since 2026-11-22T16:03:00Z, so that nobody knows whether it is over',
    'given up': 'nothing came since 2026-11-22T16:03:00Z; it is not missed any more until it logs again',
  };

  it.each([
    ['Silent', silent],
    ['Given up', givenUp],
  ] as const)('is told as %s to each service, alone or in a group', (word, ending) => {
    for (const [post, title] of [
      [alone(ending), 'Something is wrong in pay'],
      [inGroup(ending), 'pay is down'],
    ] as const) {
      expect(pagerdutyEvents(post, rules)).toMatchObject([
        {
          event_action: 'resolve',
          payload: { summary: `${word}: ${title}`, custom_details: { ending: why[ending.as] } },
        },
      ]);
      expect(opsgenieRequests(post, rules)[0]?.body.note).toBe(`${word}: ${title}: ${why[ending.as]}`);
      const card = JSON.stringify(teamsMessage(post, rules));
      expect(card).toContain(`🔇 ${word} ${title}`);
      expect(card).toContain(why[ending.as]);
      expect(card).not.toMatch(/✅|Over/);
    }
    expect(webhookPayload(alone(ending), rules)).toMatchObject({ status: 'resolved', ending: ending.as });
    expect(webhookPayload(inGroup(ending), rules)).toMatchObject({
      ...{ resolved: 0, silent: 1, title: `${word}: pay is down` },
      group: { alerts: [{ status: 'resolved', ending: ending.as }] },
    });
  });

  it('is told as over when it is', () => {
    for (const post of [alone(), inGroup()]) {
      expect(opsgenieRequests(post, rules)[0]?.body.note).not.toContain(':');
      expect(JSON.stringify(teamsMessage(post, rules))).toContain('✅ Over');
    }
    expect(webhookPayload(inGroup(), rules)).toMatchObject({ group: { alerts: [{ ending: 'over', late: null }] } });
  });

  it('fits what Opsgenie takes, however long its title is', () => {
    const settings = aRule({ title: 'é'.repeat(30_000) });
    const post = anAlertPost({ settings }, { kind: 'resolved', count: 0, ending: silent });
    const note = String(opsgenieRequests(post, rules)[0]?.body.note);
    expect(note.length).toBeLessThanOrEqual(opsgenie.maxDescription);
  });
});

describe('lines that came late', () => {
  const late = { count: 1, behind: 31 * 60_000 };
  const words = /late: .* 31m behind/;

  it('are called so by each service, of an alert alone or in a group', () => {
    const posts = [
      anAlertPost({}, { late }),
      aDigestPost({
        group: { key: '', labels: {}, began: 0, firing: 1, earlier: [] },
        members: [{ ...member, lines: 1, late }],
      }),
    ];
    for (const post of posts) {
      expect(pagerdutyEvents(post, rules)[0]?.payload?.custom_details.late).toMatch(words);
      expect(opsgenieRequests(post, rules)[0]?.body.description).toMatch(words);
      expect(JSON.stringify(teamsMessage(post, rules))).toMatch(words);
    }
    const payload = { late: { count: 1, behind_seconds: 1860 } };
    expect(posts.map((post) => webhookPayload(post, rules))).toMatchObject([payload, { group: { alerts: [payload] } }]);
    expect(pagerdutyEvents(anAlertPost(), rules)[0]?.payload?.custom_details.late).toBeUndefined();
  });
});

describe('any alert', () => {
  it('fits what each service takes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30_000 });
    fc.assert(
      fc.property(text, text, (title, message) => {
        const samples = Array.from({ length: 3 }, () => ({ ts: T0, service: 'pay', message }));
        const post = anAlertPost({ settings: aRule({ title, text: message }) }, { samples });
        const [event] = pagerdutyEvents(post, rules);
        expect(event?.payload?.summary.length).toBeLessThanOrEqual(pagerduty.maxSummary);
        expect(event?.dedup_key.length).toBeLessThanOrEqual(pagerduty.maxDedupKey);
        const body = opsgenieRequests(post, rules)[0]?.body ?? {};
        expect(String(body.message).length).toBeLessThanOrEqual(opsgenie.maxMessage);
        expect(String(body.description).length).toBeLessThanOrEqual(opsgenie.maxDescription);
        expect(Buffer.byteLength(JSON.stringify(teamsMessage(post, rules)))).toBeLessThanOrEqual(teams.maxMessageBytes);
      }),
      { numRuns: 100 },
    );
  });
});
