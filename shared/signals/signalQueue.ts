import type { SignalBatch } from './signal.js';

/** The way from the transform to functions/alert: SQS when deployed, a folder on a laptop. At least once, in no order. */
export interface SignalQueue {
  send(batch: SignalBatch): Promise<void>;
}
