import { EventEmitter } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  CreateDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  FirehoseClient,
  type ProcessingConfiguration,
  type Processor,
  type ProcessorParameterName,
  type ProcessorType,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import { awsFront } from '../../local/aws/front.js';
import { closeServer, listen } from '../../local/aws/listen.js';
import type { StackEmitter } from '../../local/events.js';
import { FirehoseApi } from '../../local/firehose/api/firehoseApi.js';
import { systemClock } from '../../local/firehose/clock.js';
import type { StreamState } from '../../local/firehose/stream/streamState.js';
import { Streams, type StreamsOptions } from '../../local/firehose/stream/streams.js';
import type { InvocationResult } from '../../local/lambda/invocation.js';
import { ObjectFolder } from '../../local/s3/store/objectFolder.js';
import { sideFolder } from '../../local/s3/store/objectKey.js';
import { echo, lambdaArn, type TransformEvent, testConfig } from './localStream.js';

/** The only function that there is for the endpoint's streams. */
export const transformArn = lambdaArn;

export const roleArn = 'arn:aws:iam::000000000000:role/firehose';

/** The stream `logs` of the template, as it is at the start. */
const templateState: StreamState = {
  name: testConfig.name,
  version: 1,
  createdAt: Date.parse('2026-11-22T16:00:00Z'),
  updatedAt: undefined,
  destination: testConfig.destination,
  tags: [],
  encryption: { status: 'DISABLED' },
  encryptionCalls: [],
};

/** The local Firehose behind its HTTP front, with a transform in this process. */
export interface Endpoint {
  readonly url: string;
  readonly client: FirehoseClient;
  readonly streams: Streams;
  readonly events: StackEmitter;
  /** Every event that the transform got. */
  readonly invocations: TransformEvent[];
  /** Answers from now on instead of the echo. */
  transform: (event: TransformEvent) => InvocationResult | Promise<InvocationResult>;
  /** Sends a request as it is. */
  post(operation: string, body: string): Promise<{ status: number; type: string | null; text: string }>;
  close(): Promise<void>;
}

/** Opens an endpoint on a folder. Buckets are folders below `s3/`. */
export async function openEndpoint(
  data: string,
  more: Partial<StreamsOptions> = {},
  problem: (message: string) => void = () => undefined,
): Promise<Endpoint> {
  const events: StackEmitter = new EventEmitter();
  events.on('problem', problem);
  const streams = await Streams.open({
    data,
    region: 'us-east-1',
    accountId: '000000000000',
    clock: systemClock,
    events,
    template: { config: testConfig, state: templateState },
    limit: 20,
    objects: (bucket, staging) => new ObjectFolder(join(data, 's3', bucket), join(staging, bucket)),
    invoke: (functionArn) => async (event) => {
      if (functionArn !== transformArn) return { outcome: 'not found', message: `Function not found: ${functionArn}` };
      const parsed = JSON.parse(event) as TransformEvent;
      endpoint.invocations.push(parsed);
      return endpoint.transform(parsed);
    },
    ...more,
  });
  const api = new FirehoseApi(streams);
  const server = createServer(
    awsFront({
      firehose: (operation, input, sender) => api.handle(operation, input, sender),
      sqs: async () => ({}),
      problem: (message) => {
        throw new Error(message);
      },
    }),
  );
  const url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
  const client = new FirehoseClient({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const endpoint: Endpoint = {
    url,
    client,
    streams,
    events,
    invocations: [],
    transform: echo,
    async post(operation, body) {
      const headers = {
        'x-amz-target': `Firehose_20150804.${operation}`,
        'content-type': 'application/x-amz-json-1.1',
      };
      const response = await fetch(url, { method: 'POST', headers, body });
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    },
    async close() {
      client.destroy();
      await closeServer(server);
      await streams.close();
    },
  };
  streams.start();
  return endpoint;
}

/** An S3 destination with what is given instead of its defaults. */
export function destination(
  more: Partial<ExtendedS3DestinationConfiguration> = {},
): ExtendedS3DestinationConfiguration {
  return {
    BucketARN: 'arn:aws:s3:::made',
    RoleARN: roleArn,
    ...more,
  };
}

/** A Lambda processor for the endpoint's transform, with further parameters. */
export function lambdaProcessing(
  parameters: Partial<Record<ProcessorParameterName, string>> = {},
): ProcessingConfiguration {
  return { Enabled: true, Processors: [processor('Lambda', { LambdaArn: transformArn, ...parameters })] };
}

/** A processor with parameters by name. */
export function processor(
  Type: ProcessorType,
  parameters: Partial<Record<ProcessorParameterName, string>> = {},
): Processor {
  const Parameters = Object.entries(parameters).map(([name, ParameterValue]) => ({
    ParameterName: name as ProcessorParameterName,
    ParameterValue,
  }));
  return { Type, Parameters };
}

/** Makes the stream `stream`, which delivers to the bucket `made`. */
export async function createStream(
  { client }: Endpoint,
  more: Partial<ExtendedS3DestinationConfiguration>,
): Promise<void> {
  const ExtendedS3DestinationConfiguration = destination(more);
  await client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName: 'stream', ExtendedS3DestinationConfiguration }),
  );
}

/** Puts records on the stream `stream`, in as few requests as it takes. */
export async function putRecords({ client }: Endpoint, records: readonly (string | Buffer)[]): Promise<void> {
  const perRequest = 500;
  for (let start = 0; start < records.length; start += perRequest) {
    const Records = records.slice(start, start + perRequest).map((record) => ({ Data: Buffer.from(record) }));
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'stream', Records }));
  }
}

/** Key → bytes of everything in a bucket's folder. */
export async function bucketObjects(data: string, bucket: string): Promise<Map<string, Buffer>> {
  const root = join(data, 's3', bucket);
  const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const objects = new Map<string, Buffer>();
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    const key = path.slice(root.length + 1);
    if (!key.startsWith(`${sideFolder}/`)) objects.set(key, await readFile(path));
  }
  return objects;
}

/** What went to the error prefix `errors/<error type>/`, line by line. */
export function errorsIn(objects: Map<string, Buffer>): { readonly [member: string]: unknown }[] {
  return [...objects].flatMap(([key, bytes]) => {
    const type = /^errors\/([^/]+)\//.exec(key)?.[1];
    if (type === undefined) return [];
    const lines = bytes.toString().trimEnd().split('\n');
    return lines.map((line) => ({ type, ...(JSON.parse(line) as { [member: string]: unknown }) }));
  });
}
