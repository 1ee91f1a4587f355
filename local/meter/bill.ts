import { prices } from '../../shared/prices.js';
import { type StoredKind, type StreamUsage, storedKinds, type Usage } from './usage.js';

/** What AWS would charge. */
export interface Bill {
  readonly items: readonly BillItem[];
  readonly dollars: number;
  /** All the time at the average rate since the counting began; undefined while that is too short to tell. */
  readonly monthlyDollars: number | undefined;
  /** Undefined until lines were seen. */
  readonly aggregation: Aggregation | undefined;
}

interface BillItem {
  readonly service: 'Firehose' | 'Lambda' | 'S3' | 'SQS' | 'DynamoDB';
  readonly what: string;
  readonly quantity: number;
  readonly unit: Unit;
  readonly dollars: number;
}

export type Unit = 'bytes' | 'objects' | 'requests' | 'GB-seconds' | 'writes';

/** Firehose's ingestion of the same lines, as they were sent and had each been a record of its own. */
export interface Aggregation {
  readonly lines: number;
  readonly rawBytes: number;
  readonly sentDollars: number;
  readonly lineByLineDollars: number;
  /** For a TB (1,024 GB) of lines. */
  readonly sentDollarsPerTb: number;
  readonly lineByLineDollarsPerTb: number;
  /** Not every record was looked into for its lines. */
  readonly isEstimate: boolean;
}

export function billOf(usage: Usage): Bill {
  const streams = Object.values(usage.streams);
  const functions = Object.values(usage.functions);
  const { partitioning, requests } = usage;
  const ingested = sum(streams, ({ billedBytes }) => billedBytes);
  const invocations = sum(functions, (each) => each.invocations);
  const gbSeconds = sum(functions, (each) => each.gbSeconds);
  const puts = usage.objects + requests.s3;
  const items: BillItem[] = [
    item('Firehose', 'records, each rounded up to 5 KB', ingested, 'bytes', prices.firehoseIngestPerGb / GB),
    item('Firehose', 'dynamic partitioning, data', partitioning.bytes, 'bytes', prices.firehosePartitioningPerGb / GB),
    item(
      'Firehose',
      'dynamic partitioning, objects',
      partitioning.objects,
      'objects',
      prices.firehosePartitioningPer1000Objects / 1000,
    ),
    item('Lambda', 'invocations', invocations, 'requests', prices.lambdaPerMillionRequests / 1e6),
    // As serverless.yml deploys it.
    item('Lambda', 'compute, arm64', gbSeconds, 'GB-seconds', prices.lambdaPerGbSecond.arm64),
    item('S3', 'PUT, LIST', puts, 'requests', prices.s3Per1000Puts / 1000),
    item('S3', 'GET', requests.s3Gets, 'requests', prices.s3Per1000Gets / 1000),
    ...storedKinds.map((kind) => storage(kind, usage.stored[kind])),
    item('SQS', 'send, receive, delete', requests.sqs, 'requests', prices.sqsPerMillionRequests / 1e6),
    item('DynamoDB', 'write request units', requests.dynamodb, 'writes', prices.dynamodbPerMillionWrites / 1e6),
  ];
  const dollars = sum(items, (each) => each.dollars);
  return {
    items,
    dollars,
    monthlyDollars: usage.upMs >= leastTime ? (dollars * month) / usage.upMs : undefined,
    aggregation: aggregationOf(streams),
  };
}

/** AWS bills by the GB of 2^30 bytes. */
const GB = 2 ** 30;

/** 730 hours, as AWS's own calculator has it; in ms. */
const month = 730 * 3600 * 1000;

/** A minute; what a shorter time says about a month is noise. */
const leastTime = 60_000;

/** What was written, for all the time that it is kept. */
function storage(kind: StoredKind, { bytes, days }: Usage['stored'][StoredKind]): BillItem {
  const dollarsPerByte = (prices.s3PerGbMonth / GB) * ((days * 24 * 3600 * 1000) / month);
  return item('S3', `${storedName[kind]}, kept ${days} days`, bytes, 'bytes', dollarsPerByte);
}

const storedName: Readonly<Record<StoredKind, string>> = {
  landed: 'landed lines',
  parquet: 'Parquet',
  indexes: 'identities of lines',
};

function item(
  service: BillItem['service'],
  what: string,
  quantity: number,
  unit: Unit,
  dollarsPerUnit: number,
): BillItem {
  return { service, what, quantity, unit, dollars: quantity * dollarsPerUnit };
}

function aggregationOf(streams: readonly StreamUsage[]): Aggregation | undefined {
  // A stream's records that were not looked into are taken to hold lines like those that were.
  const seen = streams
    .filter(({ lines }) => lines.lines > 0)
    .map((stream) => ({ ...stream, scale: stream.clientBytes / stream.lines.sentBytes }));
  if (seen.length === 0) return undefined;
  const rawBytes = sum(seen, ({ lines, scale }) => lines.rawBytes * scale);
  const dollarsFor = (bytes: number) => (bytes / GB) * prices.firehoseIngestPerGb;
  const sentDollars = dollarsFor(sum(seen, ({ billedBytes }) => billedBytes));
  const lineByLineDollars = dollarsFor(sum(seen, ({ lines, scale }) => lines.billedBytes * scale));
  const perTb = (dollars: number) => (dollars * 1024 * GB) / rawBytes;
  return {
    lines: Math.round(sum(seen, ({ lines, scale }) => lines.lines * scale)),
    rawBytes: Math.round(rawBytes),
    sentDollars,
    lineByLineDollars,
    sentDollarsPerTb: perTb(sentDollars),
    lineByLineDollarsPerTb: perTb(lineByLineDollars),
    isEstimate: seen.some(({ clientBytes, lines }) => clientBytes !== lines.sentBytes),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, each) => total + value(each), 0);
}
