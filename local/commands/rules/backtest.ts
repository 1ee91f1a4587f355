import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import pc from 'picocolors';
import { backtest } from '../../backtest/backtest.js';
import { backtestAsJson, renderBacktest } from '../../backtest/page.js';
import { parsePeriod } from '../../backtest/period.js';
import { untilStopped } from '../../terminal/untilStopped.js';
import { configOption, dataOption, rulesArgument } from '../options.js';
import { durationOf, openBuckets, type StoredLogs } from '../storedLogs.js';
import { chosenRules, readTriedRules } from './ruleFiles.js';

interface BacktestOptions {
  readonly from: string;
  readonly to: string;
  readonly rule?: string;
  readonly data: string;
  readonly s3?: string;
  readonly learn: string;
  readonly late: string;
  readonly config: string;
  readonly json?: boolean;
}

/** `firesplit rules backtest`: rules over the lines that are stored already. */
export function backtestCommand(rules: Command): void {
  rules
    .command('backtest')
    .description('show what rules would have told of stored lines, and when; sends nothing')
    .addArgument(rulesArgument())
    .option(
      '--from <time>',
      'where to begin: -24h, yesterday, 2026-11-22, 2026-11-22T16:00 (UTC unless it says)',
      '-24h',
    )
    .option('--to <time>', 'where to end, written alike', 'now')
    .option('--learn <duration>', 'remember this much from before, so that not all keys are new', '0s')
    .option('--late <duration>', 'lines that arrived up to this long after their event count at their own time', '1h')
    .option('--rule <name>', 'this rule alone')
    .addOption(dataOption())
    .option('--s3 <bucket>', 'read this bucket instead, with your AWS credentials')
    .addOption(configOption())
    .option('--json', 'print {"from", "to", "rows", "bytes", "digests", "rules": [{rule, alerts, lines, keys, …}]}')
    .action(run);
}

async function run(dir: string, options: BacktestOptions): Promise<void> {
  const period = parsePeriod(options, Date.now());
  const { rules, config } = await readTriedRules(dir, options.config);
  const chosen = chosenRules(rules, options.rule);
  const [learn, late] = [durationOf('--learn', options.learn), durationOf('--late', options.late)];
  const { alerts } = config;
  await untilStopped(async (signal) => {
    const { buckets, close } = await openBuckets(options, signal);
    const bar = progressBar();
    try {
      const progress = bar.update;
      const result = await backtest({ chosen, rules, alerts, buckets, period, learn, late, progress, signal });
      bar.stop();
      console.log(options.json ? JSON.stringify(backtestAsJson(result)) : renderBacktest(result));
      if (result.read.rows + result.read.unreadable === 0) console.error(nothingRead(options));
    } finally {
      bar.stop();
      await close();
    }
  });
}

/** A warning. */
export function nothingRead({ s3, data }: StoredLogs): string {
  const [place, option] = s3 === undefined ? [data, '--data'] : [`s3://${s3}`, '--s3'];
  return pc.yellow(
    `no line of this period that the rules look at is stored under ${place}; look at ${option}, --from and --to`,
  );
}

/** Silent where nobody watches. */
export function progressBar() {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '  reading {bar} {value} of {total} hours  {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  return {
    update(done: number, total: number) {
      if (!bar.isActive) bar.start(total, done);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
