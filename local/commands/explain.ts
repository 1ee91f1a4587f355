import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import pc from 'picocolors';
import { explain } from '../../shared/explain/explain.js';
import { hashesValues } from '../../shared/redact/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { renderExplanation } from '../explain/render.js';
import { unkeyedHash } from '../stack/settings.js';
import { configOption, rulesOption } from './options.js';
import { readTriedRules } from './rules/ruleFiles.js';

interface ExplainCommandOptions {
  readonly service: string;
  readonly source: string;
  readonly config: string;
  readonly rules: string;
  readonly json?: boolean;
}

/** `firesplit explain`: what becomes of a line, and why. */
export function explainCommand(program: Command): void {
  program
    .command('explain')
    .description('tell what becomes of a log line and why: format, columns, redaction, partition, alert rules')
    .argument('[line]', 'a log line or a record of its collector; from standard input when absent or -')
    .option('--service <name>', 'the container that wrote it', 'app')
    .option('--source <stream>', 'stdout or stderr', 'stdout')
    .addOption(configOption())
    .addOption(rulesOption())
    .option('--json', 'print {"entries": [{format, type, columns, fields, redacted, …}], "blankLines"}')
    .action(run);
}

async function run(given: string | undefined, options: ExplainCommandOptions): Promise<void> {
  const { service, source } = options;
  const { rules, config } = await readTriedRules(options.rules, options.config);
  const lines = given === undefined || given === '-' ? await standardInput() : given;
  if (hashesValues(config.redact) && !process.env.REDACT_HASH_KEY)
    console.error(pc.yellow(unkeyedHash(options.config)));
  const policy = compilePolicy(config, process.env.REDACT_HASH_KEY || undefined);
  const explanation = explain(
    lines,
    { service, source, arrival: Date.now() },
    policy,
    compileRules(rules, { asStream: false }),
  );
  console.log(options.json ? JSON.stringify(explanation) : renderExplanation(explanation));
}

/** Whoever types lines is told how to end. */
async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) console.error('Paste the lines, then press Ctrl+D on a line of its own.');
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}
