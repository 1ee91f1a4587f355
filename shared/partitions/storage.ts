/** Where objects are kept: S3 when deployed, a folder on a laptop. */
export interface ObjectStore {
  /** Writes the whole object or nothing; an object of the same key is replaced. */
  put(key: string, body: Uint8Array): Promise<void>;
}

/** Puts data records (not base64) on the stream they came from; resolves to the records that were refused, in order. */
export interface RecordStream {
  putBatch(records: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
}
