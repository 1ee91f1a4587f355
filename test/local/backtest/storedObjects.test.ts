import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { bucketObjects, folderObjects } from '../../../local/backtest/storedObjects.js';
import { s3Client } from '../../../local/s3/store/s3Bucket.js';
import { landedPrefix } from '../../../shared/line/partition.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const folder = landedPrefix({ type: 'app' }, '2026-11-22-16');
const none = landedPrefix({ type: 'app' }, '2026-11-22-03');
const objects = [`${folder}logs-1-b.json.gz`, `${folder}logs-1-a.json.gz`];
const others = [`${folder}notes.txt`, 'logs/type=app/arrived=2026-11-22-17/logs-1-c.json.gz', 'signals/x.json'];

describe('a data folder', () => {
  it('lists the objects of a prefix in all buckets, by name', async () => {
    const data = await tempFolder();
    for (const key of [...objects, ...others]) await write(join(data, 's3', 'one', key), key);
    await write(join(data, 's3', 'two', objects[0] ?? ''), 'two');

    const stored = await folderObjects(data);
    const names = await stored.list(folder);
    expect(names).toEqual([
      join(data, 's3', 'one', folder, 'logs-1-a.json.gz'),
      join(data, 's3', 'one', folder, 'logs-1-b.json.gz'),
      join(data, 's3', 'two', folder, 'logs-1-b.json.gz'),
    ]);
    expect(await text(await stored.open(names[0] ?? ''))).toBe(objects[1]);
    expect(await stored.list(none)).toEqual([]);
    expect(await stored.oldest()).toBe('2026-11-22-16');
  });

  it('says where to look when it holds none', async () => {
    const data = await tempFolder();
    await expect(folderObjects(data)).rejects.toThrow(
      `there are no stored logs in ${data}; name the data folder of \`firesplit up\` with --data, or a bucket with --s3`,
    );
  });
});

describe('a bucket', () => {
  let s3: FauxqsServer;
  const connect = () => s3Client('us-east-1', `http://127.0.0.1:${s3.port}`);
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    s3 = await startFauxqs({ port: 0, logger: false });
  });
  afterAll(() => s3.stop());

  it('lists the objects of a prefix, by name', async () => {
    const client = connect();
    s3.createBucket('logs');
    for (const Key of [...objects, ...others]) {
      await client.send(new PutObjectCommand({ Bucket: 'logs', Key, Body: Key }));
    }
    const stored = bucketObjects('logs', client);
    const names = await stored.list(folder);
    expect(names).toEqual([...objects].sort());
    expect(await text(await stored.open(names[0] ?? ''))).toBe(names[0]);
    expect(await stored.list(none)).toEqual([]);
    client.destroy();
  });

  it('says what to do when there is none', async () => {
    const client = connect();
    await expect(bucketObjects('absent', client).list(folder)).rejects.toThrow(
      /^The S3 bucket absent can't be listed: NoSuchBucket .*Name the logs bucket of the stack with --s3\.$/,
    );
    client.destroy();
  });
});

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
