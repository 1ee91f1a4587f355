import { setTimeout as sleep } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { firehose } from '../../shared/limits.js';
import { aggregate } from './collector.js';

export interface ShipOptions {
  /** URL of the Firehose API. */
  readonly endpoint: string;
  readonly stream: string;
  /** One record for each line, as Fluent Bit does without `simple_aggregation`. */
  readonly plain?: boolean;
  /** Called after each request with the lines that are acknowledged so far. */
  readonly onProgress?: (lines: number) => void;
}

export interface Shipped {
  readonly lines: number;
  readonly records: number;
  readonly requests: number;
  /** Bytes of the FireLens records. */
  readonly bytes: number;
  /** Bytes of the Firehose records: the same when plain, compressed when aggregated. */
  readonly sent: number;
  /** What Firehose bills for them: each record rounded up to 5 KB. */
  readonly billed: number;
}

/**
 * Sends FireLens records to a Firehose stream through the AWS SDK, the way Fluent Bit does.
 *
 * @throws what the SDK throws when the stream can't be reached or doesn't exist
 */
export async function ship(records: AsyncIterable<string> | Iterable<string>, options: ShipOptions): Promise<Shipped> {
  const client = new FirehoseClient({
    endpoint: options.endpoint,
    region: process.env.AWS_REGION ?? 'us-east-1',
    // The local endpoint checks no signature, but the SDK signs every request.
    ...(isLocal(options.endpoint) ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
  });
  const total = { lines: 0, records: 0, requests: 0, bytes: 0, sent: 0, billed: 0 };
  try {
    for await (const batch of options.plain ? plainBatches(records) : aggregatedBatches(records)) {
      await put(client, options.stream, batch.data);
      total.requests++;
      total.records += batch.data.length;
      total.lines += batch.lines;
      total.bytes += batch.bytes;
      for (const { length } of batch.data) {
        total.sent += length;
        total.billed += billedBytes(length);
      }
      options.onProgress?.(total.lines);
    }
  } finally {
    client.destroy();
  }
  return total;
}

/** Firehose bills each record as a multiple of 5 KB. */
export function billedBytes(recordBytes: number): number {
  return Math.ceil(recordBytes / firehose.billingIncrementBytes) * firehose.billingIncrementBytes;
}

interface Batch {
  readonly data: Buffer[];
  readonly lines: number;
  readonly bytes: number;
}

/** One aggregate makes one request, as with Fluent Bit. */
async function* aggregatedBatches(records: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Batch> {
  for await (const { data, lines, bytes } of aggregate(records)) yield { data: [data], lines, bytes };
}

async function* plainBatches(records: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Batch> {
  let data: Buffer[] = [];
  let bytes = 0;
  for await (const record of records) {
    const next = Buffer.from(record);
    if (data.length === firehose.maxBatchRecords || bytes + next.length > firehose.maxBatchBytes) {
      yield { data, lines: data.length, bytes };
      data = [];
      bytes = 0;
    }
    data.push(next);
    bytes += next.length;
  }
  if (data.length > 0) yield { data, lines: data.length, bytes };
}

/** A stream that is throttled takes a batch in part: what it refused is sent again, until it is all acknowledged. */
async function put(client: FirehoseClient, stream: string, data: readonly Buffer[]): Promise<void> {
  let pending = data;
  for (let delay = 100; pending.length > 0; delay = Math.min(2 * delay, 5000)) {
    const { FailedPutCount, RequestResponses = [] } = await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: pending.map((Data) => ({ Data })) }),
    );
    if (!FailedPutCount) return;
    pending = pending.filter((_, index) => RequestResponses[index]?.ErrorCode);
    await sleep(delay);
  }
}

function isLocal(endpoint: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
