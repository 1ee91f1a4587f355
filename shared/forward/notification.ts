import type { LandedObject } from './ports.js';

/** What a message of the queue is about. */
export interface Notification {
  readonly objects: readonly LandedObject[];
}

/** A message that S3 has not sent. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

/**
 * Reads a notification of S3, as its queue has it. A key comes encoded as in a form: a space is `+`. The message by which S3
 * tries the queue is about no object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @throws UnreadableMessageError
 */
export function readNotification(body: string): Notification {
  const message = parsed(body);
  if (message.Event === 's3:TestEvent') return { objects: [] };
  if (!Array.isArray(message.Records))
    throw new UnreadableMessageError('the message has no Records: it is not from S3');
  return { objects: message.Records.map(readRecord) };
}

function readRecord(record: unknown): LandedObject {
  const { eventTime, s3 } = Object(record) as { eventTime?: unknown; s3?: unknown };
  const { bucket, object } = Object(s3) as { bucket?: unknown; object?: unknown };
  const { name } = Object(bucket) as { name?: unknown };
  const { key, eTag } = Object(object) as { key?: unknown; eTag?: unknown };
  const landed = Date.parse(String(eventTime));
  if (typeof name !== 'string' || typeof key !== 'string' || typeof eTag !== 'string' || Number.isNaN(landed)) {
    throw new UnreadableMessageError(
      'a record of the message names no bucket, key, eTag or eventTime: it is not from S3',
    );
  }
  return { bucket: name, key: keyOf(key), etag: eTag.replaceAll('"', ''), landed };
}

function keyOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new UnreadableMessageError(`the key ${encoded} of the message is not encoded as S3 encodes it`);
  }
}

function parsed(body: string): { readonly Event?: unknown; readonly Records?: unknown } {
  try {
    return Object(JSON.parse(body));
  } catch {
    throw new UnreadableMessageError('the message is no JSON: it is not from S3');
  }
}
