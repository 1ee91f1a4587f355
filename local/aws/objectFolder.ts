import { mkdir, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type StagedStore, StagingFolder } from './stagedStore.js';
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
export class ObjectFolder extends StagingFolder implements StagedStore {
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
