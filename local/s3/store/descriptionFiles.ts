import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '../../aws/syncFolder.js';
import type { Description } from './description.js';
import { sideName } from './objectKey.js';

/**
 * Tells one state of a file from another: its size and its time of change. It survives that the file is moved, or that
 * the data folder is copied with its times.
 */
export type Stamp = string;

/** A description and the file that it describes. */
interface Entry {
  readonly stamp: Stamp;
  readonly description: Description;
}

interface Content {
  /** Names are hashes; this tells whose. */
  readonly key: string;
  /** At most two: of the file that is being put, and of the one before it. */
  readonly entries: readonly Entry[];
}

/**
 * Descriptions of objects, a small file for each. An object's bytes and its description can't be replaced in one step, so
 * a put first writes both descriptions, the new and the old; which of them holds, the file's stamp decides. That a file
 * is moved to its place is then all that makes the object the new one.
 */
export class DescriptionFiles {
  /** Keys of names in the side folder: a name is a hash of its key, so none of them ever changes. */
  private readonly keys = new Map<string, string>();

  constructor(private readonly folder: string) {}

  /** Undefined when nothing describes the file in this state, as when another program has written it. */
  async read(key: string, stamp: Stamp): Promise<Description | undefined> {
    const content = await this.content(sideName(key));
    return content?.entries.find((entry) => entry.stamp === stamp)?.description;
  }

  /** The key of a name in the side folder; undefined when there is no description, or half of one. */
  async keyOf(name: string): Promise<string | undefined> {
    const key = this.keys.get(name) ?? (await this.content(name))?.key;
    if (key !== undefined) this.keys.set(name, key);
    return key;
  }

  /**
   * Adds the description of a file; that of its former state stays. It outlives a power cut once `sync` is done.
   *
   * @param draft writes and syncs a file, and tells its path.
   */
  async write(
    key: string,
    entry: Entry,
    before: Stamp | undefined,
    draft: (text: string) => Promise<string>,
  ): Promise<void> {
    const name = sideName(key);
    const former = (await this.content(name))?.entries.find(({ stamp }) => stamp === before && stamp !== entry.stamp);
    const entries = former ? [entry, former] : [entry];
    const staged = await draft(JSON.stringify({ key, entries } satisfies Content));
    await makeFolder(this.folder);
    await rename(staged, this.pathOf(name));
  }

  /** Makes durable what was written. */
  async sync(): Promise<void> {
    await syncFolder(this.folder);
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(sideName(key)), { force: true });
  }

  private async content(name: string): Promise<Content | undefined> {
    try {
      return JSON.parse(await readFile(this.pathOf(name), 'utf8')) as Content;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  private pathOf(name: string): string {
    return join(this.folder, `${name}.json`);
  }
}
