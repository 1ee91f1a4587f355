import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { tempFolder } from '../helpers/tempFolder.js';

const run = promisify(execFile);

/** The package as `npm pack` makes it, unpacked, with the packages of this project. */
async function unpacked(): Promise<string> {
  const folder = await tempFolder();
  // What `prepare` builds is there already: the tests run on it.
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run('tar', ['-xzf', join(folder, filename), '-C', folder]);
  await symlink(resolve('node_modules'), join(folder, 'package/node_modules'), 'junction');
  return join(folder, 'package');
}

it('runs as a package in an empty folder, with its own rules, templates and samples', async () => {
  const root = await unpacked();
  const cwd = join(root, '../empty');
  await mkdir(cwd);
  const firesplit = async (...words: string[]) =>
    (await run(process.execPath, [join(root, 'dist/local/cli.mjs'), ...words], { cwd })).stdout;
  expect(await firesplit('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(JSON.parse(await firesplit('rules', 'check', '--json'))).toMatchObject({ problems: [] });
  expect(stripVTControlCharacters(await firesplit('demo'))).toContain('✓ Done in');
});
