/** Where an object is. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** An object as a listing has it. */
export interface FoundObject extends ObjectPlace {
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since the epoch. */
  readonly modified: number;
}

/** The objects that a replay reads: of the logs bucket, or of any other that the function may read. */
export interface SourceObjects {
  /** In the order of their keys. @param after keys up to and including this one are left out */
  list(bucket: string, prefix: string, after?: string): AsyncIterable<FoundObject>;
  /** The folders right below a prefix that ends with `/`, each with its own `/`. */
  folders(bucket: string, prefix: string): Promise<string[]>;
  /** Undefined when there is none. */
  find(place: ObjectPlace): Promise<FoundObject | undefined>;
  /** Its content, if it is still that of the ETag; undefined otherwise. */
  open(object: FoundObject): Promise<AsyncIterable<Uint8Array> | undefined>;
  tags(place: ObjectPlace): Promise<Readonly<Record<string, string>>>;
  /** Replaces all tags. */
  tag(place: ObjectPlace, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** What a replay remembers, in the logs bucket under `replay/`: reads see every write that was answered before. */
export interface ReplayDocuments {
  get(key: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** Writes an object unless there is one of this key (`If-None-Match: *`), which false tells. */
  create(key: string, body: Uint8Array): Promise<boolean>;
  /** Writes an object in place of the one with that ETag (`If-Match`); undefined when that is no longer there, else the new ETag. */
  replace(key: string, body: Uint8Array, etag: string): Promise<string | undefined>;
}

/** What is to be done, one message each: at least once, in no order. */
export interface ReplayQueue {
  send(tasks: readonly ReplayTask[]): Promise<void>;
}

/** Find what a replay is about, or go on with that; or put back one of its objects, by its number. */
export interface ReplayTask {
  readonly replay: string;
  readonly object?: number;
}

export interface ReplayClock {
  /** Ms since the epoch. */
  now(): number;
  /** Resolves after so many ms. */
  pause(ms: number): Promise<void>;
}
