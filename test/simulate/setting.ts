import { flushFor } from '../../local/firelens/flush.js';
import { Infra } from '../../local/infra/infra.js';
import { projectRoot } from '../../local/infra/project.js';
import { attributesOf } from '../../local/queue/queueAttributes.js';
import { queueEventsIn } from '../../local/queue/queueEvents.js';
import { aggregateBytes, sentPerRaw } from '../../shared/cost/measured.js';
import { along, canarySent, GB } from '../../shared/cost/traffic.js';
import { firehose } from '../../shared/limits.js';
import { peak } from './day.js';

const MiB = 2 ** 20;
const daySeconds = 86_400;

/** Of a stream that AWS has not raised. */
export const quotas = firehose.streamQuotas('us-east-1');

/** What is logged, and by how many. */
export interface Load {
  /** Raw lines, GB of 2^30 bytes. */
  readonly gbPerDay: number;
  readonly services: number;
  /** Each is in one service, and they log alike. */
  readonly containers: number;
}

/** How a deployment is set up for its load. */
export interface Setting {
  /** Deployments that share the load evenly; each has a stream, a table and functions of its own. */
  readonly deployments: number;
  /** `Flush` of Fluent Bit, seconds. */
  readonly flush: number;
  /** The stream's quota of bytes, MiB/s; those of records and requests grow with it. */
  readonly quotaMiB: number;
  /** Of the functions, MB, with what invokes them. */
  readonly transform: { readonly memory: number };
  readonly alert: QueueFunction;
  readonly sweep: { readonly memory: number; readonly timeout: number };
  /** Of the signal queue. */
  readonly queue: { readonly visibility: number; readonly maxReceives: number };
}

interface QueueFunction {
  readonly memory: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly batchSize: number;
  /** How long Lambda waits until so many have come, milliseconds. */
  readonly batchWindow: number;
  readonly concurrency: number;
}

/** What a person sets apart from what is deployed. */
export type Changes = Partial<Pick<Setting, 'deployments' | 'flush' | 'quotaMiB'>> & {
  readonly alertMemory?: number;
  readonly alertBatch?: number;
  readonly alertWindow?: number;
  readonly alertConcurrency?: number;
  readonly transformMemory?: number;
};

/** Of one stream, before a load is better spread over deployments, MiB/s: as much as `ThroughputHintInMBs` can name. */
const largestQuota = 100;

/** Of one deployment, services of ten containers: two instances of the alert function count no more keys together (docs/scale.md). */
const mostServices = 2500;

/** Seconds that signals wait for others: what `alertWindow` saves where the transform runs often, and for the keys of many services. */
function windowFor({ gbPerDay, services }: Load, deployments: number): number {
  if (services / deployments > 500) return 10;
  return gbPerDay / deployments >= 500 ? 5 : 1;
}

/** The settings of infra/, and for the load what docs/scale.md says to set. */
export async function settingFor(load: Load, changes: Changes = {}): Promise<Setting> {
  const flush = changes.flush ?? flushFor(rawPerSecond(load) / load.containers);
  const { records, bytes, canaries } = flushedBy(load, flush);
  const sent = records * bytes + canaries * canarySent;
  const needed = Math.max((peak * sent) / MiB, (peak * records + canaries) / requestsPerMiB);
  const deployments = changes.deployments ?? Math.ceil(Math.max(needed / largestQuota, load.services / mostServices));
  const least = quotas.bytesPerSecond / MiB;
  const quotaMiB = changes.quotaMiB ?? Math.max(least, Math.ceil(needed / deployments / least) * least);
  const deployed = await deployedSetting();
  const alert = {
    ...deployed.alert,
    memory: changes.alertMemory ?? deployed.alert.memory,
    batchSize: changes.alertBatch ?? deployed.alert.batchSize,
    batchWindow: (changes.alertWindow ?? windowFor(load, deployments)) * 1000,
    concurrency: changes.alertConcurrency ?? deployed.alert.concurrency,
  };
  const transform = { memory: changes.transformMemory ?? deployed.transform.memory };
  return { ...deployed, deployments, flush, quotaMiB, transform, alert };
}

/** Requests and records a second for each MiB/s of quota: the three are raised together. */
export const requestsPerMiB = quotas.requestsPerSecond / (quotas.bytesPerSecond / MiB);
export const recordsPerMiB = quotas.recordsPerSecond / (quotas.bytesPerSecond / MiB);

/** What the routers of a load send in a second, on the mean of a day. */
export function flushedBy(load: Load, flush: number) {
  const perContainer = rawPerSecond(load) / load.containers;
  const rawBytes = Math.min(aggregateBytes, perContainer * flush);
  return {
    records: rawPerSecond(load) / rawBytes,
    /** Of a record, written and sent. */
    rawBytes,
    bytes: rawBytes * along(sentPerRaw, rawBytes),
    /** Each router writes one a minute. */
    canaries: load.containers / 60,
  };
}

function rawPerSecond({ gbPerDay }: Load): number {
  return (gbPerDay * GB) / daySeconds;
}

async function deployedSetting() {
  const infra = await Infra.load(projectRoot(), {
    region: 'us-east-1',
    id: '1',
    stage: 'simulated',
    queueUrl: () => '',
  });
  const numberOf = (name: string, key: string) => Number(infra.functionSettings(name).settings[key]);
  const { settings, at } = infra.functionSettings('alert');
  const [event] = queueEventsIn(settings.events ?? null, 'alert', at);
  const listed = settings.events as unknown as readonly {
    readonly sqs: { readonly maximumBatchingWindow?: number | string };
  }[];
  if (!event?.maximumConcurrency)
    throw new Error('the alert function of infra/functions.yml has no maximumConcurrency');
  const attributes = attributesOf(infra.resource('SignalsQueue').properties);
  return {
    transform: { memory: numberOf('transform', 'memorySize') },
    alert: {
      memory: numberOf('alert', 'memorySize'),
      timeout: numberOf('alert', 'timeout') * 1000,
      batchSize: event.batchSize,
      batchWindow: Number(listed[0]?.sqs.maximumBatchingWindow ?? 0) * 1000,
      concurrency: event.maximumConcurrency,
    },
    sweep: { memory: numberOf('sweep', 'memorySize'), timeout: numberOf('sweep', 'timeout') * 1000 },
    queue: { visibility: attributes.visibility, maxReceives: Number(attributes.redrivePolicy?.maxReceiveCount) },
  };
}
