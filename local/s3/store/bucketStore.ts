import type { StagedStore } from './stagedStore.js';

/** A bucket as the functions use it through the S3 API, and as delivery writes to it. */
export interface BucketStore extends StagedStore {
  /** The whole object; undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** At most `max` objects whose keys begin with `prefix` and come after `after`, in the order of their keys. */
  list(prefix: string, after: string, max: number): Promise<Listing>;
  /** Nothing happens when there is no such object. */
  delete(key: string): Promise<void>;
}

export interface Listing {
  readonly objects: readonly ListedObject[];
  /** Whether there are further ones after the last of these. */
  readonly truncated: boolean;
}

interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** ms since the epoch. */
  readonly modified: number;
}
