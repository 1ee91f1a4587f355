import type { LocalDynamoDB } from '../aws/dynamodb.js';
import { transformPath } from '../aws/front.js';
import { silencePath } from '../console/silencePage.js';
import { systemClock } from '../firehose/clock.js';
import type { LocalFunctions } from '../lambda/localFunctions.js';
import { parallelInvocations } from '../lambda/parallelism.js';
import { drainAll, QueueConsumer } from '../queue/consumer.js';
import { Scheduler } from '../schedule/scheduler.js';
import type { StackContext } from './context.js';
import type { Deployment } from './deployment.js';
import type { Servers } from './servers.js';
import type { StackOptions } from './stack.js';
import type { Stores } from './stores.js';

/** What works on the data. */
export interface Workers {
  /** Transforms, delivers and tells everything that was accepted so far; the scheduled functions run once more for it. */
  flush(): Promise<void>;
}

/**
 * Deploys the functions and starts what invokes them: the streams, the queues' consumers and the schedulers. Nothing is
 * awaited here: the endpoint listens already, and a first put must find the streams started.
 */
export function startWorkers(
  context: StackContext,
  deployment: Deployment,
  functions: LocalFunctions,
  stores: Stores,
  servers: Servers,
): Workers {
  const { streams } = stores;
  const { closers } = context;
  closers.add(
    () => functions.stop(),
    () => streams.close(),
  );
  const deploy = () => {
    const environment = environmentOf(context.options, deployment, stores, servers);
    for (const name of deployment.infra.functionNames) functions.deploy(name, environment);
  };
  deploy();
  // What is warm has read its settings: new ones take functions that start afresh.
  closers.add(deployment.settings.watch(systemClock, deploy));
  const consumers = consumersOf(context, deployment, functions, stores);
  const schedulers = schedulersOf(context, deployment, functions);
  closers.add(
    () => Promise.all(consumers.map((consumer) => consumer.stop())),
    () => Promise.all(schedulers.map((scheduler) => scheduler.stop())),
  );
  streams.start();
  for (const consumer of consumers) consumer.start();
  for (const scheduler of schedulers) scheduler.start();
  return {
    async flush() {
      await streams.flush();
      await drainAll(consumers);
      // What a replay has put on the stream meanwhile.
      await streams.flush();
      await drainAll(consumers);
      await Promise.all(schedulers.map((scheduler) => scheduler.run()));
      // What a sweep found in the bucket went back to the queue.
      await drainAll(consumers);
    },
  };
}

/** What the functions are told beside what infra/functions.yml tells them. */
function environmentOf(
  options: StackOptions,
  { settings }: Deployment,
  stores: Stores,
  { urls }: Servers,
): { readonly [variable: string]: string } {
  return {
    AWS_ENDPOINT_URL_FIREHOSE: `${urls.firehose}${transformPath}`,
    AWS_ENDPOINT_URL_SQS: urls.firehose,
    AWS_ENDPOINT_URL_S3: urls.firehose,
    AWS_ENDPOINT_URL_GLUE: urls.firehose,
    AWS_ENDPOINT_URL_ATHENA: urls.firehose,
    // E-mails are shown in the inbox: nothing is published from here.
    AWS_ENDPOINT_URL_SNS: urls.firehose,
    // Whoever can reach this machine's stream can read its folder too: the key only has to be the same after a restart.
    PUT_BACK_KEYS: 'local',
    // Nobody else is kept from this stream: a replay may take what the machine gives, unless whoever runs this wants to watch it.
    REPLAY_MEGABYTES_PER_SECOND: process.env.REPLAY_MEGABYTES_PER_SECOND || '50',
    REPLAY_RECORDS_PER_SECOND: process.env.REPLAY_RECORDS_PER_SECOND || '100000',
    ...accessOf(options, stores.dynamodb, urls.firehose),
    ...slackWebhooks(options, urls.slack),
    ...silenceLinks(settings, stores, urls.console),
    // Secrets for the webhooks of infra/firesplit.yml come from the environment: there is no SSM here.
    WEBHOOK_PARAMETERS: process.env.WEBHOOK_PARAMETERS || '{}',
    // Nothing leaves this machine unless whoever runs this says so; then secrets come from the environment too.
    ...(options.forward ? {} : { FORWARD_INTAKE: urls.intake }),
    FORWARD_PARAMETERS: process.env.FORWARD_PARAMETERS || '{}',
    // Redaction rules hash with the key of whoever runs this.
    ...(process.env.REDACT_HASH_KEY ? { REDACT_HASH_KEY: process.env.REDACT_HASH_KEY } : {}),
    ...settings.variables,
  };
}

/**
 * The functions sign with the key that the endpoint asks for. When it asks for none they have that of DynamoDB's own port,
 * which spares each of their many requests to it a second hop.
 */
function accessOf({ credentials }: StackOptions, dynamodb: LocalDynamoDB, endpoint: string) {
  const [url, { accessKeyId, secretAccessKey }] = credentials
    ? [endpoint, credentials]
    : [dynamodb.endpoint, { accessKeyId: dynamodb.accessKey, secretAccessKey: dynamodb.accessKey }];
  return {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

/** Where functions/adapters/destinations/slack finds the webhooks: those that were named, and the inbox for the others. */
function slackWebhooks({ slack = {} }: StackOptions, inbox: string): { readonly [variable: string]: string } {
  const named = { SLACK_WEBHOOK_URLS: JSON.stringify(slack) };
  if (slack.default !== undefined) return { ...named, SLACK_WEBHOOK_URL: slack.default };
  return { ...named, SLACK_WEBHOOK_URL: inbox, SLACK_WEBHOOK_BASE: `${inbox}/` };
}

/** Where the links in messages lead, while the configuration says that there are any. */
function silenceLinks(
  { config }: Deployment['settings'],
  { linkKey }: Stores,
  console: string,
): { readonly [variable: string]: string } {
  const url = config.alerts?.silence_links ? { SILENCE_URL: `${console}${silencePath}` } : {};
  return { ...url, SILENCE_KEYS: linkKey };
}

/** Feeds the functions from their queues. */
function consumersOf(
  { region, events }: StackContext,
  { queueEvents }: Deployment,
  functions: LocalFunctions,
  { queues }: Stores,
): QueueConsumer[] {
  return queueEvents.flatMap(({ function: name, queueArn, batchSize, maximumConcurrency = parallelInvocations }) => {
    const queue = queues.get(queueArn.split(':').at(-1) ?? '');
    if (!queue) return [];
    const feeding = { queue, queueArn, batchSize, concurrency: maximumConcurrency, invoke: functions.invoker(name) };
    return new QueueConsumer({ ...feeding, region, clock: systemClock, events });
  });
}

function schedulersOf(
  { options, region, accountId }: StackContext,
  { schedules }: Deployment,
  functions: LocalFunctions,
): Scheduler[] {
  return schedules.map((schedule) => {
    const every = options.sweep === undefined ? schedule.every : options.sweep * 1000;
    const invoke = functions.invoker(schedule.function);
    return new Scheduler({ schedule: { ...schedule, every }, region, accountId, invoke, clock: systemClock });
  });
}
