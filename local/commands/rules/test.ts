import type { Command } from 'commander';
import { runRuleTest } from '../../../shared/alerts/simulation/ruleTests.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { type RuleRuns, renderRuns, runsAsJson } from '../../ruleTests/render.js';
import { configOption, rulesArgument } from '../options.js';
import { chosenRules, readTriedRules } from './ruleFiles.js';

interface TestOptions {
  readonly rule?: string;
  readonly config: string;
  readonly json?: boolean;
}

/** `firesplit rules test`: runs the tests that rule files hold. */
export function testCommand(rules: Command): void {
  rules
    .command('test')
    .description('run the tests in the rule files; exits with 1 when one fails')
    .addArgument(rulesArgument())
    .option('--rule <name>', 'only the tests of this rule')
    .addOption(configOption())
    .option('--json', 'print {"tests": [{rule, name, path, line, passed, findings}], "untested": [names]}')
    .action(test);
}

async function test(dir: string, options: TestOptions): Promise<void> {
  const { rules, tests, config } = await readTriedRules(dir, options.config);
  const policy = compilePolicy(config);
  const results: RuleRuns[] = [];
  for (const rule of chosenRules(rules, options.rule)) {
    const runs = [];
    for (const each of tests.get(rule.name) ?? []) {
      runs.push(await runRuleTest(rule, each, rules, { policy, alerts: config.alerts }));
    }
    results.push({ rule: rule.name, runs });
  }
  if (results.some(({ runs }) => runs.some(({ passed }) => !passed))) process.exitCode = 1;
  console.log(options.json ? JSON.stringify(runsAsJson(results)) : renderRuns(results));
}
