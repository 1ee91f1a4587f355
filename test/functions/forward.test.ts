import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { md5OfBody } from '../../local/queue/messageContent.js';
import { objectCreated } from '../../local/s3/notify/objectCreated.js';
import { forward as limits } from '../../shared/bounds.js';
import { landedRows } from '../helpers/forwardWorld.js';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { idsOf, type Plan, type StandInIntake, startIntake } from '../helpers/standInIntake.js';
import { tempFolder } from '../helpers/tempFolder.js';

let s3: S3Endpoint;
let intake: StandInIntake;
let plan: (post: number) => Plan;
let handler: typeof import('../../functions/forward.js')['handler'];
let metrics: typeof import('../../functions/forward/report.js')['metrics'];
/** What the function asks of SQS. */
const asked: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> }[] = [];
const log: string[] = [];
let add: jest.SpiedFunction<typeof metrics.add>;
/** By metric, what was counted last. */
const counted = () => Object.fromEntries(add.mock.calls);
let objects = 0;

beforeAll(async () => {
  const folder = await tempFolder();
  s3 = await openS3(folder, 'us-east-1', async (operation, input) => {
    asked.push({ operation, input });
    return operation === 'SendMessage'
      ? { MessageId: 'm', MD5OfMessageBody: md5OfBody(String(input.MessageBody)) }
      : {};
  });
  intake = await startIntake((post) => plan(post));
  const forward = { datadog: { url: intake.url, api_key_parameter: 'key' } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ forward }));
  Object.assign(process.env, {
    CONFIG_FILE: join(folder, 'config.json'),
    LOGS_BUCKET: deployedBucket,
    FORWARD_QUEUE_URL: `${s3.url}/000000000000/forward`,
    FORWARD_PARAMETERS: JSON.stringify({ key: 'verysecret' }),
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SQS: s3.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // What is counted is looked at before it is printed.
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  ({ handler } = await import('../../functions/forward.js'));
  ({ metrics } = await import('../../functions/forward/report.js'));
});

afterAll(async () => {
  await intake.stop();
  await s3.close();
});

beforeEach(() => {
  asked.length = 0;
  log.length = 0;
  intake.taken.length = 0;
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((...parts: unknown[]) => void log.push(parts.join(' ')));
  }
  add = jest.spyOn(metrics, 'add');
});
afterEach(() => {
  jest.restoreAllMocks();
});

const noneRefused = { ForwardRefusedRows: 0, ForwardOldRows: 0 };

/** Puts an object of so many rows, and resolves to what S3 tells of it. */
async function landed(rows: number): Promise<string> {
  const key = `logs/type=app/arrived=2026-11-22-16/${++objects}.json.gz`;
  const now = new Date().toISOString().slice(0, 23).replace('T', ' ');
  const lines = landedRows(rows, () => ({ ts: now, record: `record-${objects}` }));
  const Body = gzipSync(lines.map((line) => `${line}\n`).join(''));
  await s3.client.send(new PutObjectCommand({ Bucket: deployedBucket, Key: key, Body }));
  const object = await (await s3.buckets.find(deployedBucket))?.find(key);
  if (!object) throw new Error('nothing has landed');
  return objectCreated(object, { bucket: deployedBucket, region: 'us-east-1', accountId: '000000000000' });
}

async function work(body: string, received = 1): Promise<SQSBatchResponse> {
  const attributes = { ApproximateReceiveCount: String(received) };
  const event = { Records: [{ messageId: 'm1', receiptHandle: 'r1', body, attributes }] } as unknown as SQSEvent;
  const context = { awsRequestId: `w${++objects}`, getRemainingTimeInMillis: () => 180_000 } as unknown as Context;
  return (await handler(event, context)) as SQSBatchResponse;
}

const failed = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
const done = { batchItemFailures: [] };

describe('functions/forward', () => {
  it('forwards what has landed, and counts it', async () => {
    plan = () => undefined;
    expect(await work(await landed(3))).toEqual(done);
    expect(intake.taken.map(({ length }) => length)).toEqual([3]);
    expect(counted()).toMatchObject({ ForwardedRows: 3, ForwardRequests: 1, ForwardRefusedRows: 0, ForwardOldRows: 0 });
    expect(counted().ForwardedBytes).toBeGreaterThan(300);
    expect(counted().ForwardLag).toBeGreaterThanOrEqual(0);
  });

  it('has SQS bring it again later each time while the key is refused, and names the remedy and no secret', async () => {
    plan = () => ({ status: 403 });
    const body = await landed(3);
    expect(await work(body, 1)).toEqual(failed);
    expect(await work(body, 3)).toEqual(failed);
    expect(await work(body, 15)).toEqual(failed);
    expect(asked.map(({ operation, input }) => [operation, input.VisibilityTimeout])).toEqual([
      ['ChangeMessageVisibility', 60],
      ['ChangeMessageVisibility', 240],
      ['ChangeMessageVisibility', 1800],
    ]);
    expect(log.join('\n')).toContain('put a valid key into FORWARD_PARAMETERS.key');
    expect(counted()).toEqual({
      ForwardFailures: 1,
      ForwardedRows: 0,
      ForwardedBytes: 0,
      ForwardRequests: 0,
      ...noneRefused,
    });
    expect(log.join('\n')).not.toContain('verysecret');
    plan = () => undefined;
    expect(await work(body, 16)).toEqual(done);
    expect(intake.taken.flatMap(idsOf)).toHaveLength(3);
  });

  it('has SQS bring it again later each time while the sink throttles, however soon that wants it back', async () => {
    plan = () => ({ status: 429, headers: { 'retry-after': '11' } });
    const body = await landed(3);
    expect(await work(body, 1)).toEqual(failed);
    expect(await work(body, 3)).toEqual(failed);
    plan = () => ({ status: 429, headers: { 'retry-after': '900' } });
    expect(await work(body, 3)).toEqual(failed);
    expect(asked.map(({ operation, input }) => [operation, input.VisibilityTimeout])).toEqual([
      ['ChangeMessageVisibility', 60],
      ['ChangeMessageVisibility', 240],
      ['ChangeMessageVisibility', 900],
    ]);
  });

  it('has a message that SQS delivers twice come again when the lease of the other is over, which is no failure', async () => {
    const body = await landed(3);
    const entered: SQSBatchResponse[] = [];
    plan = () => async () => {
      entered.push(await work(body, 2));
    };
    expect(await work(body, 1)).toEqual(done);
    expect(entered).toEqual([failed]);
    expect(asked.map(({ operation }) => operation)).toEqual(['ChangeMessageVisibility']);
    expect(asked[0]?.input.VisibilityTimeout).toBeLessThanOrEqual(limits.lease / 1000);
    expect(counted()).not.toHaveProperty('ForwardFailures');
    expect(intake.taken.flatMap(idsOf)).toHaveLength(3);
  });

  it('gives what is left of an object that got on a message of its own', async () => {
    const first = intake.posts;
    plan = (post) => (post === first ? undefined : { status: 429, headers: { 'retry-after': '120' } });
    const body = await landed(1500);
    expect(await work(body, 19)).toEqual(done);
    expect(asked).toMatchObject([{ operation: 'SendMessage', input: { MessageBody: body, DelaySeconds: 120 } }]);
    plan = () => undefined;
    expect(await work(body)).toEqual(done);
    expect(new Set(intake.taken.flatMap(idsOf)).size).toBe(1500);
    expect(intake.taken.flat()).toHaveLength(1500);
  });

  it('keeps a message that is not from S3 for the dead letters', async () => {
    expect(await work('{"hello":1}')).toEqual(failed);
    expect(log.join('\n')).toContain('it is not from S3');
  });

  it('has nothing to do for the message by which S3 tries the queue', async () => {
    expect(await work('{"Event":"s3:TestEvent"}')).toEqual(done);
    expect(asked).toEqual([]);
  });

  it('says so when an object is gone before it was forwarded', async () => {
    const body = (await landed(1)).replace(/"eTag":"\w+"/, '"eTag":"0123"');
    expect(await work(body)).toEqual(done);
    expect(log.join('\n')).toContain('is gone');
  });
});
