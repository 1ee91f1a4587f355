/**
 * What PutRecord and PutRecordBatch of Amazon Data Firehose do, seen by an SDK client.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
import {
  CreateDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Faults } from '../../local/firehose/faults.js';
import { bucketObjects, destination, type Endpoint, openEndpoint } from '../helpers/firehoseEndpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let data: string;
let endpoint: Endpoint;

beforeAll(async () => {
  data = await tempFolder();
  endpoint = await openEndpoint(data);
  await endpoint.client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'raw',
      ExtendedS3DestinationConfiguration: destination({ BucketARN: 'arn:aws:s3:::raw' }),
    }),
  );
});

afterAll(() => endpoint.close());

const putBatch = (Records: readonly { Data: Uint8Array }[], DeliveryStreamName = 'raw') =>
  endpoint.client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records: [...Records] }));

const put = (Data: Uint8Array, DeliveryStreamName = 'raw') =>
  endpoint.client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }));

const bytes = (length: number) => ({ Data: Buffer.alloc(length, 'x') });

describe('PutRecord', () => {
  it('answers with a RecordId, and with Encrypted as the stream is', async () => {
    expect(await put(Buffer.from('plain'))).toMatchObject({ RecordId: expect.stringMatching(/./), Encrypted: false });
    await endpoint.client.send(new StartDeliveryStreamEncryptionCommand({ DeliveryStreamName: 'logs' }));
    expect(await put(Buffer.from('app:secret'), 'logs')).toMatchObject({ Encrypted: true });
    expect(await putBatch([{ Data: Buffer.from('app:secret') }], 'logs')).toMatchObject({ Encrypted: true });
  });

  it('takes an empty record (the model says 0 bytes are allowed, and recordings of the service agree)', async () => {
    await put(new Uint8Array(0));
  });

  it('takes a record of 1,000 KiB before base64, and refuses one byte more', async () => {
    await put(bytes(1_024_000).Data);
    await expect(put(bytes(1_024_001).Data)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/'record\.data' .* Member must have length less than or equal to 1024000$/),
    });
  });

  it('is not found for a stream that there is none of', async () => {
    await expect(put(Buffer.from('x'), 'nope')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Firehose nope under account 000000000000 not found.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('that is throttled fails with ServiceUnavailableException, a 5xx that SDKs try again', async () => {
    const throttled = await openEndpoint(await tempFolder(), { more: { faults: new Faults({ throttle: 1 }) } });
    const sent = throttled.client.send(
      new PutRecordCommand({ DeliveryStreamName: 'logs', Record: { Data: Buffer.from('x') } }),
    );
    await expect(sent).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
      $fault: 'server',
      $metadata: { httpStatusCode: 503 },
    });
    await throttled.close();
  });
});

describe('PutRecordBatch', () => {
  it('answers each record in the order of the request, each with an id of its own', async () => {
    const { FailedPutCount, RequestResponses = [] } = await putBatch(Array.from({ length: 500 }, () => bytes(3)));
    expect(FailedPutCount).toBe(0);
    expect(new Set(RequestResponses.map(({ RecordId }) => RecordId)).size).toBe(500);
  });

  it('takes 500 records, and refuses 501', async () => {
    await expect(putBatch(Array.from({ length: 501 }, () => bytes(1)))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /'records' failed to satisfy constraint: Member must have length less than or equal to 500$/,
      ),
    });
  });

  it('refuses none', async () => {
    await expect(putBatch([])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('takes 4 MiB of data together, and refuses one byte more by another error than that of the shape', async () => {
    const four = Array.from({ length: 4 }, () => bytes(1_024_000));
    const rest = 4 * 1024 * 1024 - 4 * 1_024_000;
    expect((await putBatch([...four, bytes(rest)])).FailedPutCount).toBe(0);
    await expect(putBatch([...four, bytes(rest + 1)])).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: 'Records size exceeds 4 MB limit',
    });
  });

  it('names the record that is too large', async () => {
    await expect(putBatch([bytes(1), bytes(1_024_001)])).rejects.toMatchObject({
      message: expect.stringMatching(/'records\.2\.member\.data'/),
    });
  });

  it('may fail in part: HTTP 200, FailedPutCount, and an ErrorCode for each record to send again', async () => {
    const own = await tempFolder();
    const half = await openEndpoint(own, { more: { faults: new Faults({ throttle: 0.5 }, 7) } });
    await half.client.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'raw',
        ExtendedS3DestinationConfiguration: destination({ BucketARN: 'arn:aws:s3:::raw' }),
      }),
    );
    let waiting = Array.from({ length: 40 }, (_, index) => ({ Data: Buffer.from(`line ${index}\n`) }));
    for (let round = 0; waiting.length > 0; round++) {
      const answer = await half.client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'raw', Records: waiting }));
      const failed = waiting.filter((_, index) => answer.RequestResponses?.[index]?.ErrorCode !== undefined);
      expect(answer.FailedPutCount).toBe(failed.length);
      if (round === 0) expect(failed.length).toBeGreaterThan(0);
      const [first] = answer.RequestResponses?.filter(({ ErrorCode }) => ErrorCode) ?? [];
      if (first) expect(first).toEqual({ ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' });
      waiting = failed;
    }
    await half.streams.flush();
    const lines = [...(await bucketObjects(own, 'raw')).values()].join('').trimEnd().split('\n');
    expect(lines.sort()).toEqual(Array.from({ length: 40 }, (_, index) => `line ${index}`).sort());
    await half.close();
  });
});
