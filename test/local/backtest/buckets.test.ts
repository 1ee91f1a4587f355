import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { folderBuckets, s3LogsBucket } from '../../../local/backtest/buckets.js';
import { s3Client } from '../../../local/s3/store/s3Bucket.js';
import { landedPrefix } from '../../../shared/line/partition.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const folder = landedPrefix({ type: 'app' }, '2026-11-22-16');
const none = landedPrefix({ type: 'app' }, '2026-11-22-03');
const objects = [`${folder}logs-1-b.json.gz`, `${folder}logs-1-a.json.gz`];
const { signal } = new AbortController();
const others = [`${folder}notes.txt`, 'logs/type=app/arrived=2026-11-22-17/logs-1-c.json.gz', 'signals/x.json'];

describe('a data folder', () => {
  it('has the objects of each of its buckets, by key', async () => {
    const data = await tempFolder();
    for (const key of [...objects, ...others]) await write(join(data, 's3', 'one', key), key);
    await write(join(data, 's3', 'two', objects[0] ?? ''), 'two');

    const [one, two] = await folderBuckets(data);
    expect(await one?.list(folder)).toEqual([
      { key: `${folder}logs-1-a.json.gz`, size: 52 },
      { key: `${folder}logs-1-b.json.gz`, size: 52 },
      { key: `${folder}notes.txt`, size: 45 },
    ]);
    expect((await one?.list('logs/type=app/'))?.map(({ key }) => key)).toContain(others[1]);
    expect(await two?.list(folder)).toEqual([{ key: objects[0], size: 3 }]);
    expect(await text((await one?.open(objects[0] ?? '')) ?? Readable.from([]))).toBe(objects[0]);
    expect(await one?.file(objects[0] ?? '')).toBe(join(data, 's3', 'one', objects[0] ?? ''));
    expect(await one?.list(none)).toEqual([]);
  });

  it('leaves out what is removed while it looks', async () => {
    const data = await tempFolder();
    const keys = Array.from({ length: 300 }, (_, index) => `${folder}${index % 20}/${index}.json.gz`);
    for (const key of keys) await write(join(data, 's3', 'one', key), key);
    const [bucket] = await folderBuckets(data);
    const removed = keys.map((key) => rm(join(data, 's3', 'one', dirname(key)), { recursive: true, force: true }));
    const [found] = await Promise.all([bucket?.list(folder), ...removed]);
    expect(keys).toEqual(expect.arrayContaining(found?.map(({ key }) => key) ?? ['none']));
    expect(await bucket?.list(folder)).toEqual([]);
  });

  it('names a folder that can’t be read', async () => {
    const data = await tempFolder();
    const path = join(data, 's3', 'one', folder);
    await write(path.slice(0, -1), 'a file in its place');
    const [bucket] = await folderBuckets(data);
    await expect(bucket?.list(folder)).rejects.toThrow(`the folder ${path} can't be read (ENOTDIR)`);
  });

  it('says where to look when it holds none', async () => {
    const data = await tempFolder();
    await expect(folderBuckets(data)).rejects.toThrow(
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

  it('has the objects of a folder, by key, and copies of them', async () => {
    const client = connect();
    s3.createBucket('logs');
    for (const Key of [...objects, ...others]) {
      await client.send(new PutObjectCommand({ Bucket: 'logs', Key, Body: Key }));
    }
    const bucket = s3LogsBucket('logs', client, signal);
    const [first, second] = await bucket.list(folder);
    expect(first).toEqual({ key: `${folder}logs-1-a.json.gz`, size: 52 });
    expect(await text(await bucket.open(first?.key ?? ''))).toBe(first?.key);
    expect(await bucket.list(none)).toEqual([]);

    const copy = await bucket.file(first?.key ?? '');
    expect(await bucket.file(first?.key ?? '')).toBe(copy);
    expect(await readFile(copy, 'utf8')).toBe(first?.key);
    await bucket.forget(first?.key ?? '');
    expect(existsSync(copy)).toBe(false);
    const other = await bucket.file(second?.key ?? '');
    await bucket.close();
    expect(existsSync(other)).toBe(false);
    client.destroy();
  });

  it('removes copies that are still made when it is closed', async () => {
    const client = connect();
    s3.createBucket('logs');
    for (const Key of objects) await client.send(new PutObjectCommand({ Bucket: 'logs', Key, Body: Key }));
    const bucket = s3LogsBucket('logs', client, signal);
    const [first = '', second = ''] = objects;
    const copies = dirname(await bucket.file(first));
    const other = bucket.file(second);
    await bucket.close();
    await other;
    expect(existsSync(copies)).toBe(false);
    await expect(bucket.file('later')).rejects.toThrow('s3://logs is closed');
    client.destroy();
  });

  it('ends what it reads when it is told to', async () => {
    const controller = new AbortController();
    // Starts an answer and never ends it.
    const server = createServer((_, response) => response.writeHead(200, { 'content-length': 100 }).write('PAR1'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const client = s3Client('us-east-1', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const bucket = s3LogsBucket('logs', client, controller.signal);
    const [object, copy] = [await bucket.open('a'), bucket.file('b')];
    const ended = expect(text(object)).rejects.toThrow(/abort/);
    const uncopied = expect(copy).rejects.toThrow(/abort/);
    controller.abort();
    await Promise.all([ended, uncopied, expect(bucket.list('logs/')).rejects.toThrow(/abort/)]);
    await bucket.close();
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('says what to do when there is none', async () => {
    const client = connect();
    await expect(s3LogsBucket('absent', client, signal).list(folder)).rejects.toThrow(
      /^The S3 bucket absent can't be read: NoSuchBucket .*Name the logs bucket of the stack with --s3\.$/,
    );
    client.destroy();
  });

  it('says what to do when nobody is signed in', async () => {
    const nobody = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    const client = new S3Client({ region: 'us-east-1', credentials: () => Promise.reject(nobody) });
    await expect(s3LogsBucket('logs', client, signal).list(folder)).rejects.toThrow(
      /^Nobody is signed in, so the S3 bucket logs was not asked: set AWS_PROFILE, .* sign in \(`aws sso login`\)\.$/,
    );
    client.destroy();
  });
});

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
