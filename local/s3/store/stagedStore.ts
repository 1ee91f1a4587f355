import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../../shared/partitions/storage.js';
import { syncFolder } from '../../aws/syncFolder.js';

/** What an object's readers are told beside its bytes. */
export interface ObjectHeaders {
  /** `Content-Encoding`, such as gzip. */
  readonly contentEncoding?: string;
}

/** The bytes of an object one after the other. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A bucket as delivery needs it. An object is staged on this machine's disk first; once it is decided that the staged
 * bytes are the object of a key, the commit can be repeated until it works, even by the next process: the key and the
 * bytes stay the same, so the object is there once.
 */
export interface StagedStore extends ObjectStore {
  /** Writes and syncs a file that is no object yet; resolves to its name. On failure nothing is left. */
  stage(chunks: Chunks): Promise<string>;
  /**
   * Makes a staged file the object of this key, replacing what was there.
   *
   * @throws when it is not the object yet; it is still staged then, unless it never was.
   */
  commit(staged: string, key: string, headers?: ObjectHeaders): Promise<void>;
  /** Tells once more of an object that was committed before a crash, to a store that tells of its objects. */
  announce?(key: string): Promise<void>;
  /** The names that are staged now, those that a former process left included. */
  staged(): Promise<string[]>;
  /** Removes a staged file. */
  discard(staged: string): Promise<void>;
}

/** The files of a {@link StagedStore} that are no objects yet. Each stream has a folder of its own. */
export class StagingFolder {
  constructor(private readonly staging: string) {}

  async stage(chunks: Chunks): Promise<string> {
    const staged = await this.draft(chunks);
    await syncFolder(this.staging);
    return staged;
  }

  /** As `stage`, for what this process makes an object or nothing: after a power cut the file may be gone. */
  async draft(chunks: Chunks): Promise<string> {
    await mkdir(this.staging, { recursive: true });
    const staged = randomUUID();
    const file = await open(this.stagedPath(staged), 'wx');
    try {
      for await (const chunk of chunks) await file.appendFile(chunk);
      // The kernel's clock for files ticks every few milliseconds; a time of its own tells each file from the one it replaces.
      const now = (Date.now() + Math.random()) / 1000;
      await file.utimes(now, now);
      await file.sync();
    } catch (error) {
      // On a full disk half an object would only make it fuller.
      await rm(this.stagedPath(staged), { force: true }).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return staged;
  }

  async staged(): Promise<string[]> {
    await mkdir(this.staging, { recursive: true });
    return readdir(this.staging);
  }

  async discard(staged: string): Promise<void> {
    await unlink(this.stagedPath(staged));
  }

  protected stagedPath(staged: string): string {
    return join(this.staging, staged);
  }
}
