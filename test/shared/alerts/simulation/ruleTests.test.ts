import { describe, expect, it } from '@jest/globals';
import { runRuleTest } from '../../../../shared/alerts/simulation/ruleTests.js';
import { parseRules } from '../../../../shared/rules/language/loadRules.js';
import { compilePolicy } from '../../../../shared/treatment/policy.js';

const policy = compilePolicy();

/** Runs the first test of the first rule; its findings in short, and the lines as rules saw them. */
async function run(text: string) {
  const { rules, tests, problems } = await parseRules([{ path: 'rules.yml', text }]);
  expect(problems).toEqual([]);
  const [rule] = rules;
  const [test] = tests.get(rule?.name ?? '') ?? [];
  if (!rule || !test) throw new Error('the file has no rule with a test');
  const { passed, findings, lines } = await runRuleTest(rule, test, rules, { policy });
  const kinds = findings.map(({ kind }) => kind);
  return { passed, kinds, rows: lines.map(({ type, row }) => ({ type, ...row })) };
}

const declined = (given: string, expected: string, settings = '') => `
- name: declined
  where: { message: { contains: declined } }
  severity: warning
  title: "Declined in {service}"
  ${settings}
  tests:
    - name: a test
      given: ${given}
      expect: ${expected}
`;
const twoLines = '[{ at: 10s, service: pay, message: card declined, repeat: 2 }]';

describe('runRuleTest', () => {
  it.each([
    ['[{ at: 10s }]'],
    ['[{ at: 10s, key: pay, count: 2, suppressed: 0, title: Declined in }]'],
    // Up to a minute before: the sweep comes once a minute, and a webhook has its pace.
    ['[{ at: 0s }]'],
  ])('is content with %s', async (expected) => {
    expect(await run(declined(twoLines, expected))).toMatchObject({ passed: true, kinds: ['as expected'] });
  });

  it.each([
    ['[{ at: 11s }]', ['unexpected', 'missing']],
    ['[{ at: 10s, key: cart }]', ['missing', 'unexpected']],
    ['[{ at: 10s, count: 3 }]', ['missing', 'unexpected']],
    ['[{ at: 10s, suppressed: 1 }]', ['missing', 'unexpected']],
    ['[{ at: 10s, title: declined }]', ['missing', 'unexpected']],
    ['[{ at: 10s, kind: resolved }]', ['missing', 'unexpected']],
    ['[{ at: 10s }, { at: 10s }]', ['as expected', 'missing']],
    ['[]', ['unexpected']],
  ])('is not content with %s', async (expected, kinds) => {
    expect(await run(declined(twoLines, expected))).toMatchObject({ passed: false, kinds });
  });

  it('waits no longer than a minute behind the line', async () => {
    const early = declined('[{ at: 61s, service: pay, message: declined }]', '[{ at: 0s }]');
    expect(await run(early)).toMatchObject({ passed: false });
  });

  it('goes on until the last alert that is expected', async () => {
    const expected = '[{ at: 10s }, { at: 30m, kind: resolved }]';
    expect(await run(declined(twoLines, expected, 'resolve_after: 29m'))).toMatchObject({ passed: true });
  });

  it('takes lines of the same time as one invocation, and others as several', async () => {
    const type = 'type: frequency\n  threshold: 5\n  window: 1m';
    const frequent = (every: string, expected: string) =>
      declined(`[{ at: 0s, service: pay, message: declined, repeat: 7${every} }]`, expected, type);
    expect(await run(frequent('', '[{ at: 0s, count: 7 }]'))).toMatchObject({ passed: true });
    expect(await run(frequent(', every: 2s', '[{ at: 8s, count: 5 }]'))).toMatchObject({ passed: true });
    expect(await run(frequent(', every: 20s', '[]'))).toMatchObject({ passed: true });
  });

  it('tests a rule in shadow mode as if it were live', async () => {
    expect(await run(declined(twoLines, '[{ at: 10s }]', 'mode: shadow'))).toMatchObject({ passed: true });
  });

  it('knows the hour: the tests start on a Monday at 09:00 UTC', async () => {
    const muted = 'mute: [{ days: [mon], from: "10:00", to: "11:00", zone: Europe/Berlin }]';
    expect(await run(declined(twoLines, '[]', muted))).toMatchObject({ passed: true });
    const later = '[{ at: 1h, service: pay, message: declined }]';
    expect(await run(declined(later, '[{ at: 1h }]', muted))).toMatchObject({ passed: true });
  });

  it('shows the lines to rules that keep this one silent, and tells nothing of those', async () => {
    const rules = `
- name: any-error
  where: { level: { exists: true } }
  severity: info
  title: Something
  unless_firing: [fatal-line]
  tests:
    - name: stays silent while the other fires
      given:
        - { at: 0s, service: pay, level: fatal }
        - { at: 5s, service: pay, level: error }
        - { at: 5s, service: cart, level: error }
      expect:
        - { at: 5s, key: cart }
- { name: fatal-line, where: { level: fatal }, severity: critical, title: Fatal }
`;
    expect(await run(rules)).toMatchObject({ passed: true, kinds: ['as expected'] });
  });

  it('reads raw lines as the service logs them, at the time that the test says', async () => {
    const given = `
        - { at: 0s, service: pay, line: '{"level":"error","msg":"declined 4111 1111 1111 1111","time":"2020-01-01T00:00:00Z","order":7}' }
        - { at: 30s, service: web, line: '10.0.0.1 - - [22/Nov/2026:16:00:00 +0000] "GET /a?b=c HTTP/1.1" 502 7 "-" "curl/8"' }
        - { at: 40s, service: web, line: "  " }`;
    const { passed, rows } = await run(declined(given, '[{ at: 0s, key: pay, count: 1 }]'));
    expect(rows).toMatchObject([
      { type: 'error', service: 'pay', level: 'error', fields: '{"order":7}', ts: Date.parse('2026-01-05T09:00:00Z') },
      { type: 'access', service: 'web', path: '/a', status: 502, ts: Date.parse('2026-01-05T09:00:30Z') },
    ]);
    expect(rows).toHaveLength(2);
    expect((rows[0] as { message?: string }).message).not.toContain('4111');
    expect(passed).toBe(true);
  });

  it('joins the lines of a raw text as those of a container, once for each time', async () => {
    const given = `
        - at: 0s
          service: pay
          source: stderr
          task: a1
          cluster: shop
          repeat: 2
          every: 1m
          line: |
            java.lang.IllegalStateException: card declined
            \tat com.shop.Pay.charge(Pay.java:42)
            started again`;
    const { rows } = await run(declined(given.replaceAll('\\t', '\t'), '[{ at: 0s, key: pay, count: 1 }]'));
    const origin = { service: 'pay', source: 'stderr', task: 'a1', cluster: 'shop' };
    const trace = { type: 'error', ...origin, message: 'card declined', exception: 'java.lang.IllegalStateException' };
    const after = { type: 'app', ...origin, message: 'started again' };
    expect(rows).toMatchObject([trace, after, trace, after]);
    expect(rows).toHaveLength(4);
  });

  it('gives rows the columns they name, what stands beside them, and the fingerprint of an error', async () => {
    const given = `
        - { at: 0s, type: app, service: pay, message: declined, fields.order.id: 7, fields.vip: true }
        - { at: 1s, service: pay, message: declined for 17 }
        - { at: 2s, service: pay, message: declined for 18 }
        - { at: 3s, service: pay, message: declined, fingerprint: abc }`;
    const { rows } = await run(declined(given, '[]'));
    expect(rows[0]).toMatchObject({ type: 'app', fields: '{"order.id":7,"vip":true}' });
    const fingerprints = rows.map((row) => (row as { fingerprint?: string }).fingerprint);
    expect(fingerprints[0]).toBeUndefined();
    expect(fingerprints[1]).toMatch(/^[\da-f]{16}$/);
    expect(fingerprints[2]).toBe(fingerprints[1]);
    expect(fingerprints[3]).toBe('abc');
  });
});
