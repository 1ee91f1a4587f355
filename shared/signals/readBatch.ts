import type { SignalBatch } from './signal.js';

/**
 * Reads a batch from a message of the signal queue.
 *
 * @throws Error when it is not one: no redelivery would mend it, so it is for the dead-letter queue.
 */
export function readBatch(body: string): SignalBatch {
  const batch = parse(body);
  if (isBatch(batch)) return batch;
  throw new Error('the message is not a signal batch of version 1; only functions/transform may send to this queue');
}

/** Undefined when it is not JSON: JSON.parse would quote the text, which may hold anything. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isBatch(value: unknown): value is SignalBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, signals } = value as Partial<SignalBatch>;
  return version === 1 && typeof id === 'string' && Array.isArray(signals);
}
