import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it, jest } from '@jest/globals';
import { objectCreated } from '../../local/s3/notify/objectCreated.js';
import { landedRows } from '../helpers/forwardWorld.js';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { idsOf, type Plan, type StandInIntake, startIntake } from '../helpers/standInIntake.js';
import { tempFolder } from '../helpers/tempFolder.js';

jest.setTimeout(180_000);

let s3: S3Endpoint;
let intake: StandInIntake;
afterEach(async () => {
  await intake.stop();
  await s3.close();
});

const rows = 30_000;
const key = 'logs/type=error/arrived=2026-11-22-16/a b.json.gz';

it('sends each row once across kill -9 at any moment, but for a request that was acknowledged and not noted', async () => {
  const folder = await tempFolder();
  s3 = await openS3(folder);
  let worker: ChildProcess | undefined;
  const kill = () => void worker?.kill('SIGKILL');
  /** Numbers of requests that were under way, or just answered, when their worker was killed. */
  const cutShort: number[] = [];
  let deaths = 0;
  const plan = (post: number): Plan => {
    // Every other request is the last of its worker: before it is taken, once it is, or a moment after it was answered.
    if (post % 2 !== 1 || deaths >= 12) return undefined;
    deaths++;
    if (deaths % 3 === 0) {
      kill();
      return { status: 500 };
    }
    return async () => {
      cutShort.push(intake.taken.length - 1);
      if (deaths % 3 === 1) kill();
      else void sleep(Math.random() * 10).then(kill);
    };
  };
  intake = await startIntake(plan);
  await land();
  const event = { Records: [{ messageId: 'm', receiptHandle: 'r', attributes: { ApproximateReceiveCount: '1' } }] };
  const body = objectCreated(await found(), { bucket: deployedBucket, region: 'us-east-1', accountId: '000000000000' });
  const environment = await environmentIn(folder);

  for (let life = 0; life < 40; life++) {
    worker = runWorker({ Records: event.Records.map((record) => ({ ...record, body })) }, environment);
    const [code] = await once(worker, 'exit');
    if (code === 0 && (await isDone())) break;
  }

  expect(deaths).toBe(12);
  const sent = intake.taken.flatMap(idsOf);
  expect(new Set(sent).size).toBe(rows);
  const window = new Set(cutShort.flatMap((request) => idsOf(intake.taken[request] ?? [])));
  const seen = new Set<string>();
  const twice = sent.filter((id) => seen.has(id) || !seen.add(id));
  expect(twice.filter((id) => !window.has(id))).toEqual([]);
  // The window is there: nobody promises otherwise.
  expect(twice.length).toBeGreaterThan(0);
  expect(intake.refusals).toEqual([]);
});

async function land(): Promise<void> {
  const now = new Date().toISOString().slice(0, 23).replace('T', ' ');
  const lines = landedRows(rows, () => ({ ts: now })).map((row) => `${row}\n`);
  const Body = Buffer.concat([gzipSync(lines.slice(0, 5000).join('')), gzipSync(lines.slice(5000).join(''))]);
  await s3.client.send(new PutObjectCommand({ Bucket: deployedBucket, Key: key, Body }));
}

async function found() {
  const bucket = await s3.buckets.find(deployedBucket);
  const object = await bucket?.find(key);
  if (!object) throw new Error('the object has not landed');
  return object;
}

async function isDone(): Promise<boolean> {
  const bucket = await s3.buckets.find(deployedBucket);
  const [progress = ''] = (await bucket?.keys('forward/progress/')) ?? [];
  const object = await bucket?.open(progress);
  if (!object) return false;
  const text = await object.file.readFile('utf8');
  await object.file.close();
  return (JSON.parse(text) as { readonly done: boolean }).done;
}

async function environmentIn(folder: string): Promise<Record<string, string>> {
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ forward: { datadog: { url: intake.url, api_key_parameter: 'key' } } }));
  return {
    PATH: process.env.PATH ?? '',
    CONFIG_FILE: config,
    LOGS_BUCKET: deployedBucket,
    FORWARD_QUEUE_URL: `${s3.url}/000000000000/forward`,
    FORWARD_PARAMETERS: JSON.stringify({ key: 'secret' }),
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SQS: s3.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
}

/** The built handler in a process of its own, for one invocation. */
function runWorker(event: object, env: Record<string, string>): ChildProcess {
  // The same id each time, so that no life waits for the lease of the one before: others wait (forwardObject.test.ts).
  const script = `
    import { handler } from ${JSON.stringify(join(process.cwd(), 'dist/functions/forward.mjs'))};
    const context = { awsRequestId: 'w', getRemainingTimeInMillis: () => 120000 };
    await handler(${JSON.stringify(event)}, context);
    process.exit(0);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { env, stdio: 'ignore' });
}
