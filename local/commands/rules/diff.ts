import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { backtestAll, type Tried } from '../../backtest/backtest.js';
import { alertsOf, differencesOf } from '../../backtest/difference.js';
import {
  differenceAsJson,
  differenceAsMarkdown,
  type RulesDifference,
  renderDifference,
} from '../../backtest/differencePage.js';
import { parsePeriod } from '../../backtest/period.js';
import { type RulesSince, rulesSince } from '../../backtest/since.js';
import { untilStopped } from '../../terminal/untilStopped.js';
import { configOption, dataOption, rulesArgument } from '../options.js';
import { durationOf, openBuckets } from '../storedLogs.js';
import { nothingRead, progressBar } from './backtest.js';
import { readTriedRules } from './ruleFiles.js';

interface DiffOptions {
  readonly since: string;
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly s3?: string;
  readonly learn: string;
  readonly late: string;
  readonly config: string;
  readonly format: 'table' | 'markdown' | 'json';
}

/** `firesplit rules diff`: what changed rules would have told, beside those of an earlier commit. */
export function diffCommand(rules: Command): void {
  rules
    .command('diff')
    .description('show what changed rules would have told of stored lines, and what those of before; sends nothing')
    .addArgument(rulesArgument())
    .option('--since <commit>', 'the rules and configuration of before: a branch, tag or commit', 'main')
    .option('--from <time>', 'where to begin, as for backtest', '-7d')
    .option('--to <time>', 'where to end, written alike', 'now')
    .option('--learn <duration>', 'remember this much from before, so that not all keys are new', '0s')
    .option('--late <duration>', 'lines that arrived up to this long after their event count at their own time', '1h')
    .addOption(dataOption())
    .option('--s3 <bucket>', 'read this bucket instead, with your AWS credentials')
    .addOption(configOption())
    .addOption(
      new Option('--format <format>', 'markdown is a comment for a pull request')
        .choices(['table', 'markdown', 'json'])
        .default('table'),
    )
    .action(run);
}

async function run(dir: string, options: DiffOptions): Promise<void> {
  const period = parsePeriod(options, Date.now());
  const now = await readTriedRules(dir, options.config);
  const before = await rulesSince(options.since, dir, options.config);
  if (before.rules.length === 0)
    console.error(pc.yellow(`${options.since} has no rules in ${dir}: all count as added`));
  const [learn, late] = [durationOf('--learn', options.learn), durationOf('--late', options.late)];
  await untilStopped(async (signal) => {
    const { buckets, close } = await openBuckets(options, signal);
    const bar = progressBar();
    const stored = { buckets, period, learn, late, progress: bar.update, signal };
    try {
      const [old, result] = await backtestAll([tried(before), tried(now)], stored);
      bar.stop();
      const difference: RulesDifference = {
        ...{ period, since: options.since, commit: before.commit, rows: result.read.rows },
        ...{ alertsBefore: alertsOf(old.rules), alertsAfter: alertsOf(result.rules) },
        rules: differencesOf(old.rules, result.rules),
      };
      console.log(rendered(difference, options.format));
      if (result.read.rows + result.read.unreadable === 0) console.error(nothingRead(options));
    } finally {
      bar.stop();
      await close();
    }
  });
}

function tried({ rules, config: { alerts } }: Pick<RulesSince, 'rules' | 'config'>): Tried {
  return { chosen: rules, rules, alerts };
}

function rendered(difference: RulesDifference, format: DiffOptions['format']): string {
  if (format === 'json') return JSON.stringify(differenceAsJson(difference));
  return format === 'markdown' ? differenceAsMarkdown(difference) : renderDifference(difference);
}
