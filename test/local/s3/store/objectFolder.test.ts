import { mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { bareDescription } from '../../../../local/s3/store/description.js';
import { KeyFiles } from '../../../../local/s3/store/keyFiles.js';
import { ObjectFolder } from '../../../../local/s3/store/objectFolder.js';
import { compareKeys, isObjectKey, isPlainKey, sideName } from '../../../../local/s3/store/objectKey.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

let data: string;
let bucket: ObjectFolder;

beforeEach(async () => {
  data = await tempFolder();
  bucket = reopened();
});

/** The bucket as the next process sees it. */
const reopened = () => new ObjectFolder(join(data, 'bucket'), join(data, 'staging'));

const put = (key: string, body: string, store = bucket) => store.put(key, Buffer.from(body));

async function text(key: string, store = bucket): Promise<string | undefined> {
  const object = await store.open(key);
  if (!object) return undefined;
  const body = await object.file.readFile('utf8');
  await object.file.close();
  return body;
}

const keys = async (prefix = '', store = bucket) => (await store.keys(prefix)).sort(compareKeys);

/** Keys as people and fuzzers make them: of parts that are something to a file system, and of any text. */
const part = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    'a',
    'A',
    'b',
    '.firesplit',
    'objects',
    'a.',
    'nul',
    'é',
    'e\u0301',
    '日本',
    '🔥',
    '\\',
    ':',
    '*',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('x', 'ä'), minLength: 200, maxLength: 300 }),
);
const key = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter(isObjectKey);

describe('keys and files', () => {
  it('every set of objects is kept apart, found, listed, and within the folder', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(7)),
        async (all, deleted) => {
          const folder = join(data, `run-${++run}`);
          const open = () => new ObjectFolder(join(folder, 'bucket'), join(folder, 'staging'));
          const store = open();
          const expected = new Map<string, string>();
          for (const each of all) {
            await put(each, `of ${each}`, store);
            expected.set(each, `of ${each}`);
          }
          for (const index of deleted) {
            const gone = all[index];
            if (gone === undefined) continue;
            await store.remove(gone);
            expected.delete(gone);
          }
          const again = open();
          expect(await keys('', again)).toEqual([...expected.keys()].sort(compareKeys));
          for (const each of all) expect(await text(each, again)).toBe(expected.get(each));
          // Nothing but the bucket and its staging came into being.
          expect((await readdir(folder)).filter((name) => name !== 'bucket' && name !== 'staging')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    expect((await readdir(data)).filter((name) => !name.startsWith('run-'))).toEqual([]);
  });

  it('a plain key is its own path, and no two keys have one name aside', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        if (isPlainKey(a)) expect(join('/bucket', a)).toBe(`/bucket/${a}`);
        expect(sideName(a) === sideName(b)).toBe(a === b);
      }),
    );
  });

  it.each(['a', 'a/b=c/d.json.gz', '..a/b..', '.hidden', 'a:b', "quote's"])('%s is a plain key', (plain) =>
    expect(isPlainKey(plain)).toBe(true),
  );

  it.each([
    '',
    '/a',
    'a//b',
    'a/',
    '../a',
    'a/./b',
    'a\0',
    'a\\b',
    'a\nb',
    `a/${'ä'.repeat(128)}`,
    '.firesplit/a',
    '.FireSplit',
  ])('%j is none', (odd) => expect(isPlainKey(odd)).toBe(false));

  it.each(['', 'x'.repeat(1025), 'ä'.repeat(513), '\ud83d'])('S3 takes no key %j', async (none) => {
    expect(isObjectKey(none)).toBe(false);
    await expect(put(none, 'x')).rejects.toThrow('is none that S3 takes');
    expect(await bucket.open(none)).toBeUndefined();
  });

  it('orders keys by their UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('an object whose path another key has becomes plain once it is deleted and put again', async () => {
    await put('pf', 'file');
    await put('pf/x', 'below');
    await bucket.remove('pf');
    expect([await text('pf/x'), await keys()]).toEqual(['below', ['pf/x']]);
    await bucket.remove('pf/x');
    await put('pf/x', 'again');
    expect(await readFile(join(data, 'bucket/pf/x'), 'utf8')).toBe('again');
  });

  it('what a case-insensitive file system takes for one file are two objects', async () => {
    // Such a file system finds `readme` under `README`, and tells by realpath that it is spelled otherwise: as a link does.
    await put('README', 'upper');
    await mkdir(join(data, 'bucket/LOGS'), { recursive: true });
    await symlink('README', join(data, 'bucket/readme'));
    await symlink('LOGS', join(data, 'bucket/logs'));
    await put('readme', 'lower');
    await put('logs/x', 'below');
    await put('LOGS/x', 'above');
    expect([await text('README'), await text('readme')]).toEqual(['upper', 'lower']);
    expect([await text('logs/x'), await text('LOGS/x')]).toEqual(['below', 'above']);
    expect(await keys()).toEqual(['LOGS/x', 'README', 'logs/x', 'readme']);
  });

  it('folders go with their last object, and puts beside it do not fail', async () => {
    for (let round = 0; round < 20; round++) {
      await put('deep/er/a', 'a');
      await Promise.all([bucket.remove('deep/er/a'), put('deep/er/b', 'b')]);
      expect(await text('deep/er/b')).toBe('b');
      await bucket.remove('deep/er/b');
    }
    expect(await readdir(join(data, 'bucket'))).toEqual(['.firesplit']);
  });

  it('files that another program wrote are objects with the MD5 of their bytes', async () => {
    await mkdir(join(data, 'bucket/by'), { recursive: true });
    await writeFile(join(data, 'bucket/by/hand'), 'first');
    expect(await bucket.find('by/hand')).toMatchObject({
      size: 5,
      description: bareDescription('8b04d5e3775d298e78455efc5ca404d5'),
    });
    await writeFile(join(data, 'bucket/by/hand'), 'other, and longer');
    expect((await bucket.find('by/hand'))?.description.etag).toBe('4fd07f4e2cb880f4b793e239a48abece');
  });
});

describe('descriptions', () => {
  const told = { ...bareDescription('0123'), metadata: { team: 'web' } };
  const write = async (name: string, body: string, description = told, store = bucket) =>
    store.write(name, await store.stage([Buffer.from(body)]), description);

  it('are kept over a restart, and changed without the bytes', async () => {
    await write('a', 'body');
    expect((await reopened().find('a'))?.description).toEqual(told);
    await reopened().redescribe('a', (current) => ({ ...current, tags: { k: 'v' } }));
    expect((await reopened().find('a'))?.description).toEqual({ ...told, tags: { k: 'v' } });
    expect(await text('a')).toBe('body');
  });

  it('are those of the object of before when a crash comes before the new one is in its place', async () => {
    await write('a', 'first');
    const place = jest.spyOn(KeyFiles.prototype, 'place').mockRejectedValueOnce(new Error('killed'));
    const next = { ...bareDescription('4567'), metadata: { team: 'ops' } };
    await expect(write('a', 'later', next)).rejects.toThrow('killed');
    place.mockRestore();
    expect([(await reopened().find('a'))?.description, await text('a', reopened())]).toEqual([told, 'first']);
    await write('a', 'later', next);
    expect([(await reopened().find('a'))?.description, await text('a', reopened())]).toEqual([next, 'later']);
  });

  it('are forgotten when another program changed the file', async () => {
    await write('a', 'body');
    await writeFile(join(data, 'bucket/a'), 'BODY');
    await utimes(join(data, 'bucket/a'), 1, 1);
    expect((await bucket.find('a'))?.description).toEqual(bareDescription('786329b34bbe53ab40a54a19cd597f2d'));
  });

  it('go with their object', async () => {
    await write('a', 'body');
    await bucket.remove('a');
    expect(await readdir(join(data, 'bucket/.firesplit/descriptions'))).toEqual([]);
  });

  it('of which half is left do not hide the object', async () => {
    await write('a', 'body');
    const folder = join(data, 'bucket/.firesplit/descriptions');
    await writeFile(join(folder, (await readdir(folder))[0] ?? ''), '{"key":"a","ent');
    expect(await text('a')).toBe('body');
    await write('a', 'body');
    expect((await bucket.find('a'))?.description).toEqual(told);
  });
});

describe('at the same time', () => {
  it('one of many puts that want no object there wins', async () => {
    const absent = (current: unknown) => {
      if (current) throw new Error('there already');
    };
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, index) => {
        const store = index % 2 === 0 ? bucket : reopened();
        return store.write('once', await store.stage([Buffer.from(`${index}`)]), bareDescription(`${index}`), absent);
      }),
    );
    const won = attempts.flatMap((attempt, index) => (attempt.status === 'fulfilled' ? [index] : []));
    expect(won).toHaveLength(1);
    expect([await text('once'), (await bucket.find('once'))?.description.etag]).toEqual([`${won[0]}`, `${won[0]}`]);
  });

  it('a reader has the bytes and the description of one put', async () => {
    await put('busy', 'x'.repeat(1000));
    const writing = Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const staged = await bucket.stage([Buffer.from(String(index % 10).repeat(1000))]);
        return bucket.write('busy', staged, bareDescription(String(index % 10)));
      }),
    );
    for (let reads = 0; reads < 60; reads++) {
      const object = await bucket.open('busy');
      const first = (await object?.file.readFile('utf8'))?.[0];
      await object?.file.close();
      if (first !== 'x') expect(object?.description.etag).toBe(first);
    }
    await writing;
  });

  it('an object that is read is the one of before when it is replaced meanwhile', async () => {
    await put('a', 'first');
    const object = await bucket.open('a');
    await put('a', 'second');
    await bucket.remove('a');
    expect(await object?.file.readFile('utf8')).toBe('first');
    await object?.file.close();
  });
});

it('a bucket can be moved with all it holds', async () => {
  await put('a//b', 'aside');
  await rename(join(data, 'bucket'), join(data, 'moved'));
  const moved = new ObjectFolder(join(data, 'moved'), join(data, 'staging'));
  expect([await text('a//b', moved), await keys('', moved)]).toEqual(['aside', ['a//b']]);
});
