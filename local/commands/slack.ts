import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { defaultRoute } from '../../shared/alerts/routing.js';
import { routingTable } from '../../shared/alerts/routingTable.js';
import type { RuleTest } from '../../shared/rules/language/ruleTest.js';
import { alertMessage } from '../../shared/slack/alertMessage.js';
import { inventedAlert } from '../slack/inventedAlert.js';
import { receiveMessage } from '../slack/message.js';
import { renderPreview } from '../slack/page.js';
import { renderForTerminal } from '../slack/render.js';
import { configOption, rulesOption } from './options.js';
import { chosenRules, readTriedRules } from './rules/ruleFiles.js';

/** `firesplit slack`: looks at what people will see. */
export function slackCommand(program: Command): void {
  const slack = program.command('slack').description('look at the messages that alerts become');
  slack
    .command('preview')
    .description("show a rule's message as Slack would, with a line of its own tests or an invented one; sends nothing")
    .argument('<rule>', 'name of the rule')
    .addOption(rulesOption())
    .addOption(configOption())
    .option('--json', 'print what would be posted to the webhook')
    .option('--open <file.html>', 'also write the message as a web page')
    .action(preview);
}

interface PreviewOptions {
  readonly rules: string;
  readonly config: string;
  readonly json?: boolean;
  readonly open?: string;
}

async function preview(name: string, { rules: dir, config: file, json, open }: PreviewOptions): Promise<void> {
  const { rules, tests, config } = await readTriedRules(dir, file);
  for (const rule of chosenRules(rules, name)) {
    const message = alertMessage(inventedAlert(rule, Date.now(), tellingRow(tests.get(rule.name) ?? [])));
    const [route = defaultRoute] = routingTable(config.alerts).routesOf(rule, {}, Date.now());
    const received = receiveMessage(JSON.stringify(message), route, Date.now());
    if ('refusal' in received) throw new Error(`Slack would not take the message: ${received.refusal.detail}`);

    if (open !== undefined) {
      await writeFile(open, renderPreview(received.message, `Preview of ${rule.name}: nothing was sent`));
      console.error(`${pc.green('✓')} ${open} written`);
    }
    if (json) console.log(JSON.stringify(message, undefined, 2));
    else {
      const columns = process.stdout.columns ?? 80;
      console.log(renderForTerminal(received.message, { columns, color: pc.isColorSupported }));
    }
  }
}

/** The line before which nobody was told, in the first test that expects somebody to be; none without such a test. */
function tellingRow(tests: readonly RuleTest[]): Readonly<Record<string, unknown>> | undefined {
  for (const { given, expect } of tests) {
    const told = expect.find(({ kind }) => kind === 'firing');
    const line = told && given.findLast(({ at }) => at <= told.at);
    if (line) return line.kind === 'row' ? line.columns : { service: line.service, message: line.line };
  }
  return undefined;
}
