import { appendFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { followLines, merged } from '../../../local/ship/follow.js';
import { tempFolder } from '../../helpers/tempFolder.js';

/** A file that is followed, and what takes the next lines of it. */
async function followed(content: string) {
  const file = join(await tempFolder(), 'web.log');
  await writeFile(file, content);
  const controller = new AbortController();
  const lines = followLines(file, controller.signal, () => undefined);
  return {
    file,
    next: async () => (await lines.next()).value,
    async end() {
      controller.abort();
      const rest: string[] = [];
      for await (const chunk of lines) rest.push(...chunk);
      return rest;
    },
  };
}

describe('followLines', () => {
  it('gives what is there and what is appended, whole lines only, the rest when it ends', async () => {
    const { file, next, end } = await followed('one\ntwo\nthr');
    expect(await next()).toEqual(['one', 'two']);
    await appendFile(file, 'ee\nfour');
    expect(await next()).toEqual(['three']);
    expect(await end()).toEqual(['four']);
  });

  it('reads a file that was cut to nothing from its start', async () => {
    const { file, next, end } = await followed('one\ntwo\n');
    expect(await next()).toEqual(['one', 'two']);
    const more = next();
    await truncate(file);
    await appendFile(file, 'new\n');
    expect(await more).toEqual(['new']);
    expect(await end()).toEqual([]);
  });

  it('goes on with the file that log rotation puts in its place', async () => {
    const { file, next, end } = await followed('one\n');
    expect(await next()).toEqual(['one']);
    await appendFile(file, 'last\n');
    await rename(file, `${file}.1`);
    await writeFile(file, 'first of the new\n');
    expect(await next()).toEqual(['last']);
    expect(await next()).toEqual(['first of the new']);
    expect(await end()).toEqual([]);
  });
});

it('merges sources, each chunk as it comes', async () => {
  let release = () => undefined as undefined;
  const released = new Promise<void>((resolve) => {
    release = () => {
      resolve();
      return undefined;
    };
  });
  async function* slow() {
    await released;
    yield ['slow'];
  }
  async function* quick() {
    yield ['quick'];
    yield ['quicker'];
  }
  const seen: string[] = [];
  for await (const [line = ''] of merged([slow(), quick()])) {
    seen.push(line);
    if (line === 'quicker') release();
  }
  expect(seen).toEqual(['quick', 'quicker', 'slow']);
});
