import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../shared/ports.js';
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
export class ObjectFolder implements ObjectStore {
  /**
   * @param folder the bucket.
   * @param staging where an object is written before it is moved to its place; on the same disk.
   */
  constructor(
    readonly folder: string,
    private readonly staging: string,
  ) {}

  async put(key: string, body: Uint8Array): Promise<void> {
    if (!isObjectKey(key)) throw new ObjectKeyError(key);
    await this.commit(await this.stage([body]), key);
  }

  /** Writes and syncs a file that is no object yet; resolves to its name. */
  async stage(chunks: readonly Uint8Array[]): Promise<string> {
    await mkdir(this.staging, { recursive: true });
    const staged = randomUUID();
    const file = await open(join(this.staging, staged), 'wx');
    try {
      for (const chunk of chunks) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    return staged;
  }

  /** Moves a staged file to its key, replacing an object of the same key. */
  async commit(staged: string, key: string): Promise<void> {
    const path = join(this.folder, key);
    await mkdir(dirname(path), { recursive: true });
    await rename(join(this.staging, staged), path);
    await syncFolder(dirname(path));
  }

  /** The files that are staged now. */
  async staged(): Promise<string[]> {
    await mkdir(this.staging, { recursive: true });
    return readdir(this.staging);
  }

  async discard(staged: string): Promise<void> {
    await unlink(join(this.staging, staged));
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
