import { toJsonBytes } from '../text/jsonBytes.js';
import type { LandedObject } from './ports.js';

/** A row that no attempt will bring to the sink. */
export interface Refused {
  /** Of its row in the object, from 0. */
  readonly number: number;
  readonly reason: string;
  /** What was sent, or the line that is no row. */
  readonly row: string;
}

/**
 * What is kept of refused rows, a document each: `forward/refused/type=error/arrived=…/NAME/ETAG-12.json`. The same row has the same
 * document.
 */
export function refusedDocuments(
  { bucket, key, etag }: LandedObject,
  refused: readonly Refused[],
): { readonly key: string; readonly body: Uint8Array }[] {
  return refused.map(({ number, reason, row }) => ({
    key: `forward/refused/${key.replace(/^logs\//, '')}/${etag}-${number + 1}.json`,
    body: toJsonBytes({ object: `s3://${bucket}/${key}`, line: number + 1, reason, row }),
  }));
}
