import { EventEmitter } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import type { Credentials } from '../aws/sigV4.js';
import type { StackEmitter } from '../events.js';
import { type FaultRates, faultKinds, InvalidFaultError, isSeed, parseFault } from '../firehose/faults.js';
import type { StackOptions } from '../stack/stack.js';
import { startStack } from '../stack/up.js';
import { isHostPattern } from '../web/guard.js';

/** `firesplit up`: the local stack until it is told to stop. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description('run the pipeline on this machine: Firehose API, functions, bucket, Slack inbox')
    .option('--data <dir>', 'folder for everything it keeps', '.firesplit')
    .option('--port <n>', 'Firehose API over HTTP (0: any free port)', port, 4573)
    .option('--tls-port <n>', 'Firehose API over HTTPS, for Fluent Bit; trust DIR/ca.pem', port, 4574)
    .option('--console-port <n>', 'web page with the Slack inbox', port, 4570)
    .option('--flush <seconds>', "write lines within this time instead of the stream's buffering intervals", seconds)
    .option('--as-aws', 'let new streams be CREATING and deleted ones DELETING for a moment, as in AWS')
    .option('--sweep <seconds>', 'run functions/sweep this often instead of once a minute', seconds)
    .option(
      '--slack <[route=]url>',
      'post alerts (of a route) to this webhook instead of the inbox (repeatable)',
      slack,
    )
    .option('--config <file>', 'configuration instead of infra/firesplit.yml')
    .option('--rules <dir>', 'folder of rule files instead of infra/rules')
    .option('--s3', "write to the streams' S3 buckets, with your AWS credentials, instead of to folders")
    .option('--s3-endpoint <url>', 'write to the buckets of a service that speaks S3', webAddress)
    .option('--credentials <key:secret>', 'refuse requests that are not signed with this access key', credentials)
    .option(
      '--allow-host <name>',
      'serve requests under this name too, as containers call this machine (repeatable)',
      allowHost,
    )
    .option('--fault <kind=rate>', `make things go wrong, from 0 to 1: ${faultKinds.join(', ')} (repeatable)`, fault)
    .option('--fault-seed <n>', 'the same seed lets the same faults strike', faultSeed)
    .action(up);
}

async function up(options: StackOptions): Promise<void> {
  // Whoever reads the ready line may stop us at once.
  const stopped = stopSignal();
  const events: StackEmitter = new EventEmitter();
  report(events);
  const stack = await startStack({ ...options, events });
  console.log(`ready ${JSON.stringify(stack.ready)}`);
  await stopped;
  process.stderr.write('flushing, then stopping (again to stop at once; nothing acknowledged is lost)\n');
  // What is acknowledged is in the journal: the next start takes it up.
  for (const signal of stopSignals) process.once(signal, () => process.exit(1));
  await stack.stop();
  process.exit(0);
}

const stopSignals = ['SIGTERM', 'SIGINT'] as const;

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of stopSignals) process.off(signal, stop);
      resolve();
    };
    for (const signal of stopSignals) process.on(signal, stop);
  });
}

/** stdout is for the ready line alone. */
function report(events: StackEmitter): void {
  const line = (text: string) => process.stderr.write(`${text}\n`);
  events.on('delivered', ({ key, bytes }) => line(`${pc.green('delivered')} ${key} (${bytes} bytes)`));
  events.on('failed', ({ records, errorType, code, message }) =>
    line(`${pc.red('failed')} ${records} records to ${errorType}: ${code} ${message}`),
  );
  events.on('invoked', ({ function: name, outcome, log }) => {
    if (outcome === 'returned') return;
    line(
      `${pc.red(outcome)} ${name}: ${log === undefined ? 'the event is too large' : `see ${log} in the data folder`}`,
    );
  });
  events.on('problem', (message) => line(`${pc.yellow('problem')} ${message}`));
}

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function seconds(value: string): number {
  const number = Number(value);
  if (number > 0 && number <= 900) return number;
  throw new InvalidArgumentError('A number of seconds above 0 and up to 900.');
}

function slack(value: string, before: { readonly [route: string]: string } = {}): { readonly [route: string]: string } {
  const [, route = 'default', url = ''] = /^(?:([a-z0-9]+(?:-[a-z0-9]+)*)=)?(https?:\/\/.+)$/.exec(value) ?? [];
  if (!URL.canParse(url)) {
    throw new InvalidArgumentError(
      'A webhook such as https://hooks.slack.com/services/…, or oncall=https://… for one route.',
    );
  }
  if (before[route] !== undefined) throw new InvalidArgumentError(`The route ${route} has a webhook already.`);
  return { ...before, [route]: url };
}

function webAddress(value: string): string {
  if (/^https?:\/\/[^/]+\/?$/.test(value) && URL.canParse(value)) return value;
  throw new InvalidArgumentError('An address such as http://127.0.0.1:9000.');
}

function credentials(value: string): Credentials {
  const [, accessKeyId, secretAccessKey] = /^([\w.-]+):(.+)$/.exec(value) ?? [];
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  throw new InvalidArgumentError('An access key id, a colon and its secret, such as local:secret.');
}

function allowHost(value: string, before: readonly string[] = []): readonly string[] {
  if (isHostPattern(value)) return [...before, value];
  throw new InvalidArgumentError('A name or an address without a port, such as host.docker.internal or *.internal.');
}

function fault(value: string, before: FaultRates = {}): FaultRates {
  try {
    return { ...before, ...parseFault(value) };
  } catch (error) {
    throw error instanceof InvalidFaultError ? new InvalidArgumentError(error.message) : error;
  }
}

function faultSeed(value: string): number {
  const seed = Number(value);
  if (/^\d+$/.test(value) && isSeed(seed)) return seed;
  throw new InvalidArgumentError('A whole number from 0 to 4294967295.');
}
