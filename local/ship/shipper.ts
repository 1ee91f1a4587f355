import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { firehose } from '../../shared/limits.js';
import { aggregate } from './collector.js';
import { type PacedRecords, pause } from './pauses.js';
import { explained } from './refusals.js';

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
 * @throws Error that says what to do when nothing answers, or the stream doesn't exist
 */
export async function ship(records: PacedRecords, options: ShipOptions): Promise<Shipped> {
  const client = clientOf(options);
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
  } catch (error) {
    throw explained(error, options);
  } finally {
    client.destroy();
  }
  return total;
}

/**
 * Milliseconds that a line may spend in the stream's buffers.
 *
 * @returns undefined when the stream doesn't tell: describing it is a permission of its own.
 */
export async function bufferingTimeOf(options: Pick<ShipOptions, 'endpoint' | 'stream'>): Promise<number | undefined> {
  const client = clientOf(options);
  try {
    const described = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: options.stream }));
    const destination = described.DeliveryStreamDescription?.Destinations?.[0]?.ExtendedS3DestinationDescription;
    const processors = destination?.ProcessingConfiguration?.Processors ?? [];
    const parameters = processors.flatMap(({ Parameters = [] }) => Parameters);
    const ofLambda = parameters.find(({ ParameterName }) => ParameterName === 'BufferIntervalInSeconds');
    const seconds = Number(ofLambda?.ParameterValue ?? 0) + (destination?.BufferingHints?.IntervalInSeconds ?? 0);
    return seconds * 1000;
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
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
async function* aggregatedBatches(records: PacedRecords): AsyncGenerator<Batch> {
  for await (const { data, lines, bytes } of aggregate(records)) yield { data: [data], lines, bytes };
}

async function* plainBatches(records: PacedRecords): AsyncGenerator<Batch> {
  let data: Buffer[] = [];
  let bytes = 0;
  for await (const record of records) {
    const next = record === pause ? undefined : Buffer.from(record);
    const full = data.length === firehose.maxBatchRecords || bytes + (next?.length ?? 0) > firehose.maxBatchBytes;
    if ((full || next === undefined) && data.length > 0) {
      yield { data, lines: data.length, bytes };
      data = [];
      bytes = 0;
    }
    if (next === undefined) continue;
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

function clientOf({ endpoint }: Pick<ShipOptions, 'endpoint'>): FirehoseClient {
  return new FirehoseClient({
    endpoint,
    region: regionOf(endpoint) ?? process.env.AWS_REGION ?? 'us-east-1',
    // The local endpoint checks no signature unless `up` was given a key, but the SDK signs every request.
    ...(isLocal(endpoint) && !process.env.AWS_ACCESS_KEY_ID
      ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
      : {}),
  });
}

/** Of an endpoint of AWS, which refuses what is signed for another region; an endpoint on this machine takes any. */
export function regionOf(endpoint: string): string | undefined {
  return /\bfirehose(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(new URL(endpoint).hostname)?.[1];
}

function isLocal(endpoint: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
