import { EventEmitter } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StackEmitter } from '../../local/events.js';
import { PrefixExpression } from '../../local/firehose/dates/prefix.js';
import { DeliveryStream, type DeliveryStreamOptions } from '../../local/firehose/stream/deliveryStream.js';
import type { BufferHints, Processor, StreamConfig } from '../../local/firehose/stream/streamConfig.js';
import type { InvocationResult, Invoke } from '../../local/lambda/invocation.js';
import { ObjectFolder } from '../../local/s3/store/objectFolder.js';
import { sideFolder } from '../../local/s3/store/objectKey.js';
import { FakeClock } from './fakeClock.js';

const MiB = 1024 * 1024;

export const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:transform';

export function lambdaProcessor(hints: BufferHints = { bytes: 3 * MiB, interval: 20_000 }): Processor {
  return { kind: 'lambda', arn: lambdaArn, hints, retries: 3 };
}

/** A stream with a transform and dynamic partitioning. */
export const testConfig: StreamConfig = {
  name: 'logs',
  arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs',
  prefix: new PrefixExpression('logs/type=!{partitionKeyFromLambda:type}/'),
  errorPrefix: new PrefixExpression('failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/'),
  version: 1,
  timeZone: 'UTC',
  compression: 'UNCOMPRESSED',
  extension: '.json.gz',
  hints: { bytes: 64 * MiB, interval: 60_000 },
  processors: [lambdaProcessor()],
  partitioning: { retrySeconds: 300 },
  backup: undefined,
  destination: { BucketARN: 'arn:aws:s3:::bucket', RoleARN: 'arn:aws:iam::000000000000:role/firehose' },
};

export interface EventRecord {
  readonly recordId: string;
  readonly approximateArrivalTimestamp: number;
  readonly data: string;
}

export interface TransformEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly EventRecord[];
}

export function returned(records: readonly object[]): InvocationResult {
  return { outcome: 'returned', payload: JSON.stringify({ records }) };
}

export const threw: InvocationResult = { outcome: 'threw', errorType: 'Error', message: 'no' };

/** A transform that keeps each record as it is, in the partition that its text names before the first colon. */
export function echo(event: TransformEvent): InvocationResult {
  return returned(event.records.map(echoed));
}

export function echoed({ recordId, data }: EventRecord) {
  const type = Buffer.from(data, 'base64').toString().split(':')[0];
  return { recordId, result: 'Ok', data, metadata: { partitionKeys: { type } } };
}

export interface TestStream {
  readonly stream: DeliveryStream;
  readonly clock: FakeClock;
  readonly events: StackEmitter;
  /** The events that the transform got. */
  readonly invocations: TransformEvent[];
}

/** A stream on a folder, with a transform in this process; not started. */
export async function openStream(
  folder: string,
  transform: (event: TransformEvent) => InvocationResult | Promise<InvocationResult> = echo,
  more: Partial<DeliveryStreamOptions> = {},
): Promise<TestStream> {
  const clock = new FakeClock();
  const events: StackEmitter = new EventEmitter();
  const invocations: TransformEvent[] = [];
  const invoke: Invoke = async (event) => {
    const parsed = JSON.parse(event) as TransformEvent;
    invocations.push(parsed);
    return transform(parsed);
  };
  const stream = await DeliveryStream.open({
    config: testConfig,
    region: 'us-east-1',
    clock,
    journal: join(folder, 'journal'),
    objects: () => bucketOf(folder),
    invoke: () => invoke,
    events,
    ...more,
  });
  return { stream, clock, events, invocations };
}

/** Flushes; the pauses between attempts pass as soon as they begin. */
export async function flushThroughRetries({ stream, clock }: TestStream): Promise<void> {
  const after = clock.after.bind(clock);
  clock.after = (ms, run) => {
    if (ms >= 1000) return after(ms, run);
    queueMicrotask(run);
    return () => undefined;
  };
  await stream.flush();
}

export function bucketOf(folder: string): ObjectFolder {
  return new ObjectFolder(join(folder, 'bucket'), join(folder, 'staging'));
}

/** Key → content of everything in the bucket. */
export async function objectsIn(folder: string): Promise<Map<string, string>> {
  return new Map([...(await bytesIn(folder))].map(([key, bytes]) => [key, bytes.toString()]));
}

/** Key → bytes of everything in the bucket. */
export async function bytesIn(folder: string): Promise<Map<string, Buffer>> {
  const root = join(folder, 'bucket');
  const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const objects = new Map<string, Buffer>();
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    const key = path.slice(root.length + 1);
    if (!key.startsWith(`${sideFolder}/`)) objects.set(key, await readFile(path));
  }
  return objects;
}
