import { expect, it } from '@jest/globals';
import { renderRuns } from '../../local/ruleTests/render.js';
import { runRuleTest } from '../../shared/alerts/simulation/ruleTests.js';
import type { ParsedRules } from '../../shared/rules/language/loadRules.js';
import { compilePolicy } from '../../shared/treatment/policy.js';

const policy = compilePolicy();

/** Registers the tests that rule files hold, as `firesplit rules test` runs them. */
export function itPassesTestsOf({ rules, tests, problems }: ParsedRules): void {
  it('has no problems', () => expect(problems).toEqual([]));
  for (const rule of rules) {
    for (const test of tests.get(rule.name) ?? []) {
      it(`${rule.name}: ${test.name}`, async () => {
        const run = await runRuleTest(rule, test, rules, { policy });
        // The whole comparison, which says more than that it failed.
        expect(run.passed ? '' : renderRuns([{ rule: rule.name, runs: [run] }])).toBe('');
      });
    }
  }
}
