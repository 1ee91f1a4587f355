import { describe, expect, it } from '@jest/globals';
import { operationsRules } from '../../../shared/alerts/operations.js';
import type { Alert, Post } from '../../../shared/alerts/ports.js';
import type { CostedGroup, LineCosts } from '../../../shared/cost/lineCosts.js';
import { weeklyFailure, weeklyMessage } from '../../../shared/cost/weeklyMessage.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';
import { emailOf } from '../../../shared/webhook/email.js';
import { webhookPayload } from '../../../shared/webhook/payload.js';

/** A Monday, when it is told. */
const T = Date.parse('2026-11-30T08:00:00Z');
const DAY = 86_400_000;

const group = (service: string, dollarsPerDay: number, more: Partial<CostedGroup> = {}): CostedGroup => ({
  ...{ type: 'access', service, lines: 1000, bytes: 1, dollarsPerDay },
  ...more,
});

const costs = (messages: readonly CostedGroup[]): LineCosts => ({
  hours: 168,
  dollarsPerDay: 5.5,
  services: [group('web', 4, { lines: 2_000_000 }), group('pay', 1.5, { type: 'app' })],
  messages,
});
const assets = group('web', 3, { template: 'GET /assets/#' });
const debug = group('pay', 1.2, { type: 'app', template: 'cache hit for #' });

const [rule] = operationsRules({ weekly_cost_route: 'money', runbook_base: 'https://example.com/' }).slice(-1);

function alertOf(batch: SignalBatch | undefined): Alert {
  const [signal] = batch?.signals ?? [];
  if (!signal || !rule) throw new Error('nothing is told');
  const { key, labels, count, first, last, samples } = signal;
  expect(signal.rule).toBe(rule.name);
  const span = { labels, count, first, last, samples };
  const notice = { kind: 'firing', number: 1, suppressed: 0, measured: { type: 'match' }, ...span } as const;
  return { rule: rule.name, key, settings: rule, notice };
}

const slackOf = (batch: SignalBatch | undefined) => JSON.stringify(alertMessage(alertOf(batch)));

describe('the message about a week', () => {
  it('says what a day costs, by service and by message, and links the page', () => {
    const told = slackOf(weeklyMessage(costs([assets, debug]), T));
    expect(told).toContain('Stored lines cost $5.50 a day');
    expect(told).toContain('2,001,000 lines in 7d');
    expect(told).toContain('By service, dollars a day and lines in 7d:');
    expect(told).toContain('$4.00  web, access, 2,000,000 lines');
    expect(told).toContain('$1.50  pay, app');
    expect(told).toContain('$1.20  pay app cache hit for #');
    expect(told).toContain('<https://example.com/docs/cost.md#every-week|');
    expect(told).not.toContain('late:');
    expect(told).not.toContain('SELECT');
  });

  it('has the same in the messages of other destinations', () => {
    const post: Post = { kind: 'alert', route: 'money', alert: alertOf(weeklyMessage(costs([assets]), T)) };
    expect(JSON.stringify(webhookPayload(post, []))).toContain('$4.00  web, access');
    expect(JSON.stringify(emailOf(post, []))).toContain('$4.00  web, access');
  });

  it('brings the rule that samples the dearest requests', () => {
    const told = slackOf(weeklyMessage(costs([assets, debug]), T));
    expect(told).toContain('To keep one in ten of \\"web GET /assets/#\\"');
    expect(told).toContain("method: 'GET', path: { regex: '^/assets/[0-9]+$' }");
    expect(told).not.toContain('only');
  });

  it('says of other lines that their service alone can log less', () => {
    const told = slackOf(weeklyMessage(costs([debug, assets]), T));
    expect(told).toContain('\\"pay app cache hit for #\\": only pay can log less of it');
    expect(told).toContain('To keep one in ten of \\"web GET /assets/#\\"');
  });

  it('names as many services and messages as a sample has room for', () => {
    const many = Array.from({ length: 30 }, (_, i) => group(`s${i}`, 1, { template: `GET /${'x'.repeat(200)}` }));
    const batch = weeklyMessage({ ...costs(many), services: many }, T);
    const [services, messages] = batch?.signals[0]?.samples ?? [];
    expect(services?.message).toMatch(/and 24 more$/);
    expect(messages?.message.length).toBeLessThan(800);
  });

  it('is none when no lines came', () => {
    expect(weeklyMessage({ hours: 168, dollarsPerDay: 0, services: [], messages: [] }, T)).toBeUndefined();
  });

  it('has the same id from Monday to Sunday, as has that of a failure, and the next one another', () => {
    const idAt = (time: number) => weeklyMessage(costs([]), time)?.id;
    const monday = Date.parse('2026-11-30T00:00:00Z');
    expect(idAt(monday)).toBe(idAt(monday + 7 * DAY - 1));
    // That they could not be counted is told once as well, and keeps nobody from hearing of them when they can.
    expect(weeklyFailure('no', monday).id).toBe(weeklyFailure('never', monday + DAY).id);
    expect(weeklyFailure('no', monday).id).not.toBe(idAt(monday));
    expect(idAt(monday - 1)).not.toBe(idAt(monday));
    expect(idAt(monday + 7 * DAY)).not.toBe(idAt(monday));
  });

  it('says why when nobody could find out', () => {
    expect(slackOf(weeklyFailure('Access Denied', T))).toMatch(/cost \(unknown.*Access Denied/);
  });
});

it('goes to its route, and to nobody while none is named', () => {
  expect(rule?.route).toBe('money');
  expect(operationsRules({}).map(({ name }) => name)).not.toContain(rule?.name);
});
