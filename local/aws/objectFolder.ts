import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { BucketStore, ListedObject, Listing } from './bucketStore.js';
import { StagingFolder } from './stagedStore.js';
import { syncFolder } from './syncFolder.js';

/** A key that can't be a file below the bucket's folder. */
export class ObjectKeyError extends Error {
  override readonly name = 'ObjectKeyError';
  constructor(key: string) {
    super(
      `The key ${JSON.stringify(key)} can't be kept as a file: its parts must not be empty, "." or "..", nor longer than 255 bytes.`,
    );
  }
}

/** A bucket as a folder: each object is a plain file under its key, so that any program can read it. */
export class ObjectFolder extends StagingFolder implements BucketStore {
  /**
   * @param folder the bucket.
   * @param staging where an object is written before it is moved to its place; on the same disk.
   */
  constructor(
    readonly folder: string,
    staging: string,
  ) {
    super(staging);
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    if (!isObjectKey(key)) throw new ObjectKeyError(key);
    const staged = await this.stage([body]);
    try {
      await this.commit(staged, key);
    } catch (error) {
      await this.discard(staged).catch(() => undefined);
      throw error;
    }
  }

  /** Moves a staged file to its key; a file has no headers. */
  async commit(staged: string, key: string): Promise<void> {
    if (!isObjectKey(key)) throw new ObjectKeyError(key);
    const path = resolve(this.folder, key);
    const created = await mkdir(dirname(path), { recursive: true });
    await rename(this.stagedPath(staged), path);
    await syncFolder(dirname(path));
    // A new folder survives a power cut once the one above it is on disk.
    for (let folder = dirname(path); created !== undefined && folder.length >= created.length; ) {
      folder = dirname(folder);
      await syncFolder(folder);
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    if (!isObjectKey(key)) return undefined;
    return unlessMissing(readFile(resolve(this.folder, key)));
  }

  async list(prefix: string, after: string, max: number): Promise<Listing> {
    const keys = (await this.keysUnder(prefix)).filter((key) => key.startsWith(prefix) && key > after).sort();
    const objects: ListedObject[] = [];
    for (const key of keys.slice(0, max)) {
      // One that was deleted since is left out.
      const found = await unlessMissing(stat(resolve(this.folder, key)));
      if (found) objects.push({ key, size: found.size, modified: found.mtimeMs });
    }
    return { objects, truncated: keys.length > max };
  }

  async delete(key: string): Promise<void> {
    if (isObjectKey(key)) await rm(resolve(this.folder, key), { force: true });
  }

  /** Looks no further than the folder that the prefix names. */
  private async keysUnder(prefix: string): Promise<string[]> {
    const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (within !== '' && !isObjectKey(within.slice(0, -1))) return [];
    const entries = (await unlessMissing(readdir(join(this.folder, within), filesBelow))) ?? [];
    const files = entries.filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => relative(this.folder, join(parentPath, name)));
  }
}

const filesBelow = { recursive: true, withFileTypes: true } as const;

/** Undefined when there is no such file, or a folder in its place. */
async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Whether a key is safe and possible as a path below a folder. */
export function isObjectKey(key: string): boolean {
  return (
    key.length > 0 &&
    !key.includes('\0') &&
    !key.includes('\\') &&
    key.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255)
  );
}
