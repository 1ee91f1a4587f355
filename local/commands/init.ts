import { readFile, writeFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { editParameters } from '../../shared/deploy/editParameters.js';
import { stageMistake } from '../../shared/deploy/names.js';
import { effectiveParameters, parameterProblems } from '../../shared/deploy/parameters.js';
import { parseSource } from '../../shared/yaml/source.js';
import { infraPath } from '../infra/project.js';

interface InitOptions {
  readonly stage?: string;
  readonly stream?: string;
  readonly bucket?: string;
  readonly retentionDays?: number;
  readonly alarmEmail?: string;
  readonly sourceBackup?: 'Enabled' | 'Disabled';
  readonly kmsKey?: string;
  readonly rolePath?: string;
  readonly permissionsBoundary?: string;
  readonly parameters: string;
  readonly yes?: boolean;
}

/** Where questions are asked. */
interface Console {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
}

/** `firesplit init`: asks for the parameters that defaults can't be right for, and writes them for a stage. */
export function initCommand(program: Command, { stdin, stdout }: Console = process): void {
  program
    .command('init')
    .description(
      'ask for the few parameters of a deployment that matter, write them to infra/parameters.yml, and say what is next',
    )
    .option('--stage <name>', 'the stage, such as prod')
    .option('--stream <name>', 'name of the Firehose stream')
    .option('--bucket <name>', 'name of the bucket, if it is not to be firesplit-<stage>-logs-<account>-<region>')
    .option('--retention-days <n>', 'days that lines stay queryable', days)
    .option('--alarm-email <address>', 'who hears of alarms; has to confirm')
    .addOption(
      new Option('--source-backup <whether>', 'keep every record as it came as well').choices(['Disabled', 'Enabled']),
    )
    .option('--kms-key <arn>', 'a KMS key of your own')
    .option('--role-path <path>', 'path of IAM roles and policies')
    .option('--permissions-boundary <arn>', 'the policy that bounds the roles')
    .option('--parameters <file>', 'the file to write', infraPath('infra/parameters.yml'))
    .option('-y, --yes', 'ask nothing: what no option says stays as it is')
    .action(async (options: InitOptions) => {
      const asks = !options.yes && stdin.isTTY === true;
      const terminal = asks ? createInterface({ input: stdin, output: stdout }) : undefined;
      await init(options, terminal).finally(() => terminal?.close());
    });
}

/** What is asked when no option says it, in this order. */
const questions = [
  ['stream', 'Name of the Firehose stream, once in a region'],
  ['retentionDays', 'Days that lines stay queryable'],
  ['alarmEmail', 'E-mail address that hears of alarms, empty for none'],
  ['sourceBackup', 'Keep every record as it came as well, Enabled or Disabled'],
  ['kmsKey', 'ARN of a KMS key of your own, empty for keys of AWS'],
] as const;

async function init({ parameters: path, yes: _, stage: given, ...options }: InitOptions, terminal?: Interface) {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(
      `${path} can't be read; run this in the folder of serverless.yml, or name the file with --parameters`,
    );
  });
  if (given === undefined && !terminal) throw new Error('name the stage: --stage prod');
  const stage = given ?? (await ask(terminal, 'Stage', 'prod'));
  const mistake = stageMistake(stage);
  if (mistake !== undefined) throw new Error(mistake);
  await write(path, text, stage, { ...options, ...(await answers(terminal, text, stage, options)) });
}

/** Answers to what no option says; nothing where nobody can be asked. */
async function answers(
  terminal: Interface | undefined,
  text: string,
  stage: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (!terminal) return {};
  const source = parseSource({ path: '', text });
  const current = effectiveParameters({ stage, overrides: {}, resolved: source.problems ? {} : source.value });
  const given: Record<string, string> = {};
  for (const [key, question] of questions) {
    if (options[key] === undefined) given[key] = await ask(terminal, question, String(current[key] ?? ''));
  }
  // Numbers as the file has them.
  return effectiveParameters({ stage, overrides: given });
}

/** The answer, or what stands in brackets when there is none. */
async function ask(terminal: Interface | undefined, question: string, otherwise: string): Promise<string> {
  const answer = await terminal?.question(`${question} ${pc.dim(`[${otherwise}]`)} `);
  return answer?.trim() || otherwise;
}

/** Nothing is written of what a deployment would not take. */
async function write(path: string, text: string, stage: string, values: Record<string, unknown>): Promise<void> {
  const edited = editParameters(text, stage, values);
  const problems = parameterProblems({ path, text: edited }, { stage, overrides: {} });
  if (problems.length > 0) throw new Error(['nothing was written:', ...problems].join('\n'));
  if (edited !== text) await writeFile(path, edited);
  const tick = pc.green('✓');
  console.log(edited === text ? `${tick} ${path} says so already` : `${tick} ${path} has the parameters of ${stage}`);
  console.log(`
next, with credentials of the account:
  npm run build
  npx serverless package --stage ${stage}
  npx firesplit doctor --stage ${stage}
  aws ssm put-parameter --type SecureString --name /firesplit/${stage}/slack/default --value "$SLACK_WEBHOOK_URL"
  npx serverless deploy --stage ${stage}`);
}

function days(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A whole number of days.');
}
