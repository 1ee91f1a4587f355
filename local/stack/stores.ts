import { join } from 'node:path';
import { firehose as limits } from '../../shared/limits.js';
import { type LocalDynamoDB, startDynamoDB } from '../aws/dynamodb.js';
import { closeServer } from '../aws/listen.js';
import { systemClock } from '../firehose/clock.js';
import { Faults } from '../firehose/faults.js';
import { Streams } from '../firehose/stream/streams.js';
import { keptDays } from '../infra/keptDays.js';
import { Intake } from '../intake/intake.js';
import type { LocalFunctions } from '../lambda/localFunctions.js';
import { parallelInvocations } from '../lambda/parallelism.js';
import { Meter } from '../meter/meter.js';
import { countWrites } from '../meter/requests.js';
import { openQueues, type Queues } from '../queue/openQueues.js';
import { type SlackInbox, slackInbox } from '../slack/inbox.js';
import { type Buckets, openBuckets } from './buckets.js';
import type { StackContext } from './context.js';
import type { Deployment } from './deployment.js';
import { landedNotifier } from './landedNotifier.js';
import { linkKeyOf } from './linkKey.js';

/** What holds data. */
export interface Stores {
  readonly meter: Meter;
  /** Records that no object has yet; they are processed once the streams are started. */
  readonly streams: Streams;
  /** What goes wrong in them on demand. */
  readonly faults: Faults;
  readonly buckets: Buckets;
  readonly queues: Queues;
  readonly dynamodb: LocalDynamoDB;
  readonly inbox: SlackInbox;
  /** Signs the links in messages. */
  readonly linkKey: string;
  readonly intake: Intake;
}

/** Opens what the data folder holds, at first empty. The streams are left to be closed by whoever starts them. */
export async function openStores(
  context: StackContext,
  deployment: Deployment,
  functions: LocalFunctions,
): Promise<Stores> {
  const { options, data, region, events, closers } = context;
  const { infra, bucket } = deployment;
  const meter = await Meter.open({ data, clock: systemClock, events, kept: keptDays(infra) });
  closers.add(() => meter.close());
  const queues = await openQueues(infra.resourcesOfType('AWS::SQS::Queue'), join(data, 'queue'));
  const created = await landedNotifier(context, deployment, queues);
  const buckets = await openBuckets({ ...options, data, region, bucket, created });
  closers.add(() => buckets.close());
  await buckets.check(bucket);
  const faults = new Faults(options.fault, options.faultSeed);
  const streams = await openStreams(context, deployment, { functions, buckets, faults });
  const dynamodb = await startDynamoDB(join(data, 'dynamodb'), infra.resourcesOfType('AWS::DynamoDB::Table'));
  closers.add(() => closeServer(dynamodb.server));
  countWrites(dynamodb.server, events);
  const inbox = slackInbox({ folder: join(data, 'slack') });
  inbox.on('message', (message) => events.emit('alert', message));
  const intake = new Intake();
  intake.on('forwarded', (entries) => events.emit('forwarded', { entries }));
  const linkKey = await linkKeyOf(data);
  return { meter, streams, faults, buckets, queues, dynamodb, inbox, linkKey, intake };
}

/** Milliseconds: AWS takes up to a minute, and a test of whoever waits for it needs no more than to see the state. */
const stateTime = 5000;

function openStreams(
  { options, data, region, accountId, events }: StackContext,
  { stream, flush }: Deployment,
  { functions, buckets, faults }: { functions: LocalFunctions; buckets: Buckets; faults: Faults },
): Promise<Streams> {
  return Streams.open({
    data,
    region,
    accountId,
    clock: systemClock,
    events,
    template: stream,
    flush,
    limit: limits.maxStreams,
    stateTime: options.asAws ? stateTime : undefined,
    objects: (name, staging) => buckets.open(name, staging),
    invoke: (functionArn) => functions.invokerOf(functionArn),
    more: { faults, maxInvocations: parallelInvocations },
  });
}
