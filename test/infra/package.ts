import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PolicyDocument } from '../../tools/deploy/deployerPolicy.js';

/** What `serverless package` made of the project: what a deployment would upload. */
export interface ServicePackage {
  readonly template: Template;
  /** What deployers are to be allowed. */
  readonly policies: readonly PolicyDocument[];
  /** Names of the files in a function's zip. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** What the files of a function's zip are together, unpacked. */
  readonly unpackedBytes: Readonly<Record<string, number>>;
}

export interface Template {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value?: unknown }>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: unknown;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

/** The properties of the resource with that logical id. */
export function properties<T>({ Resources }: Template, id: string): T {
  const resource = Resources[id];
  if (!resource) throw new Error(`no resource ${id} in the template; it has ${Object.keys(Resources).join(', ')}`);
  return resource.Properties as T;
}

const serverless = createRequire(import.meta.url).resolve('osls/bin/serverless.js');

/**
 * Packages the built project for stage `test`, with no credentials in sight.
 *
 * @throws when a function has not been built.
 */
export async function packageService(functions: readonly string[]): Promise<ServicePackage> {
  for (const name of functions) {
    if (!existsSync(`dist/functions/${name}.mjs`)) throw new Error(`no dist/functions/${name}.mjs; run npm run build`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-package-'));
  try {
    await promisify(execFile)(process.execPath, [serverless, 'package', '--stage', 'test', '--package', folder], {
      env: { PATH: process.env.PATH, HOME: folder },
    });
    const template = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
    const policies = (await readdir(folder)).filter((name) => name.startsWith('deployer-policy-'));
    const zips = await Promise.all(functions.map((name) => readFile(join(folder, `${name}.zip`))));
    const entries = zips.map(zipEntries);
    return {
      template: JSON.parse(template) as Template,
      policies: await Promise.all(
        policies.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as PolicyDocument),
      ),
      files: Object.fromEntries(functions.map((name, i) => [name, entries[i]?.map((entry) => entry.name) ?? []])),
      unpackedBytes: Object.fromEntries(
        functions.map((name, i) => [name, entries[i]?.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0]),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The central directory: each entry is a 46-byte header, then the name, the extra field and the comment. */
function zipEntries(zip: Buffer): { readonly name: string; readonly bytes: number }[] {
  const entries: { readonly name: string; readonly bytes: number }[] = [];
  const signature = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 46)) {
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    entries.push({ name, bytes: zip.readUInt32LE(at + 24) });
  }
  return entries;
}
