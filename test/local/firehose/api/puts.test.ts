import { PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { putRecord } from '../../../../local/firehose/api/puts.js';
import type { Streams } from '../../../../local/firehose/stream/streams.js';
import { type Endpoint, openEndpoint } from '../../../helpers/firehoseEndpoint.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint(await tempFolder());
});

afterAll(() => endpoint.close());

it('answers as Fluent Bit reads it: "FailedPutCount":0 without a space', async () => {
  const { status, text, type } = await endpoint.post(
    'PutRecordBatch',
    '{"DeliveryStreamName":"logs","Records":[{"Data":"YXBwOjE="}]}',
  );
  expect([status, type]).toEqual([200, 'application/x-amz-json-1.1']);
  expect(text).toContain('"FailedPutCount":0');
});

it('gives each record an id of its own', async () => {
  const Records = Array.from({ length: 500 }, () => ({ Data: Buffer.from('app:x') }));
  const answer = await endpoint.client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'logs', Records }));
  const ids = answer.RequestResponses?.map(({ RecordId = '' }) => RecordId) ?? [];
  expect(new Set(ids).size).toBe(500);
  expect(ids.every((id) => id.length === 128)).toBe(true);
});

it('refuses single records of a batch when the buffer is full, and the last ones first', async () => {
  const full = await openEndpoint(await tempFolder(), { maxBufferedBytes: 2_500_000 });
  const Records = Array.from({ length: 4 }, () => ({ Data: Buffer.alloc(1_000_000, 'app:') }));
  const { FailedPutCount, RequestResponses = [] } = await full.client.send(
    new PutRecordBatchCommand({ DeliveryStreamName: 'logs', Records }),
  );
  const slowDown = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
  expect(FailedPutCount).toBe(2);
  expect(RequestResponses.slice(2)).toEqual([slowDown, slowDown]);
  await expect(
    full.client.send(new PutRecordCommand({ DeliveryStreamName: 'logs', Record: { Data: Buffer.alloc(1_000_000) } })),
  ).rejects.toMatchObject({ name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } });
  await full.close();
});

it('answers with a 500, which clients retry, while the disk refuses', async () => {
  const put = async () => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  const streams = { findForPuts: () => ({ put, encrypted: false }) } as unknown as Streams;
  const input = { DeliveryStreamName: 'logs', Record: { Data: '' } };
  await expect(putRecord(streams, input, 'client')).rejects.toMatchObject({
    code: 'InternalFailure',
    status: 500,
    message: expect.stringContaining('no space left'),
  });
});

describe('data', () => {
  const put = async (Data: string) => {
    const body = JSON.stringify({ DeliveryStreamName: 'logs', Record: { Data } });
    const { status, text } = await endpoint.post('PutRecord', body);
    return status === 200 ? 'taken' : JSON.parse(text).__type;
  };

  it.each([
    ['', 'taken'],
    ['YXBwOjE=', 'taken'],
    ['YXBwOjE', 'taken'],
    ['+/+/', 'taken'],
    ['%', 'SerializationException'],
    ['Y', 'SerializationException'],
    ['YXBwOj=', 'SerializationException'],
    ['=', 'SerializationException'],
    ['YX Bw', 'SerializationException'],
    ['YX\nB', 'SerializationException'],
    ['-_-_', 'SerializationException'],
    ['====', 'SerializationException'],
    ['YQ==YQ==', 'SerializationException'],
  ])('of %j is %s', async (data, outcome) => {
    expect(await put(data)).toBe(outcome);
  });

  it('is taken exactly when it is base64', async () => {
    const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
    const characters = fc.constantFrom(...'AZaz09+/=-_ \n%é');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: characters, maxLength: 9 }), async (text) => {
        expect(await put(text)).toBe(isBase64.test(text) ? 'taken' : 'SerializationException');
      }),
      { numRuns: 300 },
    );
  });
});

it.each([
  ['a body that is no JSON', 'PutRecord', '{', 'SerializationException'],
  ['a body that is no object', 'PutRecord', '[]', 'SerializationException'],
  [
    'records that are no list',
    'PutRecordBatch',
    '{"DeliveryStreamName":"logs","Records":{}}',
    'SerializationException',
  ],
  ['a record that is no object', 'PutRecord', '{"DeliveryStreamName":"logs","Record":"x"}', 'SerializationException'],
  ['data that is missing', 'PutRecord', '{"DeliveryStreamName":"logs","Record":{}}', 'ValidationException'],
  ['a name that is missing', 'PutRecord', '{"Record":{"Data":""}}', 'ValidationException'],
  ['an operation that there is none of', 'DoesNotExist', '{}', 'UnknownOperationException'],
])('refuses %s', async (_, operation, body, code) => {
  const { status, text } = await endpoint.post(operation, body);
  expect([status, JSON.parse(text).__type]).toEqual([400, code]);
});
