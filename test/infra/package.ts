import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What `serverless package` made of the project: what a deployment would upload. */
export interface ServicePackage {
  readonly template: Template;
  /** Names of the files in a function's zip. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

export interface Template {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: unknown;
  readonly DependsOn?: string | readonly string[];
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
    const zips = await Promise.all(functions.map((name) => readFile(join(folder, `${name}.zip`))));
    return {
      template: JSON.parse(template) as Template,
      files: Object.fromEntries(functions.map((name, i) => [name, zipEntries(zips[i] ?? Buffer.alloc(0))])),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Names in the central directory: each entry is a 46-byte header, then the name, the extra field and the comment. */
function zipEntries(zip: Buffer): string[] {
  const names: string[] = [];
  const signature = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 46)) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names;
}
