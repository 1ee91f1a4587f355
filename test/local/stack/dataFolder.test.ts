import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { explainedStart, openDataFolder } from '../../../local/stack/dataFolder.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let data: string;

beforeEach(async () => {
  data = join(await tempFolder(), 'data');
  await openDataFolder(data);
});

const replace = async (path: string, change: (content: Buffer) => Buffer | string) => {
  const file = join(data, path);
  await writeFile(file, change(await readFile(file)));
};

describe('openDataFolder', () => {
  it('takes what it made before', async () => {
    await openDataFolder(data);
    expect(await readdir(data)).toEqual(['dynamodb', 'journal', 'lambda', 'queue', 'slack']);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a gzipped segment of the journal',
      () => writeFile(join(data, 'journal/0000000001.journal.gz'), gzipSync('x')),
      '0000000001.journal.gz is gzipped',
    ],
    [
      'a segment that is gzipped under its own name',
      () => writeFile(join(data, 'journal/0000000001.journal'), gzipSync('x')),
      'unpack it with "gunzip"',
    ],
    [
      'somebody else’s file in the journal',
      () => writeFile(join(data, 'journal/notes.txt'), 'mine'),
      'notes.txt is not a file of firesplit',
    ],
    ['somebody else’s folder in the journal', () => mkdir(join(data, 'journal/old')), 'old is not a file of firesplit'],
    ['a damaged CURRENT', () => replace('dynamodb/CURRENT', () => 'garbage'), "can't be read (Corruption"],
    [
      'a missing CURRENT',
      () => rename(join(data, 'dynamodb/CURRENT'), join(data, 'CURRENT')),
      "can't be read (CURRENT is missing)",
    ],
    [
      'a damaged manifest',
      async () => {
        const manifest = (await readdir(join(data, 'dynamodb'))).find((name) => name.startsWith('MANIFEST'));
        await replace(`dynamodb/${manifest}`, () => 'garbage');
      },
      "can't be read (Corruption",
    ],
  ])('names %s and says what to do', async (_, spoil, message) => {
    await spoil();
    await expect(openDataFolder(data)).rejects.toThrow(message);
  });

  it('says that a file stands where a folder has to be', async () => {
    await rm(join(data, 'journal'), { recursive: true });
    await writeFile(join(data, 'journal'), 'x');
    const error = await openDataFolder(data).catch((error: unknown) => explainedStart(error, data));
    expect(String(error)).toContain(`${join(data, 'journal')} is a file where a folder has to be (EEXIST)`);
  });
});

it.each([
  ['ENOSPC', 'write', 'The disk of the data folder /data is full: make room, or choose another folder with --data.'],
  ['EROFS', 'open', "The data folder /data can't be written (EROFS at /data/lock): make it writable"],
  ['EACCES', 'open', "The data folder /data can't be written (EACCES at /data/lock): make it writable"],
  ['EACCES', 'listen', 'no: choose other ports, or free ones with 0.'],
  ['ENOENT', 'mkdir', "/data/lock can't be made: is the folder above it there and writable?"],
  ['EIO', 'read', 'no'],
])('explains %s of %s at the start', (code, syscall, message) => {
  const error = Object.assign(new Error('no'), { code, syscall, path: '/data/lock' });
  expect(String(explainedStart(error, '/data'))).toContain(message);
});
