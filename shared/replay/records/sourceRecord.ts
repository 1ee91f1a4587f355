/** One record of a source object, as it is to be put back. */
export interface SourceRecord {
  /** As it first came, compressed or not. */
  readonly data: Buffer;
  /** When it first arrived, ms since the epoch; undefined when the object doesn't say. */
  readonly arrival?: number | undefined;
  /** Why it failed, where it did. */
  readonly errorCode?: string | undefined;
}

/** What stands at the next place of a source object: a record, or something that can't be put back, and why. */
export type Found = SourceRecord | { readonly problem: string };
