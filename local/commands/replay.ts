import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { stringify } from 'yaml';
import { alertModes } from '../../shared/record/label.js';
import { replayEventSchema } from '../../shared/replay/event/schema.js';
import { type DeployedOptions, deployedOptions } from '../deployed/deployedOptions.js';
import { invokeFunction } from '../deployed/invokeFunction.js';

const { source: sources } = replayEventSchema.properties;

interface ReplayOptions extends DeployedOptions {
  readonly prefix?: string;
  readonly key?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly errorCode?: string;
  readonly limit?: number;
  readonly alerts: string;
  readonly again?: boolean;
  readonly start?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** `firesplit replay`: the same as the events of docs/replay.md, with progress. */
export function replayCommand(program: Command): void {
  const replay = program
    .command('replay')
    .description('put lines on the stream that failed, were backed up, or are kept elsewhere');
  for (const source of sources.enum) sourceCommand(replay, source);
  for (const [name, does] of [
    ['status', 'show how far a replay is'],
    ['cancel', 'stop a replay'],
  ] as const) {
    const command = replay.command(name).description(does).argument('<id>', 'as its start has told it');
    deployedOptions(command)
      .option('--json', 'print the answer as JSON')
      .action(async (id: string, options: ReplayOptions) => print(await ask(options, { [name]: id }), options));
  }
}

const about = {
  failed: 'put back what Firehose kept under failed/ since it could not be processed or delivered',
  backup: 'put back what Firehose kept under backup/, which the parameter sourceBackup turns on',
  import: 'put the lines of any S3 objects on the stream: load balancers, CloudFront, exports, old buckets',
} as const;

function sourceCommand(replay: Command, source: keyof typeof about): void {
  const command = replay
    .command(source)
    .description(about[source])
    .option('--prefix <prefix>', 'objects whose keys begin with this; s3://bucket/prefix for another bucket')
    .option('--key <key>', 'an object (repeatable)', (key: string, keys: readonly string[] = []) => [...keys, key])
    .option('--from <time>', 'such as 2026-11-28T14:00Z, 2026-11-28, today or "2h ago"')
    .option('--to <time>', 'the end, which is excluded')
    .option('--limit <objects>', 'at most so many objects', wholeNumber)
    .addOption(new Option('--alerts <mode>', 'what becomes of what the rules match').choices(alertModes).default('off'))
    .option('--again', 'also what an earlier replay has put back')
    .option('--start', 'do it; without, only what would happen is told')
    .option('--no-wait', 'end once it has started')
    .option('--json', 'print the answers as JSON, one a line');
  if (source === 'failed') command.option('--error-code <code>', 'only records that failed with it');
  deployedOptions(command).action((options: ReplayOptions) => run(source, options));
}

async function run(source: string, options: ReplayOptions): Promise<void> {
  const { prefix, key: keys, from, to, errorCode, limit, alerts, again, start = false, wait } = options;
  const event = { source, prefix, keys, from, to, errorCode, limit, alerts, again, dryRun: !start };
  const answer = await ask(options, event);
  print(answer, options);
  if (typeof answer.replay === 'string' && wait) await follow(answer.replay, options);
}

/** Shows how far it is until there is nothing left to do; Ctrl-C ends the showing, not the replay. */
async function follow(id: string, options: ReplayOptions): Promise<void> {
  const bar = process.stderr.isTTY
    ? new SingleBar({
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
        format: '  {bar} {value} of {total} objects, {put} records',
      })
    : undefined;
  bar?.start(1, 0, { put: 0 });
  for (;;) {
    const answer = await ask(options, { status: id });
    const { state, objects, records } = answer as unknown as Status;
    if (state !== 'running' && state !== 'finding') {
      bar?.stop();
      print(answer, options);
      if (objects.parked > 0 || state === 'stopped') process.exitCode = 1;
      return;
    }
    bar?.setTotal(objects.found);
    bar?.update(objects.done + objects.skipped + objects.parked, { put: records.put.toLocaleString('en') });
    await sleep(pollInterval);
  }
}

interface Status {
  readonly state: string;
  readonly objects: Readonly<Record<'found' | 'done' | 'skipped' | 'parked', number>>;
  readonly records: { readonly put: number };
}

const pollInterval = 1000;

type Answer = Readonly<Record<string, unknown>>;

async function ask(options: DeployedOptions, event: object): Promise<Answer> {
  const { payload, failed, log } = await invokeFunction(options, 'replay', JSON.stringify(event));
  const answer = JSON.parse(payload) as Answer;
  if (failed) throw new Error(`functions/replay failed: ${answer.errorMessage}\n${log.trimEnd()}`);
  return answer;
}

/** @throws Error with what is wrong with what was asked. */
function print(answer: Answer, { json }: Pick<ReplayOptions, 'json'>): void {
  const { problems, toDoIt, toSeeProgress, toStop, asked, ...told } = answer;
  if (Array.isArray(problems) && told.state === undefined) throw new Error(problems.join('\n'));
  if (json) {
    console.log(JSON.stringify(answer));
    return;
  }
  const shown = Array.isArray(problems) ? { ...told, problems } : told;
  console.log(stringify(shown, { lineWidth: 0 }).trimEnd());
  if (toDoIt !== undefined) console.log(pc.dim('Do it with the same command and --start.'));
  if (typeof answer.replay === 'string' && toSeeProgress !== undefined) {
    console.log(
      pc.dim(`See how far it is with "firesplit replay status ${answer.replay}", stop it with "… cancel …".`),
    );
  }
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('A whole number above 0.');
}
