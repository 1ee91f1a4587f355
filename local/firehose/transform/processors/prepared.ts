import type { Failure } from './failure.js';

/** What became of a record in one step: the records that go on in its place, none when it was dropped. */
export type Prepared =
  | { readonly kind: 'ready'; readonly records: readonly Buffer[] }
  | { readonly kind: 'failed'; readonly failure: Failure };
