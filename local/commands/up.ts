import { EventEmitter } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import type { Credentials } from '../aws/sigV4.js';
import type { StackEmitter } from '../events.js';
import { type FaultRates, faultKinds, InvalidFaultError, isSeed, parseFault } from '../firehose/faults.js';
import { projectVersion } from '../infra/project.js';
import type { StackOptions } from '../stack/stack.js';
import { startStack } from '../stack/up.js';
import { isHostPattern } from '../web/guard.js';
import { configOption, dataOption, rulesOption, webAddress } from './options.js';
import { banner } from './up/banner.js';
import { report } from './up/report.js';

interface UpOptions extends StackOptions {
  readonly config: string;
  readonly rules: string;
}

/** `firesplit up`: the local stack until it is told to stop. */
export function upCommand(program: Command): void {
  program
    .command('up')
    .description('run the pipeline on this machine: Firehose API, functions, bucket, Slack inbox')
    .addOption(dataOption())
    .addOption(portOption('--port', 'Firehose API over HTTP (0: any free port)', 'FIRESPLIT_PORT', 4573))
    .addOption(
      portOption('--tls-port', 'Firehose API over HTTPS; trust ca.pem of the data folder', 'FIRESPLIT_TLS_PORT', 4574),
    )
    .addOption(portOption('--console-port', 'web page with the Slack inbox', 'FIRESPLIT_CONSOLE_PORT', 4570))
    .option('--flush <seconds>', `write lines within this time (default: ${shortFlush})`, seconds)
    .addOption(
      new Option('--as-aws', "take AWS's own time: the stream's intervals, and states of streams that pass").conflicts(
        'flush',
      ),
    )
    .option('--sweep <seconds>', 'run functions/sweep this often instead of once a minute', seconds)
    .option(
      '--slack <[route=]url>',
      'post alerts (of a route) to this webhook instead of the inbox (repeatable)',
      slack,
    )
    .option('--forward', 'forward rows to the sink of the configuration, for real, instead of to an intake here')
    .addOption(configOption())
    .addOption(rulesOption())
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

/** Seconds: a new user's first lines should be there before the query is typed. */
const shortFlush = 1;

async function up({ asAws = false, ...options }: UpOptions): Promise<void> {
  // Whoever reads the ready line may stop us at once.
  const stopped = stopSignal();
  const events: StackEmitter = new EventEmitter();
  report(events, process.stderr);
  const stack = await startStack({ ...(asAws ? {} : { flush: shortFlush }), asAws, ...options, events });
  if (process.stdout.isTTY) {
    const { config, rules } = options;
    const told = { version: projectVersion(), config, rules, asAws, forwards: stack.forwards };
    console.log(banner(stack, { ...told, color: pc.isColorSupported }));
  } else console.log(`ready ${JSON.stringify(stack.ready)}`);
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

function portOption(flag: string, what: string, variable: string, usual: number): Option {
  return new Option(`${flag} <n>`, what).env(variable).argParser(port).default(usual);
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
