import { GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { ReplayDocuments } from '../../shared/replay/ports.js';
import { hasStatus, s3 } from './s3Client.js';

/** Small objects of the bucket of this name, each changed only by whoever has seen its last state. */
export function s3Documents(bucket: string): ReplayDocuments {
  return {
    async get(key) {
      try {
        const { Body: body, ETag: etag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return body && etag ? { body: await body.transformToByteArray(), etag } : undefined;
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    },

    create: async (key, body) => (await put({ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' })) !== undefined,

    replace: (key, body, etag) => put({ Bucket: bucket, Key: key, Body: body, IfMatch: etag }),
  };
}

/**
 * Undefined when somebody else has written the object: before (412, or 404 when it is gone), or at the same time (409).
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
async function put(input: PutObjectCommandInput): Promise<string | undefined> {
  try {
    return (await s3.send(new PutObjectCommand(input))).ETag ?? '';
  } catch (error) {
    if (hasStatus(error, 412) || hasStatus(error, 409) || hasStatus(error, 404)) return undefined;
    throw error;
  }
}
