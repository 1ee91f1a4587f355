import { type LineItem, priced, type Quantity, type Stage, totalOf } from '../../shared/cost/lineItem.js';
import { stored, storedParquet } from '../../shared/cost/storing.js';
import { GB, month } from '../../shared/cost/traffic.js';
import { prices } from '../../shared/prices.js';
import { type StoredKind, type StreamUsage, storedKinds, type Usage } from './usage.js';

/** What AWS would charge. */
export interface Bill {
  readonly items: readonly LineItem[];
  readonly dollars: number;
  /** All the time at the average rate since the counting began; undefined while that is too short to tell. */
  readonly monthlyDollars: number | undefined;
  /** Undefined until lines were seen. */
  readonly aggregation: Aggregation | undefined;
}

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
  const items = priced(quantitiesOf(usage));
  const dollars = totalOf(items);
  return {
    items,
    dollars,
    monthlyDollars: usage.upMs >= leastTime ? (dollars * month.seconds * 1000) / usage.upMs : undefined,
    aggregation: aggregationOf(Object.values(usage.streams)),
  };
}

function quantitiesOf({ streams, partitioning, objects, functions, requests, stored: kept }: Usage): Quantity[] {
  const ingested = sum(Object.values(streams), ({ billedBytes }) => billedBytes);
  return [
    {
      stage: 'ingestion',
      price: 'firehoseIngestion',
      what: 'records, each rounded up to 5 KB',
      quantity: ingested / GB,
    },
    {
      stage: 'delivery',
      price: 'firehosePartitioning',
      what: 'dynamic partitioning, data',
      quantity: partitioning.bytes / GB,
    },
    {
      stage: 'delivery',
      price: 'firehoseObjects',
      what: 'dynamic partitioning, objects',
      quantity: partitioning.objects,
    },
    { stage: 'delivery', price: 's3Puts', what: 'PUT by Firehose', quantity: objects },
    ...Object.entries(functions).flatMap(([name, { invocations, gbSeconds }]): Quantity[] => {
      const stage = stageOf[name] ?? 'transform';
      return [
        { stage, price: 'lambdaRequests', what: `invocations of ${name}`, quantity: invocations },
        { stage, price: 'lambdaDuration', what: `compute of ${name}, arm64`, quantity: gbSeconds },
      ];
    }),
    { stage: 'compaction', price: 's3Puts', what: 'PUT, LIST by functions', quantity: requests.s3 },
    { stage: 'compaction', price: 's3Gets', what: 'GET by functions', quantity: requests.s3Gets },
    ...storedKinds.flatMap((kind) => storage(kind, kept[kind])),
    { stage: 'alerts', price: 'sqsRequests', what: 'send, receive, delete', quantity: requests.sqs },
    { stage: 'alerts', price: 'dynamodbWrites', what: 'states of rules and keys', quantity: requests.dynamodb },
  ];
}

const stageOf: Readonly<Record<string, Stage>> = {
  alert: 'alerts',
  silence: 'alerts',
  sweep: 'sweep',
  compact: 'compaction',
  forward: 'forwarding',
  replay: 'ingestion',
  replayWorker: 'ingestion',
};

/** A minute; what a shorter time says about a month is noise. */
const leastTime = 60_000;

/** What was written, for all the time that it is kept. */
function storage(kind: StoredKind, { bytes, days }: Usage['stored'][StoredKind]): Quantity[] {
  const months = bytes / GB / month.days;
  // Of large objects, as those of a busy stream are.
  if (kind === 'parquet') return storedParquet('Parquet', { gb: months, objects: 0 }, days);
  return [stored(`${storedName[kind]}, kept ${days} days`, months * days)];
}

const storedName = {
  landed: 'landed lines',
  indexes: 'identities of lines',
} as const;

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
