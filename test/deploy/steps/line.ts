import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { fireLens } from '../../helpers/firehose.js';
import { failedLine } from '../../helpers/replayWorld.js';
import type { Ministack } from '../ministack.js';
import { stage } from '../serverless.js';
import { clientsOf } from './clients.js';
import { bucket } from './deployed.js';
import type { Slack } from './slack.js';

interface Records {
  readonly read: number;
  readonly put: number;
}

/** Long beside what any step takes; what comes at all comes within seconds. */
const patience = 90_000;

/**
 * A fatal line goes through stream, transform, queue, table and alert function to Slack, and into Parquet; one that the transform
 * failed on is put back by the replay functions.
 */
export async function followALine(server: Ministack, { posts }: Slack): Promise<void> {
  const aws = clientsOf(server);
  const line = fireLens(JSON.stringify({ level: 60, msg: 'disk is gone' }), { container_name: 'web' });
  const Records = [{ Data: Buffer.from(line) }];
  await aws.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'logs', Records }));

  const key = await until('the line under logs/type=error/', async () => (await keysUnder('logs/type=error/'))[0]);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const stored = Buffer.from((await Body?.transformToByteArray()) ?? []);
  assert.match(gunzipSync(stored).toString(), /"message":"disk is gone"/);
  await until('the message in Slack', async () => posts.find((post) => post.includes('disk is gone')));

  await putBack();

  // The same object in an hour that has closed.
  const hour = new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 13).replace('T', '-');
  const Key = `logs/type=error/arrived=${hour}/logs-1.json.gz`;
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: stored }));
  await invoke('compact', { source: 'aws.events', 'detail-type': 'Scheduled Event' });
  await until('Parquet', async () => (await keysUnder('parquet/')).find((each) => each.endsWith('.parquet')));

  async function putBack(): Promise<void> {
    const now = new Date();
    const [day, time = ''] = now.toISOString().split('T');
    const Key = `failed/processing-failed/dt=${day}/hour=${time.slice(0, 2)}/logs-1-${randomUUID()}`;
    const line = fireLens(JSON.stringify({ level: 50, msg: 'card was declined' }), { container_name: 'pay' });
    const Body = failedLine(Buffer.from(line), { arrivalTimestamp: now.getTime() });
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const dryRun = await invoke('replay', { source: 'failed', from: 'today' });
    assert.match(dryRun, /"records":\s*1/);
    const { replay } = JSON.parse(await invoke('replay', { source: 'failed', dryRun: false })) as { replay: string };
    const records = await until('the end of the replay', async () => {
      const status = JSON.parse(await invoke('replay', { status: replay })) as { state: string; records: Records };
      return status.state === 'done' ? status.records : undefined;
    });
    assert.deepEqual([records.read, records.put], [1, 1]);
    await until('the line that was put back', async () => {
      for (const key of await keysUnder('logs/type=error/')) {
        if ((await lines(key)).includes('"message":"card was declined"')) return key;
      }
      return undefined;
    });
  }

  async function lines(Key: string): Promise<string> {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return gunzipSync(Buffer.from((await Body?.transformToByteArray()) ?? [])).toString();
  }

  async function keysUnder(Prefix: string): Promise<string[]> {
    const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return Contents.flatMap(({ Key = [] }) => Key);
  }

  async function invoke(name: string, event: unknown): Promise<string> {
    const FunctionName = `firesplit-${stage}-${name}`;
    const { Payload, FunctionError } = await aws.lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    const answer = Buffer.from(Payload ?? []).toString();
    assert.equal(FunctionError, undefined, answer);
    return answer;
  }
}

/** What `look` finds, as soon as it does. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${patience / 1000} s`);
    await sleep(200);
  }
}
