import { billOf } from '../../../local/meter/bill.js';
import { type KeptDays, newUsage, streamUsage } from '../../../local/meter/usage.js';
import { compaction } from '../../../shared/limits.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import { prices } from '../../../shared/prices.js';
import type { StorageResult } from './day.js';
import type { DeployedWorker } from './worker.js';

/** What a TB of raw lines costs, from the collector to the last day that it is kept, in US dollars. */
export interface TbCost {
  readonly ingestion: number;
  readonly partitioning: number;
  readonly transform: number;
  readonly puts: number;
  readonly landedStorage: number;
  readonly compaction: number;
  readonly compactionRequests: number;
  readonly identityStorage: number;
  readonly parquetStorage: number;
  readonly queries: number;
}

/** Of memory, and days that storage is kept, as infra/ has them. */
export interface Deployed extends Pick<DeployedWorker, 'memoryMb' | 'vcpus'> {
  readonly transformMemoryMb: number;
  readonly kept: KeptDays;
}

const GB = 2 ** 30;
export const TB = 1024 * GB;
const MINUTES_OF_DAY = 1440;
/** 730 hours, as in local/meter/bill.ts. */
export const DAYS_OF_MONTH = 730 / 24;
/** infra/resources/firehose.yml: what an invocation takes at most, how long it waits, and how large an object is at most. */
const INVOCATION_BYTES = 3 * 2 ** 20;
const INVOCATIONS_OF_DAY = (MINUTES_OF_DAY * 60) / 20;
const OBJECT_BYTES = 128 * 2 ** 20;
/** infra/functions.yml: a run starts a worker for each type. */
const RUNS_OF_DAY = MINUTES_OF_DAY / 5;
/** Each question of the benchmark, about a day that has passed: twice a working day. */
export const ASKED_EACH_MONTH = 44;

/** @param rawBytesPerDay what the stream takes in a day, in lines as they were logged */
export function costOfTb(result: StorageResult, rawBytesPerDay: number, deployed: Deployed): TbCost {
  const { landed, hourly, daily } = result;
  const days = TB / rawBytesPerDay;
  const ofTb = (bytes: number) => (bytes / landed.raw) * TB;
  const landedPerDay = ofTb(landed.landed) / days;
  const objects = Math.max(logTypes.length * MINUTES_OF_DAY, landedPerDay / OBJECT_BYTES) * days;
  const largestManifest = landed.landed / daily.jobs.length;
  const manifests = Math.max(logTypes.length * 24, landedPerDay / largestManifest) * days;
  const workers = RUNS_OF_DAY * logTypes.length * days;

  const usage = newUsage(0, deployed.kept);
  streamUsage(usage, 'logs').billedBytes = TB * landed.billedPerRaw;
  usage.partitioning.bytes = ofTb(landed.landed);
  usage.partitioning.objects = objects;
  usage.objects = objects;
  usage.functions.transform = {
    invocations: Math.max(INVOCATIONS_OF_DAY * days, (TB * landed.sentPerRaw) / INVOCATION_BYTES),
    gbSeconds: landed.transformCpuPerGb * 1024 * (deployed.transformMemoryMb / 1024),
  };
  usage.stored.landed.bytes = ofTb(landed.landed);

  const compacting = newUsage(0, deployed.kept);
  const seconds = ofTb(daily.whole.cpuMs / deployed.vcpus) / 1000 + (workers * hourly.idle.cpuMs) / 1000;
  compacting.functions.compact = {
    invocations: workers + RUNS_OF_DAY * days,
    gbSeconds: seconds * (deployed.memoryMb / 1024),
  };
  compacting.stored.parquet.bytes = ofTb(result.parquet.bytes);
  compacting.stored.indexes.bytes = ofTb(result.indexes.bytes);
  const ofManifest = (requests: number) => (requests / hourly.jobs.length) * manifests;
  compacting.requests.s3 = ofManifest(hourly.whole.requests.putOrList) + workers * hourly.idle.requests.putOrList;
  compacting.requests.s3Gets =
    objects + ofManifest(hourly.whole.requests.get - landed.objects) + workers * hourly.idle.requests.get;
  // Sent, received, deleted.
  compacting.requests.sqs = workers * 3;

  const [landing, parquet] = [billOf(usage), billOf(compacting)];
  return {
    ingestion: dollarsOf(landing, 'Firehose', /^records/),
    partitioning: dollarsOf(landing, 'Firehose', /^dynamic/),
    transform: dollarsOf(landing, 'Lambda'),
    puts: dollarsOf(landing, 'S3', /^PUT/),
    landedStorage: dollarsOf(landing, 'S3', /^landed/),
    compaction: dollarsOf(parquet, 'Lambda'),
    compactionRequests: dollarsOf(parquet, 'S3', /^(PUT|GET)/) + dollarsOf(parquet, 'SQS'),
    identityStorage: dollarsOf(parquet, 'S3', /^identities/),
    parquetStorage: dollarsOf(parquet, 'S3', /^Parquet/),
    queries: queryDollars(result, rawBytesPerDay),
  };
}

function dollarsOf(bill: ReturnType<typeof billOf>, service: string, what = /./): number {
  return bill.items
    .filter((item) => item.service === service && what.test(item.what))
    .reduce((sum, { dollars }) => sum + dollars, 0);
}

/** Each question reads its columns of a day and, since the view goes on behind its boundary, what has landed since. */
function queryDollars({ landed, questions }: StorageResult, rawBytesPerDay: number): number {
  const scale = rawBytesPerDay / landed.raw;
  // Half of an hourly window, and the time until it counts as closed.
  const open = landed.landed * ((30 + compaction.closingTime / 60_000) / MINUTES_OF_DAY);
  const readBytes = questions.reduce(
    (sum, { after }) => sum + Math.max(prices.athenaLeastBytes, (after.readBytes + open) * scale),
    0,
  );
  const ofMonth = ((readBytes * ASKED_EACH_MONTH) / TB) * prices.athenaPerTb;
  return ofMonth * (TB / (rawBytesPerDay * DAYS_OF_MONTH));
}

/** What one worker keeps up with, if it uses all of its vCPUs all the time. */
export function keepsUpWith({ landed, daily }: StorageResult, { vcpus }: Pick<Deployed, 'vcpus'>) {
  const secondsOfDayOfLines = daily.whole.cpuMs / 1000 / vcpus;
  return {
    landedGbPerHour: (landed.landed / GB / secondsOfDayOfLines) * 3600,
    rawTbPerDay: (landed.raw / TB / secondsOfDayOfLines) * 86_400,
  };
}
