import { readFile, writeFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { editParameters } from '../../shared/deploy/editParameters.js';
import { stageMistake } from '../../shared/deploy/names.js';
import { effectiveParameters, parameterProblems } from '../../shared/deploy/parameters.js';
import { parseSource, type SourceFile } from '../../shared/yaml/source.js';
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
      if (!asks && !options.yes) console.error(pc.dim(unasked));
      const terminal = asks ? createInterface({ input: stdin, output: stdout }) : undefined;
      await init(options, terminal)
        .catch((error: unknown) => {
          if (!isAbort(error)) throw error;
          // The line of the question is not at its end.
          stdout.write('\n');
          throw new Error('nothing was written: the questions were not answered to their end');
        })
        .finally(() => terminal?.close());
    });
}

const unasked = 'nobody can be asked, since the input is no terminal: what no option says stays as it is';

/** What is asked when no option says it, in this order. */
const questions = [
  ['stream', 'Name of the Firehose stream, once in a region'],
  ['retentionDays', 'Days that lines stay queryable'],
  ['alarmEmail', 'E-mail address that hears of alarms, - for none'],
  ['sourceBackup', 'Keep every record as it came as well, Enabled or Disabled'],
  ['kmsKey', 'ARN of a KMS key of your own, - for keys of AWS'],
] as const;

async function init({ parameters: path, yes: _, stage: given, ...options }: InitOptions, terminal?: Interface) {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(
      `${path} can't be read; run this in the folder of serverless.yml, or name the file with --parameters`,
    );
  });
  if (given === undefined && !terminal) throw new Error('name the stage: --stage prod');
  const stage =
    given ??
    (await ask(terminal, 'Stage', 'prod', (answer) => {
      const mistake = stageMistake(answer);
      return mistake === undefined ? [] : [mistake];
    }));
  const mistake = stageMistake(stage);
  if (mistake !== undefined) throw new Error(mistake);
  await write(path, text, stage, { ...options, ...(await answers(terminal, { path, text }, stage, options)) });
}

/** Answers to what no option says; nothing where nobody can be asked. */
async function answers(
  terminal: Interface | undefined,
  file: SourceFile,
  stage: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  if (!terminal) return {};
  const source = parseSource(file);
  const current = effectiveParameters({ stage, overrides: {}, resolved: source.problems ? {} : source.value });
  const given: Record<string, string> = {};
  for (const [key, question] of questions) {
    if (options[key] !== undefined) continue;
    given[key] = await ask(terminal, question, String(current[key] ?? ''), (answer) =>
      mistakesOf(key, answer, file, stage),
    );
  }
  // Numbers as the file has them.
  return effectiveParameters({ stage, overrides: given });
}

/** What a deployment would not take of an answer. What is wrong with the rest of the file is told when it is written. */
function mistakesOf(key: string, answer: string, file: SourceFile, stage: string): string[] {
  const start = `--param="${key}=…": `;
  return parameterProblems(file, { stage, overrides: { [key]: answer } })
    .filter((problem) => problem.startsWith(start))
    .map((problem) => problem.slice(start.length));
}

/** One answer; an input that ends is as Ctrl+C is. */
async function answerTo(terminal: Interface, query: string): Promise<string> {
  const ended = new AbortController();
  const end = () => ended.abort();
  terminal.once('close', end);
  return terminal.question(query, { signal: ended.signal }).finally(() => terminal.off('close', end));
}

function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

/** The answer, or what stands in brackets when there is none; asked again while there is something wrong with it. */
async function ask(
  terminal: Interface | undefined,
  question: string,
  otherwise: string,
  mistakes: (answer: string) => readonly string[],
): Promise<string> {
  for (;;) {
    const query = `${question} ${pc.dim(`[${otherwise}]`)} `;
    const typed = (terminal && (await answerTo(terminal, query)).trim()) || otherwise;
    const answer = typed === '-' ? '' : typed;
    const wrong = mistakes(answer);
    if (wrong.length === 0) return answer;
    for (const mistake of wrong) console.error(`${pc.red('✗')} ${mistake}`);
  }
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
next:
  npm run build
  npx serverless package --stage ${stage}
  npx firesplit doctor --stage ${stage}
then, with credentials of the account:
  aws ssm put-parameter --type SecureString --name /firesplit/${stage}/slack/default --value "$SLACK_WEBHOOK_URL"
  npx serverless deploy --stage ${stage}`);
}

function days(value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new InvalidArgumentError('A whole number of days.');
}
