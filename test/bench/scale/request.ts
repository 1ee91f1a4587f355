import type { Load } from './load.js';

/** What test/bench/scale.bench.ts measures in a process of its own. */
export type ScaleRequest =
  | {
      readonly what: 'alert';
      readonly load: Load;
      readonly messages: number;
      readonly batches: number;
    }
  | SweepRequest;

export interface SweepRequest {
  readonly what: 'sweep';
  /** Keys that are due. */
  readonly keys: number;
  /** Whether nothing at all arrives, so that nobody knows what is absent. */
  readonly isStreamSilent: boolean;
  /** Of the function, MB. */
  readonly memory: number;
}
