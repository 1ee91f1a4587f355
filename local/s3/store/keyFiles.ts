import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { makeFolder, syncFolder } from '../../aws/syncFolder.js';
import { isPlainKey, sideFolder, sideName } from './objectKey.js';

/**
 * Where the objects of a bucket's folder are: each is a plain file under its key, so that any program can read it. Where that
 * can't be, the file is in the side folder under a hash of its key: a key that is no path (`a//b`, `dir/`, `x/../y`), and one
 * whose path is taken by something else (`pf` beside `pf/x`; `A` beside `a` where the file system takes them for one; a
 * symbolic link). An object stays where it is until it is deleted, so there are never two files of one key.
 */
export class KeyFiles {
  private readonly aside: string;
  /** The bucket's folder as the file system names it. */
  private real: string | undefined;

  /** @param folder the bucket, as an absolute path without anything to resolve. */
  constructor(private readonly folder: string) {
    this.aside = join(folder, sideFolder, 'objects');
  }

  /** The path of the object's file; undefined when there is none. */
  async find(key: string): Promise<string | undefined> {
    const aside = join(this.aside, sideName(key));
    if (await isFile(aside)) return aside;
    if (!isPlainKey(key)) return undefined;
    const plain = this.plainPath(key);
    return (await isFile(plain)) && (await this.isOwn(plain)) ? plain : undefined;
  }

  /** Moves a file to where the object of this key is or belongs, durably. */
  async place(file: string, key: string): Promise<void> {
    const found = await this.find(key);
    if (found !== undefined) {
      await rename(file, found);
      await syncFolder(dirname(found));
    } else if (!isPlainKey(key) || !(await this.placePlain(file, key))) {
      await makeFolder(this.aside);
      await rename(file, join(this.aside, sideName(key)));
      await syncFolder(this.aside);
    }
  }

  /** Removes the object's file, and the folders that are empty without it. */
  async remove(key: string): Promise<void> {
    const found = await this.find(key);
    if (found === undefined) return;
    await rm(found, { force: true });
    if (found !== this.plainPath(key)) return;
    for (let above = dirname(found); above !== this.folder; above = dirname(above)) {
      if (!(await removeIfEmpty(above))) return;
    }
  }

  /**
   * The keys that begin with a prefix, in no order.
   *
   * @param keyOf the key of a file of the side folder, by its name.
   */
  async keys(prefix: string, keyOf: (name: string) => Promise<string | undefined>): Promise<string[]> {
    const found = new Set(await this.plainKeys(prefix));
    for (const entry of await entriesOf(this.aside)) {
      const key = entry.isFile() ? await keyOf(entry.name) : undefined;
      if (key?.startsWith(prefix)) found.add(key);
    }
    return [...found];
  }

  /** Looks no further than the folder that the prefix names. */
  private async plainKeys(prefix: string): Promise<string[]> {
    const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (within !== '' && !isPlainKey(within.slice(0, -1))) return [];
    const start = join(this.folder, within);
    if (!(await this.isOwn(start.replace(/[\\/]$/, '')))) return [];
    const keys: string[] = [];
    const folders = [start];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of await entriesOf(folder)) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (path !== join(this.folder, sideFolder)) folders.push(path);
        } else if (entry.isFile()) {
          const key = relative(this.folder, path).split(sep).join('/');
          if (key.startsWith(prefix) && isPlainKey(key)) keys.push(key);
        }
      }
    }
    return keys;
  }

  /** @returns whether the file is at its place; it isn't when something else has the path, or a part of it. */
  private async placePlain(file: string, key: string): Promise<boolean> {
    const path = this.plainPath(key);
    await makeFolder(this.folder);
    for (let attempt = 1; ; attempt++) {
      try {
        if (!(await this.isOwn(await nearestExisting(dirname(path))))) return false;
        await makeFolder(dirname(path));
        if (!(await this.isOwn(dirname(path))) || (await exists(path))) return false;
        await rename(file, path);
        if (await this.isOwn(path)) {
          await syncFolder(dirname(path));
          return true;
        }
        // HFS+ spells names in a form of its own: under this one the file would not be found again.
        await rename(path, file);
        return false;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? '';
        if (takenCodes.has(code)) return false;
        // Meanwhile somebody may have deleted the folder's last object, and with it the folder.
        if (code !== 'ENOENT' || attempt === 5) throw error;
      }
    }
  }

  /** Whether a path leads to itself: through no link, and through names that are spelled as they are here. */
  private async isOwn(path: string): Promise<boolean> {
    const real = await unlessMissing(realpath(path));
    if (real === undefined) return false;
    this.real ??= await unlessMissing(realpath(this.folder));
    return real === `${this.real}${path.slice(this.folder.length)}`;
  }

  private plainPath(key: string): string {
    return join(this.folder, ...key.split('/'));
  }
}

/** What file systems say of a path that can't be, or that something else has. */
const takenCodes = new Set(['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ELOOP']);

async function isFile(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path)))?.isFile() ?? false;
}

async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path))) !== undefined;
}

/** A missing folder has no entries. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}

async function nearestExisting(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** Undefined when there is no such file. */
export async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ELOOP'].includes(code)) return undefined;
    throw error;
  }
}
