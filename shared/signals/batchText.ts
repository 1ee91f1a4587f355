import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { sqs } from '../limits.js';
import type { SignalBatch } from './signal.js';

/** A batch that is compressed: JSON of version 1, by Brotli, in base64. */
interface Compressed {
  readonly version: 2;
  readonly brotli: string;
}

/** A third smaller than deflate makes it, in a third more time: 65 KB rather than 98 KB of the 3,400 signals of 630 services. */
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } } as const;

/**
 * A batch as a message of the signal queue: as JSON, which people can read, or compressed when that is billed as more than one
 * request. That is mostly a twelfth (`npm run bench -- --scale`); what it would make larger stays JSON, so that a batch of
 * `signalBatches` always fits.
 */
export function writeBatch(batch: SignalBatch): string {
  const json = JSON.stringify(batch);
  const bytes = Buffer.byteLength(json);
  if (bytes <= sqs.billedTogether) return json;
  const compressed: Compressed = { version: 2, brotli: brotliCompressSync(json, quality).toString('base64') };
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
  const batch = isCompressed(read) ? parse(decompressed(read)) : read;
  if (isBatch(batch)) return batch;
  throw new Error(
    'the message is not a signal batch of version 1 or 2; only functions of this deployment may send to this queue',
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

/** Undefined when it can't be decompressed, or to more than a message may hold as JSON: no version writes more, and a bomb is not unpacked. */
function decompressed({ brotli }: Compressed): string | undefined {
  try {
    return brotliDecompressSync(Buffer.from(brotli, 'base64'), { maxOutputLength: sqs.maxMessageBytes }).toString();
  } catch {
    return undefined;
  }
}

function isCompressed(value: unknown): value is Compressed {
  if (typeof value !== 'object' || value === null) return false;
  const { version, brotli } = value as Partial<Compressed>;
  return version === 2 && typeof brotli === 'string';
}

function isBatch(value: unknown): value is SignalBatch {
  if (typeof value !== 'object' || value === null) return false;
  const { version, id, signals } = value as Partial<SignalBatch>;
  return version === 1 && typeof id === 'string' && Array.isArray(signals);
}
