import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ending } from '../../../shared/alerts/state/alertState.js';
import { sns } from '../../../shared/limits.js';
import { emailOf } from '../../../shared/webhook/email.js';
import { aRule, T0 } from '../../helpers/alerts.js';
import { aDigestPost, anAlertPost } from '../../helpers/posts.js';

const rules = [aRule({ runbook: 'https://example.com/runbook' })];
const group = { key: '', labels: {}, began: T0, firing: 1, earlier: [] };
const member = { rule: 'a-rule', key: 'pay', severity: 'critical', lines: 3, first: T0, last: T0 } as const;

describe('emailOf', () => {
  it('tells an alert as plain text', () => {
    const samples = [{ ts: T0, service: 'pay', level: 'error', message: 'declined\n  at Card.pay' }] as const;
    const settings = aRule({ title: 'Cards are declined in {service}', severity: 'critical', text: 'Ask the bank.' });
    const post = anAlertPost(
      { settings: { ...settings, runbook: 'https://example.com/runbook' }, silenceUrl: 'https://example.com/silence' },
      { samples: [...samples], count: 4, suppressed: 1 },
    );
    const { subject, message } = emailOf(post, rules);
    expect(subject).toBe('[CRITICAL] Cards are declined in pay');
    expect(message).toMatch(
      /^Cards are declined in pay\n\nAsk the bank\.\n\ncritical, service pay\n4 lines, 1 line of them held/,
    );
    for (const part of [
      '  2026-11-22T16:03:00.000Z ERROR declined\n    at Card.pay',
      'Runbook: https://example.com/runbook\nSilence: https://example.com/silence',
      'These lines in Athena:\n  SELECT',
    ]) {
      expect(message).toContain(part);
    }
  });

  it('tells that an alert is over', () => {
    const { subject, message } = emailOf(anAlertPost({}, { kind: 'resolved', count: 0, last: T0 + 90_000 }), rules);
    expect(subject).toMatch(/^\[OVER\] /);
    expect(message).toContain('it lasted 1m');
  });

  it('tells a digest and a group', () => {
    const digest = emailOf(aDigestPost(), rules);
    expect(digest.subject).toBe('[WARNING] 12 alerts, 1 rule, 4,310 lines');
    expect(digest.message).toContain('a-rule: 12 alerts, 4,310 lines');
    const told = emailOf(
      aDigestPost({
        alerts: 12,
        resolved: 1,
        rules: [{ rule: 'a-rule', severity: 'critical', alerts: 12, lines: 4310, keys: [] }],
        group: {
          key: '',
          labels: {},
          began: T0,
          firing: 11,
          earlier: [{ ...member, key: 'web', title: 'web is down' }],
        },
        members: [
          { ...member, title: 'pay is down', sample: 'refused' },
          { ...member, key: 'cart', title: 'cart is down', over: true },
        ],
      }),
      rules,
    );
    expect(told.subject).toBe('[CRITICAL] 12 alerts: pay is down');
    for (const part of [
      'CRITICAL: pay is down\n3 lines',
      'Over: cart is down',
      'and 11 more alerts',
      'Told before, and still firing:\n  web is down',
      'Runbooks:\n  a-rule: https://example.com/runbook',
    ]) {
      expect(told.message).toContain(part);
    }
    expect(emailOf(aDigestPost({ alerts: 0, resolved: 3 }), rules).subject).toBe('[OVER] 3 alerts are over');
  });

  it('does not say of what fell silent, or was given up, that it is over', () => {
    const said = (ending: Ending) => {
      const rest = { alerts: 0, resolved: 0, silent: 1, lines: 0 };
      const members = [{ ...member, title: 'cart is down', over: true, ending }] as const;
      return [
        emailOf(anAlertPost({}, { kind: 'resolved', count: 0, ending }), rules),
        emailOf(aDigestPost({ ...rest, group: { ...group, firing: 0 }, members }), rules),
        emailOf(aDigestPost({ ...rest, group: { ...group, firing: 1 }, members, resolved: 2 }), rules),
      ];
    };
    const [silent, silentGroup, mixed] = said({ as: 'silent', since: T0 });
    expect(silent?.subject).toMatch(/^\[SILENT\] /);
    expect(silentGroup?.subject).toBe('[SILENT] Silent: cart is down');
    expect(silentGroup?.message).toContain(
      'Silent: cart is down\nnothing at all was logged since 2026-11-22T16:03:00Z',
    );
    expect(mixed?.subject).toBe('[SILENT] 2 alerts are over, 1 alert fell silent');
    const [givenUp, givenUpGroup] = said({ as: 'given up', since: T0 });
    expect(givenUp?.subject).toMatch(/^\[GIVEN UP\] /);
    expect(givenUpGroup?.subject).toBe('[GIVEN UP] Given up: cart is down');
    for (const { subject, message } of [silent, silentGroup, givenUp, givenUpGroup].flatMap((each) => each ?? [])) {
      expect(`${subject}\n${message}`).not.toMatch(/Over:|\[OVER\]|(?<!whether it )is over|are over/);
    }
    expect(emailOf(aDigestPost({ alerts: 0, resolved: 0, silent: 3 }), rules).subject).toBe(
      '[SILENT] 3 alerts fell silent',
    );
  });

  it('says of the alerts of a group which lines came late', () => {
    const late = { count: 3, behind: 31 * 60_000 };
    const { message } = emailOf(aDigestPost({ group, members: [{ ...member, title: 'pay is down', late }] }), rules);
    expect(message).toContain('CRITICAL: pay is down\n3 lines\nlate: these 3 lines arrived 31m behind\nsince');
  });

  it('has a subject that SNS takes and a message that it has room for, whatever a line says', () => {
    expect(emailOf(anAlertPost({ settings: aRule({ title: '“Zürich”\n→ naïve\u0007' }) }), rules).subject).toBe(
      '[WARNING] "Zurich" ? naive',
    );
    const text = fc.string({ unit: 'binary', maxLength: 5000 });
    fc.assert(
      fc.property(text, text, fc.boolean(), (title, message, isLong) => {
        const samples = [{ ts: T0, service: 'pay', message: isLong ? message.padEnd(140_000, 'é') : message }];
        const email = emailOf(anAlertPost({ settings: aRule({ title, text: message }) }, { samples }), rules);
        expect(email.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]*$/);
        expect(email.subject.length).toBeLessThanOrEqual(sns.maxSubject);
        expect(Buffer.byteLength(email.message)).toBeLessThanOrEqual(sns.maxMessageBytes);
        expect(email.message).not.toMatch(/[^\P{Cc}\n\t]|\p{Surrogate}/u);
        expect(() => encodeURIComponent(email.message)).not.toThrow();
      }),
      { numRuns: 30 },
    );
  });
});
