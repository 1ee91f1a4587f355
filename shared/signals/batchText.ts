import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sqs } from '../limits.js';
import type { SignalBatch } from './signal.js';

/** A batch that is compressed: JSON of version 1, deflated, in base64. */
interface Compressed {
  readonly version: 2;
  readonly deflated: string;
}

/**
 * A batch as a message of the signal queue: as JSON, which people can read, or compressed when that is billed as more than one
 * request. That is mostly an eighth (`npm run bench -- --scale`); what it would make larger stays JSON, so that a batch of
 * `signalBatches` always fits.
 */
export function writeBatch(batch: SignalBatch): string {
  const json = JSON.stringify(batch);
  const bytes = Buffer.byteLength(json);
  if (bytes <= sqs.billedTogether) return json;
  const compressed: Compressed = { version: 2, deflated: deflateRawSync(json).toString('base64') };
  const text = JSON.stringify(compressed);
  return text.length < bytes ? text : json;
}

/**
 * Reads a batch from a message of the signal queue.
 *
 * @throws Error when it is not one: no redelivery would mend it, so it is for the dead-letter queue.
 */
export function readBatch(body: string): SignalBatch {
  const read = parse(body);
  const batch = isCompressed(read) ? parse(inflated(read)) : read;
  if (isBatch(batch)) return batch;
  throw new Error(
    'the message is not a signal batch of version 1 or 2; only functions/transform may send to this queue',
  );
}

/** Undefined when it is not JSON: JSON.parse would quote the text, which may hold anything. */
function parse(body: string | undefined): unknown {
  try {
    return body === undefined ? undefined : JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Undefined when it can't be inflated, or to more than a message may hold as JSON: no version writes more, and a bomb is not unpacked. */
function inflated({ deflated }: Compressed): string | undefined {
  try {
    return inflateRawSync(Buffer.from(deflated, 'base64'), { maxOutputLength: sqs.maxMessageBytes }).toString();
  } catch {
    return undefined;
  }
}

function isCompressed(value: unknown): value is Compressed {
  if (typeof value !== 'object' || value === null) return false;
  const { version, deflated } = value as Partial<Compressed>;
  return version === 2 && typeof deflated === 'string';
}

function isBatch(value: unknown): value is SignalBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, signals } = value as Partial<SignalBatch>;
  return version === 1 && typeof id === 'string' && Array.isArray(signals);
}
