import { expect, it } from '@jest/globals';
import { renderRuns } from '../../local/ruleTests/render.js';
import { runRuleTest } from '../../shared/alerts/ruleTests.js';
import { compilePolicy } from '../../shared/config/policy.js';
import type { ParsedRules } from '../../shared/rules/load.js';

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
