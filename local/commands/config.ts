import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { formatSamples } from '../../shared/config/formatSamples.js';
import { parseConfig } from '../../shared/config/load.js';
import { metricsCost } from '../../shared/metrics/cost.js';
import { hashesValues } from '../../shared/redact/rule.js';
import { renderSample } from '../formats/renderSample.js';
import { unkeyedHash } from '../stack/settings.js';
import { configArgument } from './options.js';

/** `firesplit config`: looks after infra/firesplit.yml. */
export function configCommand(program: Command): void {
  const config = program.command('config').description('look after the configuration of formats, types and redaction');
  config
    .command('check')
    .description('validate a configuration and run its inline tests; exits with 1 when there is anything wrong')
    .addArgument(configArgument())
    .option('--json', 'print {"problems": [{path, line, column, message}], "tests": N, "samples": [{name, line, …}]}')
    .action(check);
}

async function check(path: string, { json }: { json?: boolean }): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    console.error(`${path} can't be read; name the configuration file`);
    process.exitCode = 1;
    return;
  }
  const { config, problems } = await parseConfig({ path, text });
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

/** Where the operator's copy of the runbooks can be read, only they know. */
const plainRunbooks = `messages name runbooks by path, such as docs/runbooks/http-5xx.md;
alerts.runbook_base, where your copy of them is, makes links of these`;

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
