import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput, S3ServiceException } from '@aws-sdk/client-s3';
import { s3 } from './s3Client.js';

/** Whole objects, each changed only by whoever has seen its last state: what compaction and replays remember. */
interface S3Documents {
  /** @param etag reads it only while it is this one */
  get(key: string, etag?: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** False when there is an object of this key. */
  create(key: string, body: Uint8Array): Promise<boolean>;
  /** The new ETag; undefined when the object of that ETag is no longer there. */
  replace(key: string, body: Uint8Array, etag: string): Promise<string | undefined>;
}

/**
 * Those of the bucket of this name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3Documents(bucket: string, client = s3): S3Documents {
  const put = async (input: Omit<PutObjectCommandInput, 'Bucket'>): Promise<string | undefined> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { ETag: etag = '' } = await client.send(new PutObjectCommand({ Bucket: bucket, ...input }));
        return etag;
      } catch (error) {
        if (isRefusal(error)) return undefined;
        // Two conditional writes at the same time: S3 asks for another attempt, which finds out who was first.
        if (!isNamed(error, 'ConditionalRequestConflict') || attempt === maxAttempts) throw error;
        await sleep(100 * attempt);
      }
    }
  };
  return {
    async get(key, etag) {
      try {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
        return Body && { body: await Body.transformToByteArray(), etag: ETag ?? '' };
      } catch (error) {
        if (isRefusal(error)) return undefined;
        throw error;
      }
    },
    create: async (key, body) => (await put({ Key: key, Body: body, IfNoneMatch: '*' })) !== undefined,
    replace: (key, body, etag) => put({ Key: key, Body: body, IfMatch: etag }),
  };
}

const maxAttempts = 5;

/** The condition does not hold, or there is no such object. */
function isRefusal(error: unknown): boolean {
  return isNamed(error, 'PreconditionFailed') || isNamed(error, 'NoSuchKey');
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof S3ServiceException && error.name === name;
}
