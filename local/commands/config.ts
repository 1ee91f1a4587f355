import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import type { Config } from '../../shared/config/config.js';
import { formatSamples } from '../../shared/config/formatSamples.js';
import { parseConfig } from '../../shared/config/load.js';
import { unknownMetricRules } from '../../shared/config/metricRules.js';
import { metricsCost } from '../../shared/metrics/cost.js';
import { hashesValues } from '../../shared/redact/rule.js';
import { parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';
import type { Problem, SourceFile } from '../../shared/yaml/source.js';
import { renderSample } from '../formats/renderSample.js';
import { unkeyedHash } from '../stack/settings.js';
import { configArgument, rulesOption } from './options.js';

/** `firesplit config`: looks after infra/firesplit.yml. */
export function configCommand(program: Command): void {
  const config = program.command('config').description('look after the configuration of formats, types and redaction');
  config
    .command('check')
    .description('validate a configuration and run its inline tests; exits with 1 when there is anything wrong')
    .addArgument(configArgument())
    .addOption(rulesOption())
    .option('--json', 'print {"problems": [{path, line, column, message}], "tests": N, "samples": [{name, line, …}]}')
    .action(check);
}

async function check(path: string, { json, rules }: { json?: boolean; rules: string }): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    console.error(`${path} can't be read; name the configuration file`);
    process.exitCode = 1;
    return;
  }
  const parsed = await parseConfig({ path, text });
  const { config } = parsed;
  const problems = parsed.problems.length > 0 ? parsed.problems : await badMetrics({ path, text }, config, rules);
  const tests = (config.formats ?? []).reduce((sum, format) => sum + (format.tests?.length ?? 0), 0);
  const samples = formatSamples(config);
  if (problems.length > 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ problems, tests, samples }));
    return;
  }
  for (const sample of samples) console.log(renderSample(sample));
  if (config.alerts && config.alerts.runbook_base === undefined) console.error(pc.dim(plainRunbooks));
  if (hashesValues(config.redact) && !process.env.REDACT_HASH_KEY) console.error(pc.yellow(unkeyedHash(path)));
  if (config.metrics) {
    const { listed } = metricsCost(config.metrics);
    console.log(
      `metrics of these services and rules: up to $${listed.toFixed(2)} a month in CloudWatch (docs/metrics.md)`,
    );
  }
  for (const problem of problems) {
    console.log(`${pc.cyan(`${problem.path}:${problem.line}:${problem.column}`)} ${problem.message}`);
  }
  if (problems.length === 0) console.log(`${pc.green('✓')} ${path}, no problems, ${count(tests, 'test')} passed`);
  else console.log(`${pc.red('✗')} ${count(problems.length, 'problem')} in ${path}`);
}

/** Whether `metrics` names rules that there are; of rules that can't be read nobody knows. */
async function badMetrics(file: SourceFile, { alerts, metrics }: Config, folder: string): Promise<readonly Problem[]> {
  if (!metrics?.rules) return [];
  const files = await readRuleFiles(folder).catch(() => []);
  const { rules, problems } = await parseRules(files, alerts);
  return files.length === 0 || problems.length > 0 ? [] : unknownMetricRules(file, rules);
}

/** Where the operator's copy of the runbooks can be read, only they know. */
const plainRunbooks = `messages name runbooks by path, such as docs/runbooks/http-5xx.md;
alerts.runbook_base, where your copy of them is, makes links of these`;

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
