#!/usr/bin/env node
import { Command } from 'commander';
import pc from 'picocolors';
import { alertCommand } from './commands/alert.js';
import { completionCommand } from './commands/completion.js';
import { configCommand } from './commands/config.js';
import { costCommand } from './commands/cost.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { fireLensCommand } from './commands/firelens.js';
import { initCommand } from './commands/init.js';
import { invokeCommand } from './commands/invoke.js';
import { queryCommand } from './commands/query.js';
import { replayCommand } from './commands/replay.js';
import { rulesCommand } from './commands/rules.js';
import { sendCommand } from './commands/send.js';
import { silenceCommand } from './commands/silence.js';
import { slackCommand } from './commands/slack.js';
import { tailCommand } from './commands/tail.js';
import { upCommand } from './commands/up.js';
import { unsetEmpty } from './deployed/emptyVariables.js';
import { projectVersion } from './infra/project.js';

// The SDK's advice about coming Node versions is not for whoever runs this command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
unsetEmpty(process.env);

const program = new Command('firesplit')
  .description(
    'Split container logs by type, query them with SQL, be told on Slack: the whole pipeline on this machine.',
  )
  .version(projectVersion(), '--version', 'print the version')
  .showHelpAfterError('(run with --help for what is allowed)');

for (const register of [
  upCommand,
  sendCommand,
  tailCommand,
  queryCommand,
  explainCommand,
  rulesCommand,
  alertCommand,
  silenceCommand,
  configCommand,
  slackCommand,
  fireLensCommand,
  initCommand,
  replayCommand,
  invokeCommand,
  costCommand,
  doctorCommand,
  demoCommand,
  completionCommand,
])
  register(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`${pc.red('error:')} ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
