import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';
import type { Problem } from '../../shared/yaml/source.js';
import { rulesArgument } from './options.js';
import { backtestCommand } from './rules/backtest.js';
import { diffCommand } from './rules/diff.js';
import { listCommand } from './rules/list.js';
import { testCommand } from './rules/test.js';

/** `firesplit rules`: looks after the alert rules. */
export function rulesCommand(program: Command): void {
  const rules = program.command('rules').description('look after the alert rules');
  rules
    .command('check')
    .description('validate rule files; exits with 1 when there is anything wrong')
    .addArgument(rulesArgument())
    .option('--json', 'print {"rules": [names], "problems": [{path, line, column, message}]}')
    .action(check);
  testCommand(rules);
  backtestCommand(rules);
  diffCommand(rules);
  listCommand(rules);
}

async function check(dir: string, { json }: { json?: boolean }): Promise<void> {
  if (!(await isFolder(dir))) {
    console.error(`${dir} is not a folder; name the folder that holds the rule files`);
    process.exitCode = 1;
    return;
  }
  const files = await readRuleFiles(dir);
  const { rules, problems } = await parseRules(files);
  if (problems.length > 0) process.exitCode = 1;

  if (json) {
    console.log(JSON.stringify({ rules: rules.map(({ name }) => name), problems }));
    return;
  }
  for (const problem of problems) console.log(describe(problem));
  const summary = `${count(rules.length, 'rule')} in ${count(files.length, 'file')}`;
  if (problems.length === 0) console.log(`${pc.green('✓')} ${summary}, no problems`);
  else console.log(`${pc.red('✗')} ${count(problems.length, 'problem')} in ${dir}`);
}

function describe({ path, line, column, message }: Problem): string {
  return `${pc.cyan(`${path}:${line}:${column}`)} ${message}`;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
