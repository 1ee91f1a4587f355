import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the bundles of the functions are made of. A package that is installed has no sources, only the files of infra/. */
const parts = [
  'functions',
  'shared',
  'infra/firesplit.yml',
  'infra/firesplit.schema.json',
  'infra/rules',
  'infra/rules.schema.json',
];

/** Where `npm run build` notes what it was made of. */
export const sourcesFile = 'dist/deploy/sources.json';

/** A hash of each part that is there. */
export type Sources = Readonly<Record<string, string>>;

export async function readSources(root: string): Promise<Sources> {
  const hashes = await Promise.all(parts.map(async (part) => [part, await hashOf(join(root, part))] as const));
  return Object.fromEntries(hashes.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Of a file, or of all files in a folder with their names; undefined when there is nothing of the name. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(`${file.slice(path.length)}\n`).update(await readFile(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== 'ENOTDIR') throw error;
    hash.update(await readFile(path));
  }
  return hash.digest('hex');
}
