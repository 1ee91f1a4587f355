import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { shortId } from '../../shared/alerts/state/ids.js';
import { readRuleFiles } from '../../shared/rules/language/loadRules.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { counted, utcText } from '../../shared/text/wording.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { parsePeriod } from '../backtest/period.js';
import { type MadeTest, makeTest } from '../makeTest/makeTest.js';
import { testYaml, withTest } from '../makeTest/testYaml.js';
import type { Named } from '../makeTest/toldAlert.js';
import { untilStopped } from '../terminal/untilStopped.js';
import { configOption, dataOption, rulesOption } from './options.js';
import { chosenRules, readTriedRules } from './rules/ruleFiles.js';
import { durationOf, openBuckets, type StoredLogs } from './storedLogs.js';

interface MakeTestOptions extends StoredLogs {
  readonly from: string;
  readonly to: string;
  readonly late: string;
  readonly rules: string;
  readonly config: string;
  readonly write?: boolean;
}

/** `firesplit alert`: what can be done with an alert that people were told of. */
export function alertCommand(program: Command): void {
  program
    .command('alert')
    .description('work with an alert that people were told of')
    .command('make-test')
    .description('print a test of its rule, made of the stored lines behind it; sends nothing')
    .argument('<id>', 'as the message shows it, such as http-5xx/81fbdefb; or the name of a rule')
    .argument('[key]', 'with the name of a rule: the values of its `by`, with | between them')
    .option(
      '--from <time>',
      'when it was told, or before: -24h, yesterday, 2026-11-22T16:00 (UTC unless it says)',
      '-24h',
    )
    .option('--to <time>', 'when it had been told, written alike', 'now')
    .option('--late <duration>', 'lines that arrived up to this long after their event count at their own time', '1h')
    .option('--write', "write it into the rule's file instead, behind the tests that are there")
    .addOption(rulesOption())
    .addOption(dataOption())
    .option('--s3 <bucket>', 'read this bucket instead, with your AWS credentials')
    .addOption(configOption())
    .action(run);
}

async function run(id: string, key: string | undefined, options: MakeTestOptions): Promise<void> {
  const period = parsePeriod(options, Date.now());
  const late = durationOf('--late', options.late);
  const { rules, config } = await readTriedRules(options.rules, options.config);
  const named = namedBy(id, key, rules);
  const circumstances = { policy: compilePolicy(config), alerts: config.alerts };
  await untilStopped(async (signal) => {
    const { buckets, close } = await openBuckets(options, signal);
    try {
      const made = await makeTest(named, { rules, buckets, period, late, signal }, circumstances);
      const remarks = remarksOn(named, made);
      if (options.write) console.log(await write(named.rule.name, made, remarks, options.rules));
      else console.log(testYaml(made.test, 4, remarks).trimEnd());
    } finally {
      await close();
    }
  });
}

/** @throws Error when there is no such rule, or it is not said which alert of it is meant */
function namedBy(id: string, key: string | undefined, rules: readonly Rule[]): Named {
  const [, rule = id, hash] = /^(.+)\/([0-9a-f]{8})$/.exec(id) ?? [];
  if (id.startsWith('firesplit:'))
    throw new Error(`${id} is a message of the pipeline about itself; no lines of a service are behind it`);
  const [chosen] = chosenRules(rules, hash === undefined ? id : rule);
  if (!chosen) throw new Error(`there is no rule "${rule}"`);
  if (hash !== undefined && key === undefined)
    return { rule: chosen, text: id, fits: (other) => shortId({ rule: chosen.name, key: other }) === id };
  if (key !== undefined && hash === undefined)
    return { rule: chosen, text: `${id} ${key}`, fits: (other) => other === key };
  throw new Error(
    `name the alert as its message does at its end, such as ${chosen.name}/81fbdefb, or by rule and key: ${chosen.name} "${chosen.by.join('|')}"`,
  );
}

function remarksOn({ text }: Named, { told, lines, leftOut }: MadeTest): string[] {
  const out = leftOut === 0 ? '' : `; ${counted(leftOut, 'line')} of before left out`;
  return [`${text}, told ${utcText(told)}: ${counted(lines, 'line')}, as stored${out}.`];
}

async function write(rule: string, { test }: MadeTest, remarks: readonly string[], dir: string): Promise<string> {
  for (const file of await readRuleFiles(dir)) {
    const text = await withTest(file, rule, test, remarks);
    if (text === undefined) continue;
    await writeFile(file.path, text);
    return `${pc.green('✓')} ${rule} has a test "${test.name}" in ${file.path}`;
  }
  throw new Error(`no file of ${dir} has the rule ${rule} as an item of its list`);
}
