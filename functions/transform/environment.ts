import { createHash } from 'node:crypto';
import type { Config } from '../../shared/config/config.js';
import type { ObjectStore, RecordStream } from '../../shared/partitions/storage.js';
import { hashesValues } from '../../shared/redact/rule.js';
import type { SignalQueue } from '../../shared/signals/signalQueue.js';
import { required } from '../adapters/environment.js';
import { keysIn } from '../adapters/keys.js';

/**
 * What the transform finds in its environment. The AWS clients are loaded when first needed: most invocations put
 * nothing back and match no rule, and then a cold start pays for none of them.
 */

/**
 * `GZIP_LEVEL`: 1 (fast) to 9 (small) for the rows that are stored. What landed is kept for days
 * beside its Parquet: 7 to 9 cost the same for a TB of raw lines, and 7 takes the least CPU of them (docs/performance.md).
 */
export const gzipLevel = levelOf(process.env.GZIP_LEVEL);

/** `REDACT_HASH_KEY`: key of the HMAC for redaction rules that hash; without one, or with an empty one, they replace. */
export function redactHashKey({ redact }: Config): string | undefined {
  const key = process.env.REDACT_HASH_KEY || undefined;
  if (!key && hashesValues(redact)) {
    console.warn(
      JSON.stringify({
        level: 'warn',
        message:
          'REDACT_HASH_KEY is not set: redaction rules that hash replace instead; deploy with --param="redactHashKey=…"',
      }),
    );
  }
  return key;
}

/**
 * `PUT_BACK_KEYS`: keys that sign partitions which are put back on the stream, with commas between. The first signs; the others
 * are still believed, so that a key can be changed while records signed with the last one are under way. Without any,
 * nothing is put back: what finds no place in a response is written to the bucket.
 */
export const putBackKeys: readonly string[] = keysIn(process.env.PUT_BACK_KEYS);

/** The stream that invoked us, to put records back on. */
export async function streamOf(arn: string): Promise<RecordStream> {
  const { firehoseStream } = await import('../adapters/firehoseStream.js');
  return firehoseStream(arn.slice(arn.lastIndexOf('/') + 1));
}

/** `LOGS_BUCKET`: the bucket that Firehose delivers to. */
export async function logStore(): Promise<ObjectStore> {
  const { s3Store } = await import('../adapters/s3Store.js');
  return s3Store(required('LOGS_BUCKET'));
}

/** `SIGNALS_QUEUE_URL`: the queue that functions/alert reads. */
export async function signalQueue(): Promise<SignalQueue> {
  const { sqsSignals } = await import('../adapters/sqsSignals.js');
  return sqsSignals(required('SIGNALS_QUEUE_URL'));
}

/** Names an invocation by its records, so that a retry of it has the same name. */
export function invocationName(recordIds: readonly string[]): string {
  return createHash('sha256').update(recordIds.join('\n')).digest('hex').slice(0, 32);
}

function levelOf(text = '7'): number {
  const level = Number(text);
  if (Number.isInteger(level) && level >= 1 && level <= 9) return level;
  throw new Error(`GZIP_LEVEL is "${text}"; set it to a whole number from 1 to 9`);
}
