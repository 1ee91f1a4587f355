import type { LandedRow } from './landedRow.js';

/** How a sink wants rows: pure, so that the same row always becomes the same entry. */
export interface Form {
  readonly contentType: string;
  /** Of at most `datadog.maxEntryBytes`: a longer one is cut, and says so. */
  entry(row: LandedRow): Entry;
  /** The body of a request. It takes no more bytes than its entries say together and `overhead` of it. */
  body(entries: readonly Entry[]): string;
  /** Bytes of a body beside its entries. */
  readonly overhead: number;
}

export interface Entry {
  readonly json: string;
  /** What it takes in a body at most. */
  readonly bytes: number;
  /** What it shares with other entries, which a form may write once for all of them: JSON. */
  readonly shared?: string;
}
