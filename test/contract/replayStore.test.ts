import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FoundObject, ReplayDocuments, SourceObjects } from '../../shared/replay/ports.js';
import { ReplayWorld } from '../helpers/replayWorld.js';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

interface Subject {
  readonly documents: ReplayDocuments;
  readonly objects: SourceObjects;
  /** Puts an object into the bucket, behind the ports. */
  add(key: string, body: string): Promise<unknown>;
}

let s3: S3Endpoint;

/** Every adapter of the ports. */
const subjects: { readonly [name: string]: () => Promise<Subject> } = {
  'the adapters of S3': async () => {
    const { s3SourceObjects } = await import('../../functions/adapters/s3SourceObjects.js');
    const { s3Documents } = await import('../../functions/adapters/s3Documents.js');
    return {
      documents: s3Documents(deployedBucket),
      objects: s3SourceObjects,
      add: (Key, Body) => s3.client.send(new PutObjectCommand({ Bucket: deployedBucket, Key, Body })),
    };
  },
  'the world of the tests': async () => {
    const world = new ReplayWorld();
    return {
      documents: world.documents,
      objects: world.objects,
      add: async (key, body) => world.add(deployedBucket, key, body),
    };
  },
};

beforeAll(async () => {
  s3 = await openS3(await tempFolder());
  Object.assign(process.env, { AWS_ENDPOINT_URL_S3: s3.url, AWS_REGION: 'us-east-1' });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
});

afterAll(() => s3.close());

describe.each(Object.entries(subjects))('%s', (name, open) => {
  /** Keys of each test's own. */
  const own = `contract/${name.replaceAll(' ', '-')}`;

  async function listed(objects: SourceObjects, prefix: string, after?: string): Promise<FoundObject[]> {
    const found: FoundObject[] = [];
    for await (const object of objects.list(deployedBucket, prefix, after)) found.push(object);
    return found;
  }

  it('writes a document once, and changes it only for who has seen its last state', async () => {
    const { documents } = await open();
    const key = `replay/${own}.json`;
    expect(await documents.get(key)).toBeUndefined();
    expect(await documents.replace(key, Buffer.from('0'), '"none"')).toBeUndefined();
    expect(await documents.create(key, Buffer.from('1'))).toBe(true);
    expect(await documents.create(key, Buffer.from('2'))).toBe(false);
    const first = await documents.get(key);
    expect(Buffer.from(first?.body ?? []).toString()).toBe('1');
    const second = await documents.replace(key, Buffer.from('3'), first?.etag ?? '');
    expect(second).toBe((await documents.get(key))?.etag);
    expect(await documents.replace(key, Buffer.from('4'), first?.etag ?? '')).toBeUndefined();
    expect(Buffer.from((await documents.get(key))?.body ?? []).toString()).toBe('3');
  });

  it('lets one of many change a document at a time', async () => {
    const { documents } = await open();
    const key = `replay/${own}-many.json`;
    await documents.create(key, Buffer.from('0'));
    const etag = (await documents.get(key))?.etag ?? '';
    const changes = Array.from({ length: 5 }, (_, index) => documents.replace(key, Buffer.from(`${index + 1}`), etag));
    expect((await Promise.all(changes)).filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('lists in the order of the keys, from any of them on, and the folders below a prefix', async () => {
    const { objects, add } = await open();
    for (const key of ['b/2', 'b/1', 'a/1', 'c']) await add(`${own}/list/${key}`, key);
    const prefix = `${own}/list/`;
    const all = await listed(objects, prefix);
    expect(all.map(({ key }) => key.slice(prefix.length))).toEqual(['a/1', 'b/1', 'b/2', 'c']);
    expect(all.map(({ size, bucket }) => [size, bucket])).toEqual([3, 3, 3, 1].map((size) => [size, deployedBucket]));
    expect((await listed(objects, prefix, `${prefix}b/1`)).map(({ key }) => key.slice(prefix.length))).toEqual([
      'b/2',
      'c',
    ]);
    expect(await objects.folders(deployedBucket, prefix)).toEqual([`${prefix}a/`, `${prefix}b/`]);
    const [first] = all;
    expect(await objects.find({ bucket: deployedBucket, key: `${prefix}a/1` })).toMatchObject({
      etag: first?.etag,
      size: 3,
    });
    expect(await objects.find({ bucket: deployedBucket, key: `${prefix}z` })).toBeUndefined();
  });

  it('reads an object only while it is the one that was found', async () => {
    const { objects, add } = await open();
    const key = `${own}/open`;
    await add(key, 'first');
    const found = await objects.find({ bucket: deployedBucket, key });
    if (!found) throw new Error('nothing was found');
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await objects.open(found)) ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('first');
    await add(key, 'second');
    expect(await objects.open(found)).toBeUndefined();
    expect(await objects.open({ ...found, key: `${key}-gone` })).toBeUndefined();
  });

  it('replaces the tags of an object', async () => {
    const { objects, add } = await open();
    const place = { bucket: deployedBucket, key: `${own}/tags` };
    await add(place.key, 'x');
    expect(await objects.tags(place)).toEqual({});
    await objects.tag(place, { team: 'shop', 'firesplit-replayed': '2026-11-28-1412-k3x9' });
    expect(await objects.tags(place)).toEqual({ team: 'shop', 'firesplit-replayed': '2026-11-28-1412-k3x9' });
    await objects.tag(place, { team: 'pay' });
    expect(await objects.tags(place)).toEqual({ team: 'pay' });
  });
});
