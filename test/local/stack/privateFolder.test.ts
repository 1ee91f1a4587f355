import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openPrivateFolder } from '../../../local/stack/privateFolder.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** A folder that everybody may read, with what is to be in it. */
async function openFolder(...names: string[]): Promise<string> {
  const folder = join(await tempFolder(), 'data');
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const name of names) await mkdir(join(folder, name));
  return folder;
}

describe('openPrivateFolder', () => {
  it.each([
    ['a new one', async () => join(await tempFolder(), 'a', 'b'), '700'],
    ['an empty one', () => openFolder(), '700'],
    ['one of an earlier run', () => openFolder('lambda', 'queue'), '700'],
    ['one with things of others', () => openFolder('src'), '755'],
  ])('%s', async (_, make, expected) => {
    const folder = await make();
    const end = await openPrivateFolder(folder);
    await mkdir(join(folder, 'journal'));
    await writeFile(join(folder, 'journal', '1.log'), 'a line');
    end();
    expect(await mode(folder)).toBe(expected);
    expect([await mode(join(folder, 'journal')), await mode(join(folder, 'journal', '1.log'))]).toEqual(['700', '600']);
  });

  it("gives the process's own rights back at the end, and when there can be no folder", async () => {
    const before = process.umask();
    const folder = await tempFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(openPrivateFolder(join(folder, 'file'))).rejects.toThrow();
    expect(process.umask()).toBe(before);
    (await openPrivateFolder(join(folder, 'data')))();
    expect(process.umask()).toBe(before);
  });
});
