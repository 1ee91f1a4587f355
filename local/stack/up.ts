import { EventEmitter } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../shared/config/load.js';
import { firehose as limits } from '../../shared/limits.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { AwsError } from '../aws/awsError.js';
import { serverCertificate } from '../aws/certificates.js';
import { startDynamoDB } from '../aws/dynamodb.js';
import { awsFront, transformPath } from '../aws/front.js';
import { closeServer, listen } from '../aws/listen.js';
import { Authenticator } from '../aws/sigV4.js';
import { consoleServer } from '../console/server.js';
import { FirehoseApi } from '../firehose/api/firehoseApi.js';
import { systemClock } from '../firehose/clock.js';
import { Faults } from '../firehose/faults.js';
import { Streams } from '../firehose/stream/streams.js';
import { templateStream } from '../firehose/stream/templateStream.js';
import { Infra } from '../infra/infra.js';
import { projectRoot } from '../infra/project.js';
import { functionConfig } from '../lambda/functionConfig.js';
import { LocalFunctions } from '../lambda/localFunctions.js';
import { parallelInvocations } from '../lambda/parallelism.js';
import { Meter } from '../meter/meter.js';
import { countRequests, countWrites } from '../meter/requests.js';
import { QueueConsumer } from '../queue/consumer.js';
import { openQueue } from '../queue/openQueue.js';
import { SqsApi } from '../queue/sqsApi.js';
import { Scheduler } from '../schedule/scheduler.js';
import { schedulesOf } from '../schedule/schedules.js';
import { slackInbox } from '../slack/inbox.js';
import { openBuckets } from './buckets.js';
import { lockDataFolder } from './dataLock.js';
import type { StackEmitter } from './events.js';
import type { Stack, StackOptions } from './stack.js';

/** The account that an address on this machine stands for. */
const accountId = '000000000000';
const loopback = '127.0.0.1';

/**
 * Starts the pipeline on this machine: the Firehose API over the stream of infra/resources/firehose.yml, the built
 * functions, their queue, table and bucket, and a Slack inbox.
 *
 * @throws DataFolderInUseError, PortInUseError, InfraError, RuleFileError, JournalDamagedError: each says what to do.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<unknown>)[] = [];
  /** Last opened, first closed. */
  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  };
  try {
    return await start(options, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(
  options: StackOptions,
  closers: (() => Promise<unknown>)[],
  closeAll: () => Promise<void>,
): Promise<Stack> {
  const events: StackEmitter = options.events ?? new EventEmitter();
  const problem = (message: string) => events.emit('problem', message);
  const root = projectRoot();
  const data = resolve(options.data);
  for (const folder of ['lambda', 'slack', 'queue']) await mkdir(join(data, folder), { recursive: true });
  closers.push(await lockDataFolder(data));

  // The infra files: what is wrong with them is told before anything listens.
  let firehoseUrl = '';
  const region = process.env.AWS_REGION ?? 'us-east-1';
  const queueUrl = (name: string) => `${firehoseUrl}/${accountId}/${name}`;
  const infra = await Infra.load(root, { region, id: accountId, stage: 'local', queueUrl });
  const flush = options.flush === undefined ? undefined : options.flush * 1000;
  const resource = infra.resource('LogStream');
  const template = templateStream(resource, infra.attribute('LogStream', 'Arn'), Date.now(), flush);
  const bucket = infra.ref('LogsBucket');
  const schedules = schedulesOf(infra);
  const configFile = options.config ?? join(root, 'infra/firesplit.yml');
  const config = options.config === undefined ? {} : { CONFIG_FILE: await compileConfig(configFile, data) };
  const rules = options.rules === undefined ? {} : { RULES_FILE: await compileRules(options.rules, configFile, data) };

  // What holds data.
  const meter = await Meter.open({ data, clock: systemClock, events });
  closers.push(() => meter.close());
  const functions = new LocalFunctions({ infra, root, region, logs: join(data, 'lambda'), events });
  const buckets = openBuckets({ ...options, data, region });
  closers.push(async () => buckets.close());
  await buckets.check(bucket);
  const faults = new Faults(options.fault, options.faultSeed);
  const streams = await Streams.open({
    data,
    region,
    accountId,
    clock: systemClock,
    events,
    template,
    flush,
    limit: limits.maxStreams,
    objects: (name, staging) => buckets.open(name, staging),
    invoke: (functionArn) => functions.invokerOf(functionArn),
    more: { faults, maxInvocations: parallelInvocations },
  });
  const written = buckets.open(bucket, join(data, 'written'));
  // Of a function whose put a crash cut short.
  for (const staged of await written.staged()) await written.discard(staged);
  const queue = await openQueue(infra.resource('SignalsQueue'), join(data, 'queue'));
  const dynamodb = await startDynamoDB(join(data, 'dynamodb'), infra.resourcesOfType('AWS::DynamoDB::Table'));
  closers.push(() => closeServer(dynamodb.server));
  countWrites(dynamodb.server, events);
  const inbox = slackInbox({ folder: join(data, 'slack') });
  inbox.on('message', (message) => events.emit('alert', message));

  // What listens.
  const firehose = new FirehoseApi(streams);
  const sqs = new SqsApi(new Map([[infra.attribute('SignalsQueue', 'QueueName'), queue]]));
  let stopping = false;
  const front = awsFront({
    firehose(operation, input, sender, invocation) {
      if (stopping && sender === 'client') throw new AwsError('ServiceUnavailableException', 'Shutting down.', 503);
      return firehose.handle(operation, input, sender, invocation);
    },
    sqs: (operation, input) => sqs.handle(operation, input),
    dynamodb: (headers, body) => dynamodb.forward(headers, body),
    bucket: (name) => (name === bucket ? written : undefined),
    ...(options.credentials ? { authenticator: new Authenticator(options.credentials, region, Date.now) } : {}),
    problem,
  });
  const bind = async (server: Server, port: number, flag: string) => {
    // Clients keep connections for up to a minute; one that the server closes first would fail their next put.
    server.keepAliveTimeout = 75_000;
    countRequests(server, events);
    const bound = await listen(server, port, `stop what uses it, or choose another with ${flag}`);
    closers.push(() => closeServer(server));
    return `${loopback}:${bound}`;
  };
  const { caFile, ...certificate } = await serverCertificate(data);
  const consoleUrl = `http://${await bind(consoleServer({ inbox, meter, faults, problem }), options.consolePort, '--console-port')}`;
  const firehoseTls = `https://${await bind(createTlsServer(certificate, front), options.tlsPort, '--tls-port')}`;
  firehoseUrl = `http://${await bind(createServer(front), options.port, '--port')}`;

  // What works; from the first put that can come to here nothing is awaited.
  const environment = {
    AWS_ENDPOINT_URL_FIREHOSE: `${firehoseUrl}${transformPath}`,
    AWS_ENDPOINT_URL_SQS: firehoseUrl,
    AWS_ENDPOINT_URL_S3: firehoseUrl,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    ...credentialsOf(options),
    ...slackWebhooks(options, `${consoleUrl}/slack`),
    // Secrets for the webhooks of infra/firesplit.yml come from the environment: there is no SSM here.
    WEBHOOK_PARAMETERS: process.env.WEBHOOK_PARAMETERS || '{}',
    ...config,
    ...rules,
  };
  closers.push(
    () => functions.stop(),
    () => streams.close(),
  );
  const deployed = new Set(['transform', 'alert', ...schedules.map((schedule) => schedule.function)]);
  for (const name of deployed) functions.deploy(name, environment);
  const { batchSize, concurrency } = functionConfig(infra, 'alert', root);
  const consumer = new QueueConsumer({
    queue,
    queueArn: infra.attribute('SignalsQueue', 'Arn'),
    region,
    batchSize,
    concurrency,
    invoke: functions.invoker('alert'),
    clock: systemClock,
    events,
  });
  const schedulers = schedules.map((schedule) => {
    const every = options.sweep === undefined ? schedule.every : options.sweep * 1000;
    const invoke = functions.invoker(schedule.function);
    return new Scheduler({ schedule: { ...schedule, every }, region, accountId, invoke, clock: systemClock });
  });
  closers.push(
    () => consumer.stop(),
    () => Promise.all(schedulers.map((scheduler) => scheduler.stop())),
  );
  streams.start();
  consumer.start();
  for (const scheduler of schedulers) scheduler.start();

  const urls = { firehose: firehoseUrl, firehoseTls, slack: `${consoleUrl}/slack`, console: consoleUrl };
  const place = { data, ca: caFile, stream: template.config.name, bucket };
  const flushAll = async () => {
    await streams.flush();
    await consumer.drain();
    await Promise.all(schedulers.map((scheduler) => scheduler.run()));
    // What a sweep found in the bucket went back to the queue.
    await consumer.drain();
  };
  return {
    urls,
    ...place,
    ready: { ...urls, ...place },
    events,
    flush: flushAll,
    async stop() {
      stopping = true;
      await flushAll().finally(closeAll);
    },
  };
}

/** The functions sign with the key that the endpoint asks for. */
function credentialsOf({ credentials }: StackOptions): { readonly [variable: string]: string } {
  if (!credentials) return {};
  return { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
}

/** Where functions/adapters/destinations/slack finds the webhooks: those that were named, and the inbox for the others. */
function slackWebhooks({ slack = {} }: StackOptions, inbox: string): { readonly [variable: string]: string } {
  const named = { SLACK_WEBHOOK_URLS: JSON.stringify(slack) };
  if (slack.default !== undefined) return { ...named, SLACK_WEBHOOK_URL: slack.default };
  return { ...named, SLACK_WEBHOOK_URL: inbox, SLACK_WEBHOOK_BASE: `${inbox}/` };
}

/** Checks the configuration and leaves it where the functions read it. */
async function compileConfig(configFile: string, data: string): Promise<string> {
  const file = join(data, 'config.json');
  await writeFile(file, JSON.stringify(await loadConfig(configFile)));
  return file;
}

/** Checks the rules and leaves them where the functions read them. */
async function compileRules(folder: string, configFile: string, data: string): Promise<string> {
  const { alerts } = await loadConfig(configFile);
  const rules = await loadRules(folder, alerts);
  const file = join(data, 'rules.json');
  await writeFile(file, JSON.stringify(rules));
  return file;
}
