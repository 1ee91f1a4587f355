import { createServer, type Server } from 'node:http';
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsFront } from '../../../local/aws/front.js';
import { closeServer, listen } from '../../../local/aws/listen.js';
import { FirehoseApi } from '../../../local/firehose/api.js';
import type { DeliveryStream } from '../../../local/firehose/deliveryStream.js';
import { objectsIn, openStream } from '../../helpers/localStream.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const client = (endpoint: string) =>
  new FirehoseClient({
    endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });

let server: Server;
let stream: DeliveryStream;
let folder: string;
let url: string;
let sdk: FirehoseClient;

beforeAll(async () => {
  folder = await tempFolder();
  ({ stream } = await openStream(folder));
  stream.start();
  server = serve(stream);
  url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
  sdk = client(url);
});

afterAll(async () => {
  sdk.destroy();
  await closeServer(server);
  await stream.close();
});

function serve(of: DeliveryStream): Server {
  const api = new FirehoseApi(of, '000000000000');
  return createServer(
    awsFront({
      firehose: (operation, input, sender) => api.handle(operation, input, sender),
      sqs: async () => ({}),
      bucket: () => undefined,
      problem: (message) => {
        throw new Error(message);
      },
    }),
  );
}

const post = async (operation: string, body: string) => {
  const headers = { 'x-amz-target': `Firehose_20150804.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

describe('the Firehose API', () => {
  it('takes a record, an empty one too', async () => {
    const answer = await sdk.send(
      new PutRecordCommand({ DeliveryStreamName: 'logs', Record: { Data: Buffer.from('app:1') } }),
    );
    expect(answer.RecordId).toEqual(expect.any(String));
    expect(answer.Encrypted).toBe(false);
    await sdk.send(new PutRecordCommand({ DeliveryStreamName: 'logs', Record: { Data: new Uint8Array(0) } }));
  });

  it('takes a full batch of 500 records and 4 MiB, and gives each record an id of its own', async () => {
    const Data = Buffer.from(`app:${'x'.repeat(Math.floor((4 * 1024 * 1024) / 500) - 4)}`);
    const Records = Array.from({ length: 500 }, () => ({ Data }));
    const answer = await sdk.send(new PutRecordBatchCommand({ DeliveryStreamName: 'logs', Records }));
    expect(answer.FailedPutCount).toBe(0);
    expect(new Set(answer.RequestResponses?.map(({ RecordId }) => RecordId)).size).toBe(500);
    await stream.flush();
    const stored = [...(await objectsIn(folder)).values()].reduce((sum, text) => sum + text.length, 0);
    expect(stored).toBeGreaterThanOrEqual(500 * Data.length);
  });

  it('answers as Fluent Bit reads it: "FailedPutCount":0 without a space', async () => {
    const { status, text, type } = await post(
      'PutRecordBatch',
      '{"DeliveryStreamName":"logs","Records":[{"Data":"YXBwOjE="}]}',
    );
    expect([status, type]).toEqual([200, 'application/x-amz-json-1.1']);
    expect(text).toContain('"FailedPutCount":0');
  });

  it('refuses single records of a batch when the buffer is full', async () => {
    // Not started: nothing makes room meanwhile.
    const full = await openStream(await tempFolder(), undefined, { maxBufferedBytes: 2_500_000 });
    const front = serve(full.stream);
    const sender = client(`http://127.0.0.1:${await listen(front, 0, 'test')}`);
    const Records = Array.from({ length: 4 }, () => ({ Data: Buffer.alloc(1_000_000, 'app:') }));
    const { FailedPutCount, RequestResponses = [] } = await sender.send(
      new PutRecordBatchCommand({ DeliveryStreamName: 'logs', Records }),
    );
    const failed = RequestResponses.filter(({ ErrorCode }) => ErrorCode);
    expect([FailedPutCount, failed.length]).toEqual([2, 2]);
    expect(failed[0]).toEqual({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' });
    await expect(
      sender.send(new PutRecordCommand({ DeliveryStreamName: 'logs', Record: { Data: Buffer.alloc(1_000_000) } })),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } });
    sender.destroy();
    await closeServer(front);
    await full.stream.close();
  });

  it.each([
    [
      'an unknown stream',
      'nope',
      [{ Data: Buffer.from('x') }],
      'ResourceNotFoundException',
      'Firehose nope under account 000000000000 not found.',
    ],
    ['no records', 'logs', [], 'ValidationException', /^1 validation error detected: Value '\[\]' at 'records' failed/],
    [
      '501 records',
      'logs',
      Array(501).fill({ Data: Buffer.from('x') }),
      'ValidationException',
      /length less than or equal to 500$/,
    ],
    [
      'a record over 1,000 KiB',
      'logs',
      [{ Data: Buffer.alloc(1_024_001) }],
      'ValidationException',
      /'records\.1\.member\.data' failed to satisfy constraint: Member must have length less than or equal to 1024000$/,
    ],
    [
      'over 4 MiB together',
      'logs',
      Array(5).fill({ Data: Buffer.alloc(900_000) }),
      'InvalidArgumentException',
      'Records size exceeds 4 MB limit',
    ],
    [
      'a bad name',
      'a b',
      [{ Data: Buffer.from('x') }],
      'ValidationException',
      /regular expression pattern: \[a-zA-Z0-9_\.-\]\+$/,
    ],
  ])('refuses %s', async (_, DeliveryStreamName, Records, name, message) => {
    const put = sdk.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    await expect(put).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each([
    ['a body that is no JSON', 'PutRecord', '{', 'SerializationException'],
    [
      'data that is no base64',
      'PutRecord',
      '{"DeliveryStreamName":"logs","Record":{"Data":"%"}}',
      'SerializationException',
    ],
    ['data that is missing', 'PutRecord', '{"DeliveryStreamName":"logs","Record":{}}', 'ValidationException'],
    ['a name that is missing', 'PutRecord', '{"Record":{"Data":""}}', 'ValidationException'],
    ['an operation it does not have', 'CreateDeliveryStream', '{}', 'UnknownOperationException'],
  ])('refuses %s', async (_, operation, body, code) => {
    const { status, text } = await post(operation, body);
    expect([status, JSON.parse(text).__type]).toEqual([400, code]);
  });

  it('describes and lists the stream', async () => {
    const { DeliveryStreamDescription: description } = await sdk.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'logs' }),
    );
    expect(description).toMatchObject({ DeliveryStreamName: 'logs', DeliveryStreamStatus: 'ACTIVE', VersionId: '1' });
    expect(description?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
      BucketARN: 'arn:aws:s3:::bucket',
      CompressionFormat: 'UNCOMPRESSED',
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    });
    const listed = await sdk.send(new ListDeliveryStreamsCommand({}));
    expect(listed).toMatchObject({ DeliveryStreamNames: ['logs'], HasMoreDeliveryStreams: false });
    const after = await sdk.send(new ListDeliveryStreamsCommand({ ExclusiveStartDeliveryStreamName: 'logs' }));
    expect(after.DeliveryStreamNames).toEqual([]);
  });
});
