import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { s3CompactionStore } from '../../functions/adapters/s3CompactionStore.js';
import type { CompactionStore } from '../../shared/compact/ports.js';
import { MemoryStore } from '../helpers/compaction/memoryStore.js';
import { deployedBucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let local: S3Endpoint;

beforeAll(async () => {
  local = await openS3(await tempFolder());
});

afterAll(() => local.close());

/** Every adapter of the port, and the one that simulations use. */
const stores: { readonly [name: string]: () => CompactionStore } = {
  'in memory': () => new MemoryStore(Date.now, 2),
  'S3 of the local endpoint': () => s3CompactionStore(deployedBucket, local.client),
};

const bytes = (text: string) => Buffer.from(text);
let folders = 0;

describe.each(Object.entries(stores))('the store of compaction %s', (_, open) => {
  const make = () => ({ store: open(), folder: `compact/${++folders}/` });

  async function keys(store: CompactionStore, prefix: string, after?: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list(prefix, after)) found.push(key.slice(prefix.length));
    return found;
  }

  it('creates an object once, and keeps what whoever was first wrote', async () => {
    const { store, folder } = make();
    expect(await store.create(`${folder}a`, bytes('first'))).toBe(true);
    expect(await store.create(`${folder}a`, bytes('second'))).toBe(false);
    expect(String(Buffer.from((await store.get(`${folder}a`))?.body ?? []))).toBe('first');
  });

  it('lets only one of many create an object', async () => {
    const { store, folder } = make();
    const created = await Promise.all(Array.from({ length: 8 }, (_, at) => store.create(`${folder}a`, bytes(`${at}`))));
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('replaces the object that was read, and no other', async () => {
    const { store, folder } = make();
    await store.create(`${folder}a`, bytes('1'));
    const first = (await store.get(`${folder}a`))?.etag ?? '';
    const second = await store.replace(`${folder}a`, bytes('2'), first);
    expect(second).toEqual(expect.any(String));
    expect(await store.replace(`${folder}a`, bytes('3'), first)).toBeUndefined();
    expect(await store.get(`${folder}a`)).toMatchObject({ etag: second });
    expect(await store.replace(`${folder}b`, bytes('2'), first)).toBeUndefined();
  });

  it('reads an object only as the one that was listed', async () => {
    const { store, folder } = make();
    await store.create(`${folder}a`, bytes('1'));
    const listed = [];
    for await (const object of store.list(folder)) listed.push(object);
    expect(listed).toEqual([{ key: `${folder}a`, etag: expect.any(String), size: 1, modified: expect.any(Number) }]);
    const etag = listed[0]?.etag ?? '';
    expect(await store.get(`${folder}a`, etag)).toMatchObject({ etag });
    await store.replace(`${folder}a`, bytes('2'), etag);
    expect(await store.get(`${folder}a`, etag)).toBeUndefined();
    expect(await store.get(`${folder}missing`)).toBeUndefined();
    expect(await store.get(`${folder}missing`, etag)).toBeUndefined();
  });

  it('lists keys in their order, from behind one, and no others', async () => {
    const { store, folder } = make();
    for (const name of ['c', 'a/1', 'b', 'a', 'a-']) await store.create(folder + name, bytes(''));
    expect(await keys(store, folder)).toEqual(['a', 'a-', 'a/1', 'b', 'c']);
    expect(await keys(store, folder, `${folder}a/`)).toEqual(['a/1', 'b', 'c']);
    expect(await keys(store, `${folder}a`)).toEqual(['', '-', '/1']);
  });

  it('removes objects, those that are gone included', async () => {
    const { store, folder } = make();
    for (const name of ['a', 'b', 'c']) await store.create(folder + name, bytes(''));
    await store.remove([`${folder}a`, `${folder}c`, `${folder}never`]);
    expect(await keys(store, folder)).toEqual(['b']);
  });
});
