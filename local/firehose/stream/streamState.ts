import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../aws/syncFolder.js';
import type { Properties } from './streamConfig.js';

/** Server-side encryption as the API tells it; on a laptop nothing is encrypted. */
export type Encryption =
  | { readonly status: 'DISABLED' }
  | { readonly status: 'ENABLED'; readonly keyType: 'AWS_OWNED_CMK' }
  | { readonly status: 'ENABLED'; readonly keyType: 'CUSTOMER_MANAGED_CMK'; readonly keyArn: string };

/** Everything that the API tells of a stream; times are ms since the epoch. */
export interface StreamState {
  readonly name: string;
  /** VersionId: 1, and one more with each update. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
  /** ExtendedS3DestinationConfiguration as given. */
  readonly destination: Properties;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly encryption: Encryption;
  /** When encryption was started or stopped. */
  readonly encryptionCalls: readonly number[];
  /** DirectPutSourceConfiguration.ThroughputHintInMBs; what a laptop takes does not depend on it. */
  readonly throughputHint?: number | undefined;
}

const stateFile = 'stream.json';

/** A UUID. */
const isFolderName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a stream that was made through the API keeps on disk: its state, its journal and its staged objects. */
export class StreamFolder {
  private constructor(readonly path: string) {}

  /** Makes the folder of a new stream; it is named by chance, since a stream's name may be no file name. */
  static async create(parent: string, state: StreamState): Promise<StreamFolder> {
    const folder = new StreamFolder(join(parent, randomUUID()));
    await mkdir(folder.path, { recursive: true });
    await folder.write(state);
    await syncFolder(parent);
    return folder;
  }

  /** The streams that are kept; what a crash left of a creation or deletion is removed. */
  static async list(parent: string): Promise<{ readonly folder: StreamFolder; readonly state: StreamState }[]> {
    await mkdir(parent, { recursive: true });
    const kept: { folder: StreamFolder; state: StreamState }[] = [];
    for (const name of await readdir(parent)) {
      // Such as .DS_Store, which a desktop leaves everywhere.
      if (name.startsWith('.')) continue;
      if (!isFolderName.test(name)) {
        throw new Error(`${join(parent, name)} is not a stream of firesplit: move it away.`);
      }
      const folder = new StreamFolder(join(parent, name));
      const state = await folder.read();
      if (state) kept.push({ folder, state });
      else await rm(folder.path, { recursive: true, force: true });
    }
    return kept;
  }

  get journal(): string {
    return join(this.path, 'journal');
  }

  get staging(): string {
    return join(this.path, 'staging');
  }

  /** Replaces the state as a whole or not at all. */
  async write(state: StreamState): Promise<void> {
    const draft = join(this.path, `${stateFile}.new`);
    const file = await open(draft, 'w');
    try {
      await file.writeFile(JSON.stringify(state, undefined, 2));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, join(this.path, stateFile));
    await syncFolder(this.path);
  }

  /** Forgets the stream at once, then removes what it kept. */
  async remove(): Promise<void> {
    await unlink(join(this.path, stateFile));
    await syncFolder(this.path);
    await rm(this.path, { recursive: true, force: true });
  }

  private async read(): Promise<StreamState | undefined> {
    let text: string;
    try {
      text = await readFile(join(this.path, stateFile), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return JSON.parse(text) as StreamState;
    } catch {
      const path = join(this.path, stateFile);
      throw new Error(`${path} is damaged: restore it, or move the folder away to go on without its stream.`);
    }
  }
}
