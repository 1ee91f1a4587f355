import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncFolder } from '../../aws/syncFolder.js';
import type { ChecksumAlgorithm, ChecksumType, Description } from './description.js';
import { KeyedLock } from './keyedLock.js';
import { unlessMissing } from './keyFiles.js';
import { compareKeys } from './objectKey.js';
import { StagingFolder } from './stagedStore.js';

/** An object that is being uploaded in parts. */
export interface Upload extends Pick<Description, 'headers' | 'metadata' | 'tags'> {
  readonly id: string;
  readonly key: string;
  /** ms since the epoch. */
  readonly initiated: number;
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm;
    readonly type: ChecksumType;
    /** Whether the client named it; otherwise answers about the upload don't. */
    readonly named: boolean;
  };
}

export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** ms since the epoch. */
  readonly modified: number;
  /** In base64: in the upload's algorithm, and in that of the client if it is another. */
  readonly checksums: { readonly [algorithm in ChecksumAlgorithm]?: string };
  /** The name of its bytes in the upload's folder. */
  readonly file: string;
}

/**
 * The uploads of a bucket that are not completed. Each has a folder with `upload.json`, and for each part its bytes and a
 * description, `<number>.json`, which is replaced in one step when the part is uploaded again.
 */
export class MultipartUploads extends StagingFolder {
  private readonly completing = new KeyedLock();
  /** The objects of uploads that are completed, for clients that did not get the answer and ask again. */
  private readonly completed = new Map<string, Description>();

  constructor(
    private readonly folder: string,
    staging: string,
  ) {
    super(staging);
  }

  async create(upload: Omit<Upload, 'id' | 'initiated'>): Promise<Upload> {
    const made = { ...upload, id: randomBytes(24).toString('base64url'), initiated: Date.now() };
    await makeFolder(join(this.folder, made.id));
    await this.write(join(made.id, 'upload.json'), made);
    return made;
  }

  /** Undefined when it was never there, or is completed or aborted. */
  async find(id: string): Promise<Upload | undefined> {
    return /^[\w-]+$/.test(id) ? this.read<Upload>(join(id, 'upload.json')) : undefined;
  }

  /** In the order of their keys, and of one key in that of their beginning. */
  async list(): Promise<Upload[]> {
    const ids = (await unlessMissing(readdir(this.folder))) ?? [];
    const found = await Promise.all(ids.map((id) => this.find(id)));
    return found
      .filter((upload) => upload !== undefined)
      .sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated || compareKeys(a.id, b.id));
  }

  /** Makes a staged file a part, and replaces the one of its number. */
  async addPart({ id }: Upload, staged: string, part: Omit<UploadedPart, 'modified' | 'file'>): Promise<UploadedPart> {
    const name = join(id, `${part.number}.json`);
    const before = await this.read<UploadedPart>(name);
    const file = `${part.number}-${randomBytes(6).toString('hex')}`;
    await this.move(staged, join(id, file));
    const added = { ...part, modified: Date.now(), file };
    await this.write(name, added);
    if (before) await rm(join(this.folder, id, before.file), { force: true });
    return added;
  }

  /** In the order of their numbers. */
  async parts({ id }: Upload): Promise<UploadedPart[]> {
    const names = ((await unlessMissing(readdir(join(this.folder, id)))) ?? []).filter((name) =>
      /^\d+\.json$/.test(name),
    );
    const parts = await Promise.all(names.map((name) => this.read<UploadedPart>(join(id, name))));
    return parts.filter((part) => part !== undefined).sort((a, b) => a.number - b.number);
  }

  /** The bytes of parts one after the other. */
  async *bytes({ id }: Upload, parts: readonly UploadedPart[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      const file = await open(join(this.folder, id, part.file));
      yield* file.createReadStream() as AsyncIterable<Uint8Array>;
    }
  }

  /**
   * Completes an upload once, however often it is asked for: to the second time the answer is the first one's.
   *
   * @param work makes the object and removes the upload.
   */
  complete(id: string, key: string, work: () => Promise<Description>): Promise<Description> {
    const name = `${id} ${key}`;
    return this.completing.run(name, async () => {
      const made = this.completed.get(name) ?? (await work());
      if (this.completed.size >= maxCompleted) this.completed.clear();
      this.completed.set(name, made);
      return made;
    });
  }

  async remove({ id }: Upload): Promise<void> {
    // First what makes it an upload: half removed, it is gone all the same.
    await rm(join(this.folder, id, 'upload.json'), { force: true });
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  private async read<T>(name: string): Promise<T | undefined> {
    const text = await unlessMissing(readFile(join(this.folder, name), 'utf8'));
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  private async write(name: string, content: object): Promise<void> {
    await this.move(await this.draft([Buffer.from(JSON.stringify(content))]), name);
  }

  private async move(staged: string, name: string): Promise<void> {
    const path = join(this.folder, name);
    await rename(this.stagedPath(staged), path);
    await syncFolder(dirname(path));
  }
}

/** Clients ask again within minutes. */
const maxCompleted = 1000;
