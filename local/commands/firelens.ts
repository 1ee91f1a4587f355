import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { isGrave } from '../firelens/check/finding.js';
import { checkTaskDefinition } from '../firelens/check/index.js';
import { flushLines, planFlush } from '../firelens/flush.js';
import { taskPolicy } from '../firelens/policy.js';
import { printJson } from '../firelens/printJson.js';
import { renderFindings } from '../firelens/render.js';
import { architectures, defaultOptions, type RouterOptions, routerImages } from '../firelens/routerOptions.js';
import { shippedRouter } from '../firelens/shippedRouter.js';
import { sizingLines } from '../firelens/sizing.js';
import { routerLogGroup, taskDefinition } from '../firelens/taskDefinition.js';

/** `firesplit firelens`: the task definition that sends a service's lines, and what is wrong with the one that a team has. */
export function fireLensCommand(program: Command): void {
  // What stands behind `check` is its own: it has another --policy.
  program.enablePositionalOptions();
  const fireLens = program
    .command('firelens')
    .enablePositionalOptions()
    .description(
      'print a task definition on Fargate whose log router keeps lines on disk until Firehose has them, or check the one you have',
    )
    .option('--service <name>', "the service's container, which becomes the column service", defaultOptions.service)
    .option('--service-image <uri>', "the service's image", defaultOptions.serviceImage)
    .option('--cpu <units>', 'CPU units of the task', wholeNumber, defaultOptions.cpu)
    .option('--memory <MiB>', 'memory of the task', wholeNumber, defaultOptions.memory)
    .addOption(new Option('--arch <name>', 'processor').choices(architectures).default(defaultOptions.arch))
    .option('--stream <name>', 'the Firehose stream', defaultOptions.stream)
    .option('--region <name>', 'of the stream', defaultOptions.region)
    .option('--account <id>', 'of the stream and the roles', defaultOptions.account)
    .option(
      '--sender-role <arn>',
      'that the router takes on, when the stream is in another account (docs/operate.md); --account is then that of the tasks',
    )
    .addOption(
      new Option(
        '--image <way>',
        "stock: AWS's image, configured by the definition alone; init: AWS's image that reads the bucket; custom: infra/fluent-bit",
      )
        .choices(routerImages)
        .default(defaultOptions.image),
    )
    .option('--image-uri <uri>', 'of the custom image')
    .option('--stage <name>', 'the deployed stage, whose bucket the init image reads', defaultOptions.stage)
    .option('--bucket <name>', 'that the init image reads, when infra/parameters.yml names one for the stage')
    .addOption(lineBytesOption())
    .option(
      '--bytes-per-second <n>',
      'bytes of lines that the service logs, by which Flush goes (default: Flush 5)',
      wholeNumber,
    )
    .option('--policy', "print the task role's policy instead")
    .option(
      '--json',
      'print {"taskDefinition", "policy", "sizing": {"router", "driver", "service"}, "flush", "logGroup"}; MiB, seconds, dollars',
    )
    .action(print);
  fireLens
    .command('check')
    .description(
      'say what is wrong with a task definition; exits with 1 when lines are lost or the task does not start',
    )
    .argument(
      '[file]',
      'what `aws ecs describe-task-definition` prints, or your own; from standard input when absent or -',
    )
    .option('--policy <file>', "the task role's policy, as IAM prints it")
    .option('--config <file>', 'the configuration that the router includes, when the definition has it elsewhere')
    .addOption(lineBytesOption())
    .option('--json', 'print {"findings": [{rule, effect, path, problem, remedy, source}]}')
    .action(check);
}

function lineBytesOption(): Option {
  return new Option('--line-bytes <n>', 'bytes of an average line')
    .argParser(wholeNumber)
    .default(defaultOptions.lineBytes);
}

type PrintOptions = RouterOptions & { readonly policy?: boolean; readonly json?: boolean };

function print(options: PrintOptions): void {
  const shipped = shippedRouter();
  const { definition, sizing } = taskDefinition(options, shipped);
  const policy = taskPolicy(options);
  const logGroup = routerLogGroup(options.service);
  if (options.json) {
    const { bytesPerSecond } = options;
    const flush = bytesPerSecond === undefined ? {} : { flush: planFlush(bytesPerSecond, options) };
    console.log(JSON.stringify({ taskDefinition: definition, policy, sizing, ...flush, logGroup }));
    return;
  }
  console.log(printJson(options.policy ? policy : definition));
  if (options.policy) return;
  const notes = [
    ...sizingLines(options.memory, sizing),
    ...flushLines(options.bytesPerSecond, options),
    `before it starts: aws logs create-log-group --log-group-name ${logGroup}; roles ${options.service}-execution and ${options.service}-task, the latter with what --policy prints`,
  ];
  for (const note of notes) console.error(pc.dim(note));
}

interface CheckOptions {
  readonly policy?: string;
  readonly config?: string;
  readonly lineBytes: number;
  readonly json?: boolean;
}

async function check(file: string | undefined, options: CheckOptions): Promise<void> {
  const isFile = file !== undefined && file !== '-';
  const name = isFile ? file : 'the task definition';
  const definition = parseJson(name, isFile ? await readText(file) : await standardInput());
  const findings = checkTaskDefinition(definition, {
    shipped: shippedRouter(),
    lineBytes: options.lineBytes,
    conf: options.config === undefined ? undefined : await readText(options.config),
    policy: options.policy === undefined ? undefined : parseJson(options.policy, await readText(options.policy)),
  });
  console.log(options.json ? JSON.stringify({ findings }) : renderFindings(name, findings));
  if (findings.some(isGrave)) process.exitCode = 1;
}

async function readText(path: string): Promise<string> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) throw new Error(`${path} can't be read; name a file, or - for standard input`);
  return content;
}

function parseJson(name: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${name} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whoever types is told how to end. */
async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) console.error('Paste the task definition, then press Ctrl+D on a line of its own.');
  return text(process.stdin);
}

function wholeNumber(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A whole number above 0.');
}
