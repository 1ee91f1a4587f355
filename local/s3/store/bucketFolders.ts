import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../aws/syncFolder.js';
import { unlessMissing } from './keyFiles.js';
import { ObjectFolder, type StoredObject } from './objectFolder.js';
import { sideFolder } from './objectKey.js';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/.test(name);
}

/** A bucket of the account. */
export interface BucketFolder {
  readonly name: string;
  /** ms since the epoch. */
  readonly created: number;
}

/**
 * The buckets of the account: a folder for each. A bucket that a stream writes to is there from the beginning of the
 * stream, though its folder comes with the first object.
 */
export class BucketFolders {
  private readonly opened = new Map<string, number>();
  /** As clients change them. */
  private readonly stores = new Map<string, ObjectFolder>();

  /**
   * @param folder of the buckets' folders.
   * @param staging where objects are written that clients put; on the same disk.
   * @param created told of each object, before whoever wrote it is.
   */
  constructor(
    private readonly folder: string,
    private readonly staging: string,
    private readonly created?: (bucket: string, object: StoredObject) => Promise<void>,
  ) {}

  /** The bucket as a stream writes to it, which stages its objects in a folder of its own. */
  open(name: string, staging: string): ObjectFolder {
    if (!this.opened.has(name)) this.opened.set(name, Date.now());
    return this.folderOf(name, staging);
  }

  /** Undefined when there is no such bucket. */
  async find(name: string): Promise<ObjectFolder | undefined> {
    if (!isBucketName(name) || !(this.opened.has(name) || (await this.createdAt(name)) !== undefined)) return undefined;
    const store = this.stores.get(name) ?? this.folderOf(name, this.staging);
    this.stores.set(name, store);
    return store;
  }

  /** In the order of their names. */
  async list(): Promise<BucketFolder[]> {
    const entries = (await unlessMissing(readdir(this.folder, { withFileTypes: true }))) ?? [];
    const names = new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name));
    const all = [...new Set([...names, ...this.opened.keys()])].filter(isBucketName).sort();
    return Promise.all(
      all.map(async (name) => ({ name, created: (await this.createdAt(name)) ?? this.opened.get(name) ?? 0 })),
    );
  }

  create(name: string): Promise<void> {
    return makeFolder(join(this.folder, name));
  }

  /** @returns whether it is gone; a bucket with anything in it stays. */
  async remove(name: string): Promise<boolean> {
    const folder = join(this.folder, name);
    const bucket = new ObjectFolder(folder, join(this.staging, name));
    if ((await bucket.keys('')).length > 0) return false;
    await rm(join(folder, sideFolder), { recursive: true, force: true });
    try {
      await removeEmptyFolders(folder);
    } catch (error) {
      // Something that is no object, such as a link.
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
      throw error;
    }
    this.opened.delete(name);
    return true;
  }

  private folderOf(name: string, staging: string): ObjectFolder {
    const { created } = this;
    const told = created && ((object: StoredObject) => created(name, object));
    return new ObjectFolder(join(this.folder, name), join(staging, name), told);
  }

  private async createdAt(name: string): Promise<number | undefined> {
    const stats = await unlessMissing(lstat(join(this.folder, name)));
    return stats?.isDirectory() ? stats.birthtimeMs || stats.mtimeMs : undefined;
  }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
  for (const entry of entries.filter((each) => each.isDirectory())) await removeEmptyFolders(join(folder, entry.name));
  await unlessMissing(rmdir(folder));
}
