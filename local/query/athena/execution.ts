/** Where a query runs. */
export interface Place {
  readonly stage: string;
  readonly workgroup: string;
  readonly database: string;
}

/** How far a query is. */
export interface Progress {
  readonly state: string;
  /** So far; bytes. */
  readonly scanned: number;
  /** Since it was sent; ms. */
  readonly took: number;
}
