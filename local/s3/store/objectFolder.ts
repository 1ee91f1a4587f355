import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bareDescription, type Description } from './description.js';
import { DescriptionFiles, type Stamp } from './descriptionFiles.js';
import { KeyedLock } from './keyedLock.js';
import { KeyFiles, unlessMissing } from './keyFiles.js';
import { MultipartUploads } from './multipartUploads.js';
import { isObjectKey, ObjectKeyError, sideFolder } from './objectKey.js';
import { type ObjectHeaders, type StagedStore, StagingFolder } from './stagedStore.js';

/** What the S3 API tells of an object. */
export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** ms since the epoch. */
  readonly modified: number;
  readonly description: Description;
}

/** An object that can be read; what is put under its key meanwhile doesn't change it. */
export interface OpenObject extends StoredObject {
  /** To be closed by the caller. */
  readonly file: FileHandle;
}

/** What has to hold of the object of a key, if there is one, before it is replaced or deleted; throws when it doesn't. */
export type Precondition = (current: StoredObject | undefined) => void;

/** Told of an object that is there by now. It is told again when that could not be noted before a crash. */
export type Created = (object: StoredObject) => Promise<void>;

/** A bucket as a folder: {@link KeyFiles} says where its objects are, {@link DescriptionFiles} where what is known of them. */
export class ObjectFolder extends StagingFolder implements StagedStore {
  readonly uploads: MultipartUploads;
  private readonly files: KeyFiles;
  private readonly descriptions: DescriptionFiles;
  /** ETags of files that nothing describes. */
  private readonly etags = new Map<string, string>();

  /** Absolute path of the bucket. */
  readonly folder: string;

  /**
   * @param folder the bucket.
   * @param staging where an object is written before it is moved to its place; on the same disk.
   * @param created resolves before whoever wrote the object is told.
   */
  constructor(
    folder: string,
    staging: string,
    private readonly created?: Created,
  ) {
    super(staging);
    this.folder = resolve(folder);
    this.uploads = new MultipartUploads(join(this.folder, sideFolder, 'uploads'), staging);
    this.files = new KeyFiles(this.folder);
    this.descriptions = new DescriptionFiles(join(this.folder, sideFolder, 'descriptions'));
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

  async commit(staged: string, key: string, { contentEncoding }: ObjectHeaders = {}): Promise<void> {
    const file = await open(this.stagedPath(staged));
    const etag = await md5Of(file).finally(() => file.close());
    const headers = contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding };
    await this.write(key, staged, { ...bareDescription(etag), headers });
  }

  /**
   * Makes a staged file the object of a key. What `precondition` throws leaves everything as it was, the staged file too.
   *
   * @throws ObjectKeyError
   */
  async write(
    key: string,
    staged: string,
    description: Description,
    precondition?: Precondition,
  ): Promise<StoredObject> {
    const written = await this.place(key, staged, description, precondition);
    await this.created?.(written);
    return written;
  }

  async announce(key: string): Promise<void> {
    const found = this.created && (await this.found(key));
    if (found) await this.created?.(found);
  }

  /** Changes what is told of an object and not its bytes; undefined when there is no such object. */
  redescribe(key: string, change: (current: Description) => Description): Promise<StoredObject | undefined> {
    return this.alone(key, async () => {
      const current = await this.found(key);
      if (!current) return undefined;
      const description = change(current.description);
      await this.describe(key, current.stamp, description, current.stamp);
      await this.descriptions.sync();
      return { ...current, description };
    });
  }

  /** Undefined when there is no such object. */
  async find(key: string): Promise<StoredObject | undefined> {
    return this.found(key);
  }

  /** Undefined when there is no such object. */
  async open(key: string): Promise<OpenObject | undefined> {
    const found = await this.opened(key);
    if (!found) return undefined;
    const { stamp: _, ...object } = found;
    return object;
  }

  /** Nothing happens when there is no such object. */
  async remove(key: string, precondition?: Precondition): Promise<void> {
    if (!isObjectKey(key)) return;
    await this.alone(key, async () => {
      if (precondition) precondition(await this.found(key));
      await this.files.remove(key);
      await this.descriptions.remove(key);
    });
  }

  /** The keys that begin with a prefix, in no order. */
  keys(prefix: string): Promise<string[]> {
    return this.files.keys(prefix, (name) => this.descriptions.keyOf(name));
  }

  private place(
    key: string,
    staged: string,
    description: Description,
    precondition: Precondition | undefined,
  ): Promise<StoredObject> {
    if (!isObjectKey(key)) throw new ObjectKeyError(key);
    return this.alone(key, async () => {
      const current = await this.found(key);
      precondition?.(current);
      const path = this.stagedPath(staged);
      const state = await stateOf(path);
      await this.describe(key, state.stamp, description, current?.stamp);
      await Promise.all([this.descriptions.sync(), this.files.place(path, key)]);
      return { key, size: state.size, modified: state.modified, description };
    });
  }

  private async found(key: string): Promise<Stamped<StoredObject> | undefined> {
    const opened = await this.opened(key);
    if (!opened) return undefined;
    const { file, ...object } = opened;
    await file.close();
    return object;
  }

  private async opened(key: string): Promise<Stamped<OpenObject> | undefined> {
    if (!isObjectKey(key)) return undefined;
    const path = await this.files.find(key);
    const file = path === undefined ? undefined : await unlessMissing(open(path, readNoLink));
    if (!file) return undefined;
    try {
      const { stamp, size, modified } = await stateOf(file);
      const described = await this.descriptions.read(key, stamp);
      const description = described ?? bareDescription(await this.etagOf(key, stamp, file));
      return { key, size, modified, description, stamp, file };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Of a file that another program has written. It is read once; the answers to a listing have its ETag too. */
  private async etagOf(key: string, stamp: Stamp, file: FileHandle): Promise<string> {
    const name = `${stamp} ${key}`;
    const known = this.etags.get(name);
    if (known !== undefined) return known;
    const etag = await md5Of(file);
    if (this.etags.size >= maxKnownETags) this.etags.clear();
    this.etags.set(name, etag);
    return etag;
  }

  private describe(key: string, stamp: Stamp, description: Description, before: Stamp | undefined): Promise<void> {
    return this.descriptions.write(key, { stamp, description }, before, async (text) =>
      this.stagedPath(await this.draft([Buffer.from(text)])),
    );
  }

  /** One change of a key after the other, those of keys included that some file system takes for the same. */
  private alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    return changes.run(`${this.folder}\0${key.normalize('NFC').toLowerCase()}`, work);
  }
}

/** With the state that its file was in. */
type Stamped<T> = T & { readonly stamp: Stamp };

/** Of all buckets: streams have stores of their own for a bucket that clients change as well. */
const changes = new KeyedLock();

/** A hundred bytes each. */
const maxKnownETags = 100_000;

/** Windows has no such flag, and hardly any links. */
const readNoLink = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

async function stateOf(file: FileHandle | string): Promise<{ stamp: Stamp; size: number; modified: number }> {
  const stats = await (typeof file === 'string' ? stat(file, { bigint: true }) : file.stat({ bigint: true }));
  return { stamp: `${stats.size}-${stats.mtimeNs}`, size: Number(stats.size), modified: Number(stats.mtimeMs) };
}

async function md5Of(file: FileHandle): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
