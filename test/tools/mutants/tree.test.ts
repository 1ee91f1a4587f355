import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mutantsOf } from '../../../tools/mutants/mutant.js';
import { Tree } from '../../../tools/mutants/tree.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const source = { path: 'shared/age.ts', text: 'export const isAdult = (age: number) => age >= 18;\n' };
const test = 'test/shared/age.test.ts';

describe('a copy of the project', () => {
  let project: string;
  let folder: string;
  const interrupt = new AbortController();
  let tree: Tree;

  beforeAll(async () => {
    project = await tempFolder();
    await write(project, source.path, source.text);
    await write(project, 'package.json', '{ "type": "module" }');
    await write(project, 'dist/large.mjs', '');
    await write(
      project,
      test,
      `import { expect, it } from '@jest/globals';
      import { isAdult } from '../../shared/age.js';
      it('holds', () => expect(isAdult(18)).toBe(true));`,
    );
    for (const file of ['jest.config.mjs', 'test/setup.ts']) await copyFile(file, join(project, file));
    await symlink(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
    folder = join(await tempFolder(), 'copy');
    tree = await Tree.copy(project, folder, interrupt.signal);
  });

  it('leaves out what is built', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'jest.config.mjs',
      'node_modules',
      'package.json',
      'shared',
      'test',
    ]);
  });

  it('passes its tests as it is, and fails them with a change that the project never sees', async () => {
    expect(await tree.test(test, 60_000)).toBe('passed');
    const [boundary] = mutantsOf(source);
    if (!boundary) throw new Error('no mutant of >=');
    await tree.apply(boundary);
    expect(await readFile(join(folder, source.path), 'utf8')).toContain('age > 18');
    expect(await tree.test(test, 60_000)).toBe('failed');
    expect(await readFile(join(project, source.path), 'utf8')).toBe(source.text);
    await tree.restore(boundary);
    expect(await readFile(join(folder, source.path), 'utf8')).toBe(source.text);
  });

  it('ends a test that takes too long', async () => {
    expect(await tree.test(test, 1)).toBe('timed out');
  });

  it('ends a test that is interrupted, and starts no other', async () => {
    const interrupted = tree.test(test, 60_000);
    interrupt.abort();
    await expect(interrupted).rejects.toThrow('aborted');
    await expect(tree.test(test, 60_000)).rejects.toThrow('aborted');
  });
});

async function write(project: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}
