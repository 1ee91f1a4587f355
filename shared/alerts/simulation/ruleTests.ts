import type { AlertsConfig } from '../../rules/language/alertsConfig.js';
import type { Rule } from '../../rules/language/rule.js';
import { type ExpectedAlert, type RuleTest, testStart } from '../../rules/language/ruleTest.js';
import { compileRules } from '../../rules/matching/match.js';
import type { LinePolicy } from '../../treatment/policy.js';
import { type ReadLine, showLines } from './givenLines.js';
import { type NotifiedAlert, simulate } from './simulate.js';

/** The sweep looks once a minute: what it tells may come this much later than its time, in milliseconds. */
const patience = 60_000;

/** What became of a rule's test. */
export interface TestRun {
  readonly test: RuleTest;
  readonly passed: boolean;
  /** All that was expected and told, by time. */
  readonly findings: readonly Finding[];
  /** The lines as the rules saw them. */
  readonly lines: readonly ReadLine[];
}

export type Finding =
  | { readonly kind: 'as expected'; readonly expected: ExpectedAlert; readonly notified: NotifiedAlert }
  | { readonly kind: 'missing'; readonly expected: ExpectedAlert }
  | { readonly kind: 'unexpected'; readonly notified: NotifiedAlert };

/**
 * Runs a test of a rule: its lines pass by the rule, and by those that keep it silent, on a clock that starts with the
 * test and ends a minute after the last line or expected alert. A rule in shadow mode is tested as if it were live.
 *
 * @param rules all the rules, among them this one
 */
export async function runRuleTest(
  rule: Rule,
  test: RuleTest,
  rules: readonly Rule[],
  { policy, alerts }: { readonly policy: LinePolicy; readonly alerts?: AlertsConfig | undefined },
): Promise<TestRun> {
  const involved = withSilencers([rule], rules).map((each): Rule => ({ ...each, mode: 'live' }));
  const { invocations, lines } = showLines(test.given, testStart, compileRules(involved, { asStream: false }), policy);
  const ends = [...lines.map(({ arrival }) => arrival), ...test.expect.map(({ at }) => testStart + at)];
  const to = ends.reduce((latest, end) => Math.max(latest, end), testStart) + patience;

  const notified: NotifiedAlert[] = [];
  for await (const each of simulate(involved, alerts, invocations, { from: testStart, to })) {
    // A digest repeats what the alerts in it were told of.
    if (each.kind === 'alert' && each.alert.rule === rule.name) notified.push(each);
  }
  const findings = compare(test.expect, notified);
  return { test, passed: findings.every(({ kind }) => kind === 'as expected'), findings, lines };
}

/** Rules and those that they go by, by whatever detour: that keep them silent, or have to fire with them. */
export function withSilencers(chosen: readonly Rule[], rules: readonly Rule[]): Rule[] {
  const involved = new Set(chosen);
  for (const { unlessFiring, onlyIfFiring = [] } of involved) {
    const names = [...unlessFiring, ...onlyIfFiring];
    for (const each of rules) if (names.includes(each.name)) involved.add(each);
  }
  return [...involved];
}

/** Each alert is expected once: the earliest that fits. */
function compare(expected: readonly ExpectedAlert[], notified: readonly NotifiedAlert[]): Finding[] {
  const left = [...notified];
  const findings = expected.map((each): Finding => {
    const at = left.findIndex((candidate) => fits(each, candidate));
    const [found] = at < 0 ? [] : left.splice(at, 1);
    return found ? { kind: 'as expected', expected: each, notified: found } : { kind: 'missing', expected: each };
  });
  const unexpected = left.map((each): Finding => ({ kind: 'unexpected', notified: each }));
  return [...findings, ...unexpected].sort((a, b) => timeOf(a) - timeOf(b));
}

function fits(expected: ExpectedAlert, { at, title, alert }: NotifiedAlert): boolean {
  const { kind, count, suppressed, late } = alert.notice;
  const behind = late && wholeSeconds(late.behind);
  const delay = at - testStart - expected.at;
  return (
    delay >= 0 &&
    delay <= patience &&
    kind === expected.kind &&
    (expected.key ?? alert.key) === alert.key &&
    (expected.count ?? count) === count &&
    (expected.suppressed ?? suppressed) === suppressed &&
    (expected.behind ?? behind) === behind &&
    title.includes(expected.title ?? '')
  );
}

/** As a test writes it. */
function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}

function timeOf(finding: Finding): number {
  return finding.kind === 'missing' ? testStart + finding.expected.at : finding.notified.at;
}
