import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { finishDeliveries } from '../../local/firehose/delivery/deliveryStage.js';
import type { BucketStore } from '../../local/s3/store/bucketStore.js';
import { ObjectFolder, type StoredObject } from '../../local/s3/store/objectFolder.js';
import { isPlainKey } from '../../local/s3/store/objectKey.js';
import { S3Bucket, s3Client } from '../../local/s3/store/s3Bucket.js';
import type { StagedStore } from '../../local/s3/store/stagedStore.js';
import { openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

interface Subject<Store> {
  /** The bucket as a process sees it that starts now. */
  open(): Store;
  /** What is under a key, read behind the store's back. */
  read(key: string): Promise<Buffer | undefined>;
}

let fauxqs: FauxqsServer;
let local: S3Endpoint;

/** Buckets that speak the S3 API: of an emulator, and of the local S3 itself. */
const s3Subjects: { readonly [name: string]: () => Promise<Subject<BucketStore>> } = {
  'S3Bucket of an emulator': () => s3Subject(`http://127.0.0.1:${fauxqs.port}`),
  'S3Bucket of the local S3': () => s3Subject(local.url),
};

/** Every adapter of the port. */
const subjects: { readonly [name: string]: () => Promise<Subject<StagedStore>> } = {
  ObjectFolder: folderSubject,
  ...s3Subjects,
};

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  fauxqs = await startFauxqs({ port: 0, logger: false });
  local = await openS3(await tempFolder());
});

afterAll(async () => {
  await fauxqs.stop();
  await local.close();
});

async function folderSubject(): Promise<Subject<StagedStore>> {
  const folder = await tempFolder();
  return {
    open: () => new ObjectFolder(join(folder, 'bucket'), join(folder, 'staging')),
    read: (key) => readFile(join(folder, 'bucket', key)).catch(() => undefined),
  };
}

let buckets = 0;

async function s3Subject(endpoint: string): Promise<Subject<BucketStore>> {
  const staging = await tempFolder();
  const bucket = `bucket-${++buckets}`;
  const client = s3Client('us-east-1', endpoint);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    open: () => new S3Bucket(bucket, client, staging),
    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body === undefined ? undefined : Buffer.from(await Body.transformToByteArray());
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}

const text = (...parts: readonly string[]) => parts.map((part) => Buffer.from(part));

describe.each(Object.entries(subjects))('%s as a StagedStore', (_name, make) => {
  it('shows an object when it is committed, not when it is staged', async () => {
    const { open, read } = await make();
    const store = open();
    const staged = await store.stage(text('one ', 'two ', '', 'three'));
    expect(await read('logs/a')).toBeUndefined();
    expect(await store.staged()).toEqual([staged]);
    await store.commit(staged, 'logs/a');
    expect(String(await read('logs/a'))).toBe('one two three');
    expect(await store.staged()).toEqual([]);
  });

  it('finds nothing staged in the beginning', async () => {
    expect(await (await make()).open().staged()).toEqual([]);
  });

  it('commits after a restart what was staged before it', async () => {
    const { open, read } = await make();
    const staged = await open().stage(text('kept'));
    const restarted = open();
    expect(await restarted.staged()).toEqual([staged]);
    await restarted.commit(staged, 'logs/kept');
    expect(String(await read('logs/kept'))).toBe('kept');
    expect(await restarted.staged()).toEqual([]);
  });

  it('forgets what is discarded', async () => {
    const { open } = await make();
    const store = open();
    const [keep, drop] = [await store.stage(text('keep')), await store.stage(text('drop'))];
    await store.discard(drop);
    expect(await store.staged()).toEqual([keep]);
    await expect(store.commit(drop, 'logs/dropped')).rejects.toThrow();
  });

  it('replaces an object of the same key, whichever way it came', async () => {
    const { open, read } = await make();
    const store = open();
    await store.put('same', Buffer.from('first, and longer'));
    await store.commit(await store.stage(text('second')), 'same');
    expect(String(await read('same'))).toBe('second');
    await store.put('same', Buffer.from('third'));
    expect(String(await read('same'))).toBe('third');
    expect(await store.staged()).toEqual([]);
  });

  it('takes headers, whether or not it can keep them', async () => {
    const { open, read } = await make();
    const store = open();
    await store.commit(await store.stage(text('packed')), 'a.gz', { contentEncoding: 'gzip' });
    expect(String(await read('a.gz'))).toBe('packed');
  });

  it('keeps an empty object', async () => {
    const { open, read } = await make();
    const store = open();
    await store.commit(await store.stage([]), 'empty');
    expect((await read('empty'))?.length).toBe(0);
  });

  it('keeps every byte of a large object', async () => {
    const { open, read } = await make();
    const store = open();
    const chunks = Array.from({ length: 80 }, (_, index) =>
      Buffer.alloc(128 * 1024, createHash('md5').update(`${index}`).digest()),
    );
    await store.commit(await store.stage(chunks), 'large');
    expect((await read('large'))?.equals(Buffer.concat(chunks))).toBe(true);
  });

  it('commits several at the same time', async () => {
    const { open, read } = await make();
    const store = open();
    const names = Array.from({ length: 12 }, (_, index) => `logs/hour=${index % 3}/${index}`);
    await Promise.all(names.map(async (name) => store.commit(await store.stage(text(name)), name)));
    for (const name of names) expect(String(await read(name))).toBe(name);
  });

  it.each([
    'logs/type=access/arrived=2026-11-22-16/logs-1-2026-11-22-16-03-00-uuid.json.gz',
    'with space/and+plus',
    'percent%2Fencoded/100%',
    'query?a=b&c=d#e',
    'quotes\'"/(brackets)[]{}',
    'Ümläut/日本/🔥',
    '.../..hidden',
    'a:b;c,d@e!$*~^|`<>',
  ])('takes %j as a key', async (key) => {
    const { open, read } = await make();
    const store = open();
    await store.commit(await store.stage(text(key)), key);
    expect(String(await read(key))).toBe(key);
  });

  it('gives back under any key what was put there', async () => {
    const { open, read } = await make();
    const store = open();
    const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const keys = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `p/${parts.join('/')}`);
    const printable = (key: string) => isPlainKey(key) && !/\p{C}/u.test(key);
    await fc.assert(
      fc.asyncProperty(keys.filter(printable), fc.uint8Array({ maxLength: 64 }), async (key, body) => {
        const unique = `${createHash('md5').update(key).digest('hex')}/${key}`;
        await store.commit(await store.stage([body]), unique);
        expect((await read(unique))?.equals(body)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(Object.entries(s3Subjects))('%s as a BucketStore', (_name, make) => {
  const keys = ['logs/a', 'signals/1', 'signals/2-b', 'signals/2/b', 'signals/3', 'signals2/1', 'z'];

  async function filled(): Promise<BucketStore> {
    const store = (await make()).open();
    for (const key of keys) await store.put(key, Buffer.from(`of ${key}`));
    return store;
  }
  const listed = async (store: BucketStore, prefix: string, after = '', max = 1000) => {
    const { objects, truncated } = await store.list(prefix, after, max);
    return [objects.map(({ key }) => key), truncated];
  };

  it('gives an object back, and nothing for a key that has none', async () => {
    const store = await filled();
    expect(Buffer.from((await store.get('signals/2/b')) ?? []).toString()).toBe('of signals/2/b');
    expect(await store.get('signals/4')).toBeUndefined();
    expect(await store.get('signals/2')).toBeUndefined();
    expect(await store.get('signals/1/below')).toBeUndefined();
  });

  it.each([
    ['', keys],
    ['signals/', keys.slice(1, 5)],
    ['signals/2', ['signals/2-b', 'signals/2/b']],
    ['sig', keys.slice(1, 6)],
    ['nothing/', []],
    ['signals/1/', []],
  ])('lists what begins with %j in the order of the keys', async (prefix, expected) => {
    expect(await listed(await filled(), prefix)).toEqual([expected, false]);
  });

  it('lists page after page', async () => {
    const store = await filled();
    expect(await listed(store, 'signals/', '', 3)).toEqual([['signals/1', 'signals/2-b', 'signals/2/b'], true]);
    expect(await listed(store, 'signals/', 'signals/2/b', 3)).toEqual([['signals/3'], false]);
    expect(await listed(store, 'signals/', '', 4)).toEqual([keys.slice(1, 5), false]);
    expect(await listed(store, 'signals/', 'signals/3')).toEqual([[], false]);
  });

  it('tells size and time of what it lists', async () => {
    const store = await filled();
    const { objects } = await store.list('z', '', 1);
    expect(objects).toEqual([{ key: 'z', size: 4, modified: expect.any(Number) }]);
  });

  it('deletes an object, and again', async () => {
    const store = await filled();
    await store.delete('signals/1');
    await store.delete('signals/1');
    expect(await store.get('signals/1')).toBeUndefined();
    expect(await listed(store, 'signals/')).toEqual([keys.slice(2, 5), false]);
  });
});

describe('what a folder tells of its objects', () => {
  it('is told before whoever wrote one is, and again when that may have been cut short', async () => {
    const folder = await tempFolder();
    const told: string[] = [];
    const created = async ({ key, size }: StoredObject) => void told.push(`${key} ${size}`);
    const store = new ObjectFolder(join(folder, 'bucket'), join(folder, 'staging'), created);
    await store.commit(await store.stage([Buffer.from('abc')]), 'logs/a b');
    await store.put('logs/c', Buffer.from('x'));
    await store.announce('logs/a b');
    await store.announce('logs/none');
    expect(told).toEqual(['logs/a b 3', 'logs/c 1', 'logs/a b 3']);
  });

  it('is told again of those that a crash has left on their way, and of no others', async () => {
    const folder = await tempFolder();
    const told: string[] = [];
    const created = async ({ key }: StoredObject) => void told.push(key);
    const store = new ObjectFolder(join(folder, 'bucket'), join(folder, 'staging'), created);
    const [moved, waiting] = [await store.stage([Buffer.from('moved')]), await store.stage([Buffer.from('waits')])];
    await store.commit(moved, 'moved');
    told.length = 0;
    const decided = [
      { bucket: 'bucket', staged: moved, key: 'moved' },
      { bucket: 'bucket', staged: waiting, key: 'waiting' },
    ];
    await finishDeliveries(() => store, decided, ['bucket']);
    expect(told.sort()).toEqual(['moved', 'waiting']);
  });
});

describe('staging', () => {
  it('leaves nothing of an object that could not be staged whole', async () => {
    const staging = await tempFolder();
    const store = new ObjectFolder(join(staging, 'bucket'), join(staging, 'staging'));
    const broken = [Buffer.from('fine'), Symbol('no bytes') as unknown as Uint8Array];
    await expect(store.stage(broken)).rejects.toThrow();
    expect(await readdir(join(staging, 'staging'))).toEqual([]);
  });
});
