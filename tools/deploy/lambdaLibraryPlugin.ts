import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LockedPackage } from './lockedPackage.js';

const run = promisify(execFile);

/** Set by the build: DuckDB's library for the processor of Lambda, as package-lock.json names it. */
declare const LAMBDA_LIBRARY: LockedPackage;

/**
 * Plugin of serverless.yml. Before anything is packaged, it puts DuckDB's library for Lambda into dist/node_modules, where
 * functions/compact finds it: npm has installed only that of the machine it runs on.
 */
export default class LambdaLibrary {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor({ serviceDir }: { readonly serviceDir: string }) {
    this.hooks = { 'before:package:createDeploymentArtifacts': () => provide(join(serviceDir, 'dist')) };
  }
}

async function provide(dist: string): Promise<void> {
  const place = join(dist, 'node_modules', LAMBDA_LIBRARY.name);
  if ((await versionIn(place)) === LAMBDA_LIBRARY.version) return;
  // Beside its place, so that it can be moved there as a whole.
  const folder = await mkdtemp(join(dist, 'library-'));
  try {
    const unpacked = await fetchPackage(LAMBDA_LIBRARY, folder);
    await rm(place, { recursive: true, force: true });
    await mkdir(dirname(place), { recursive: true });
    await rename(unpacked, place);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function versionIn(folder: string): Promise<string | undefined> {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

/** @throws Error when it can't be had, or is not the one whose checksum is known */
async function fetchPackage({ name, version, integrity }: LockedPackage, folder: string): Promise<string> {
  // On Windows npm is a script, which only a shell starts.
  const isWindows = process.platform === 'win32';
  const pack = ['pack', `${name}@${version}`, '--pack-destination', folder, '--json'];
  const { stdout } = await run(isWindows ? 'npm.cmd' : 'npm', pack, { shell: isWindows }).catch((error: unknown) => {
    throw new Error(`${name}@${version}, which functions/compact needs, can't be fetched with npm: ${error}`);
  });
  const [packed] = JSON.parse(stdout) as { readonly filename: string }[];
  const archive = join(folder, packed?.filename ?? '');
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (found !== integrity) {
    throw new Error(`${name}@${version} is ${found}, and package-lock.json has ${integrity}: nothing was packaged`);
  }
  await run('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, 'package');
}
