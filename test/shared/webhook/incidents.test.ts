import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Post } from '../../../shared/alerts/ports.js';
import { opsgenie, pagerduty, teams } from '../../../shared/limits.js';
import { opsgenieRequests } from '../../../shared/webhook/opsgenie.js';
import { pagerdutyEvents } from '../../../shared/webhook/pagerduty.js';
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
