import type { LogType } from '../line/schema/index.js';
import type { Engine } from './engine.js';
import type { WindowLength } from './windows.js';

/** An object of the bucket, as a listing has it. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since the epoch. */
  readonly modified: number;
}

/** The bucket: reads see every write that was answered before. */
export interface CompactionStore {
  /** In the order of their keys. @param after keys up to and including this one are left out */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;
  /** Undefined when there is none, or when it is not the one with the ETag that was asked for. */
  get(key: string, etag?: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** Writes an object unless there is one of this key (`If-None-Match: *`), which false tells. */
  create(key: string, body: Uint8Array): Promise<boolean>;
  /** Writes an object in place of the one with that ETag (`If-Match`); undefined when that is no longer there, else the new ETag. */
  replace(key: string, body: Uint8Array, etag: string): Promise<string | undefined>;
  remove(keys: readonly string[]): Promise<void>;
}

/** Where the views are defined that people query. */
export interface Catalog {
  /** A type's view as it is now; undefined without one. */
  read(type: LogType): Promise<{ readonly definition: string; readonly version: string } | undefined>;
  /**
   * Puts a definition in place of the version that was read, or where there was none; false when somebody else has changed
   * it meanwhile. Queries that run keep the definition that they began with.
   */
  write(type: LogType, definition: string, version: string | undefined): Promise<boolean>;
}

export interface CompactionPorts {
  readonly store: CompactionStore;
  readonly catalog: Catalog;
  readonly engine: Engine;
  /** Ms since the epoch. */
  readonly now: () => number;
}

export interface CompactionSettings {
  readonly window: WindowLength;
  /** Days that landed objects are kept. */
  readonly landedDays: number;
  /** Days that lines stay queryable. */
  readonly retentionDays: number;
  /** Milliseconds from a window's end until it counts as closed. */
  readonly closingTime: number;
  /** Landed bytes that one manifest takes at most, unless a single object has more. */
  readonly manifestBytes: number;
  /** Bytes that they should become at most when they are unpacked, by what those of the manifest before have become. */
  readonly unpackedBytes: number;
  /** The definition of the view whose landed half begins at a boundary. */
  readonly view: (type: LogType, boundary: string) => string;
}
