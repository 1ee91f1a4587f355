import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { alertMessage } from '../../shared/alerts/message.js';
import { loadRules } from '../../shared/rules/load.js';
import type { Rule } from '../../shared/rules/rule.js';
import { nearestWord } from '../../shared/yaml/nearest.js';
import { inventedAlert } from '../slack/inventedAlert.js';
import { receiveMessage } from '../slack/message.js';
import { renderPreview } from '../slack/page.js';
import { renderForTerminal } from '../slack/render.js';

/** `firesplit slack`: looks at what people will see. */
export function slackCommand(program: Command): void {
  const slack = program.command('slack').description('look at the messages that alerts become');
  slack
    .command('preview')
    .description("show a rule's message as Slack would, from its first test or invented values; sends nothing")
    .argument('<rule>', 'name of the rule')
    .option('--rules <dir>', 'folder of rule files', 'infra/rules')
    .option('--json', 'print what would be posted to the webhook')
    .option('--open <file.html>', 'also write the message as a web page')
    .action(preview);
}

interface PreviewOptions {
  readonly rules: string;
  readonly json?: boolean;
  readonly open?: string;
}

async function preview(name: string, { rules: dir, json, open }: PreviewOptions): Promise<void> {
  const rule = findRule(name, await loadRules(dir), dir);
  const message = alertMessage(inventedAlert(rule, Date.now()));
  const received = receiveMessage(JSON.stringify(message), rule.route ?? 'default', Date.now());
  if ('refusal' in received) throw new Error(`Slack would not take the message: ${received.refusal.detail}`);

  if (open !== undefined) {
    await writeFile(open, renderPreview(received.message, `Preview of ${rule.name}: nothing was sent`));
    console.error(`${pc.green('✓')} ${open} written`);
  }
  if (json) console.log(JSON.stringify(message, undefined, 2));
  else
    console.log(
      renderForTerminal(received.message, { columns: process.stdout.columns ?? 80, color: pc.isColorSupported }),
    );
}

function findRule(name: string, rules: readonly Rule[], dir: string): Rule {
  const rule = rules.find((each) => each.name === name);
  if (rule) return rule;
  const names = rules.map((each) => each.name);
  const near = nearestWord(name, names);
  const hint = near === undefined ? `The rules are ${names.join(', ') || '(none)'}.` : `Did you mean "${near}"?`;
  throw new Error(`there is no rule "${name}" in ${dir}. ${hint}`);
}
