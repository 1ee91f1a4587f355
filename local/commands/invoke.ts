import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type DeployedOptions, deployedOptions } from '../deployed/deployedOptions.js';
import { invokeFunction } from '../deployed/invokeFunction.js';

interface InvokeOptions extends DeployedOptions {
  readonly event: string;
  readonly log?: boolean;
  readonly json?: boolean;
}

/** `firesplit invoke FUNCTION`: what the Test button of the Lambda console does. */
export function invokeCommand(program: Command): void {
  const invoke = program
    .command('invoke')
    .description("run a function with an event of one's own, as the Test button of the Lambda console does")
    .argument('<function>', 'its name in infra/functions.yml, such as replay')
    .option('--event <file>', 'JSON file with the event; `-` reads standard input; JSON itself will do', '{}')
    .option('--log', 'print the end of its log as well, on standard error')
    .option('--json', 'print its answer in one line');
  deployedOptions(invoke).action(run);
}

async function run(name: string, options: InvokeOptions): Promise<void> {
  const { payload, failed, log } = await invokeFunction(options, name, await readEvent(options.event));
  if (options.log || failed) console.error(pc.dim(log.trimEnd()));
  console.log(options.json ? payload : indented(payload));
  if (failed) process.exitCode = 1;
}

/** @throws Error when it is not JSON, with what is wrong with it. */
async function readEvent(given: string): Promise<string> {
  const isJson = /^\s*[[{"]/.test(given);
  const event = isJson ? given : given === '-' ? await text(process.stdin) : await readFile(given, 'utf8');
  try {
    JSON.parse(event);
    return event;
  } catch (error) {
    const where = isJson ? 'The event' : given === '-' ? 'The event from standard input' : given;
    throw new Error(`${where} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** An answer may be no JSON, as that of a function without one. */
function indented(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}
