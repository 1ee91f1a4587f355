import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { CompactionStore } from '../../shared/compact/ports.js';
import { s3 as limits } from '../../shared/limits.js';
import { s3 } from './s3Client.js';

/** The bucket of this name, as compaction uses it. */
export function s3CompactionStore(bucket: string, client = s3): CompactionStore {
  const put = async (input: Omit<PutObjectCommandInput, 'Bucket'>): Promise<string | undefined> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const { ETag: etag } = await client.send(new PutObjectCommand({ Bucket: bucket, ...input }));
        return etag;
      } catch (error) {
        if (isRefusal(error)) return undefined;
        // Two conditional writes at the same time: S3 asks for another attempt, which finds out who was first.
        if (!isConflict(error) || attempt === maxAttempts) throw error;
        await sleep(100 * attempt);
      }
    }
  };
  return {
    async *list(prefix, after) {
      const query = { Bucket: bucket, Prefix: prefix, StartAfter: after };
      for await (const { Contents: objects = [] } of paginateListObjectsV2({ client }, query)) {
        for (const { Key: key, ETag: etag = '', Size: size = 0, LastModified: modified } of objects) {
          if (key !== undefined) yield { key, etag, size, modified: modified?.getTime() ?? 0 };
        }
      }
    },
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
    async remove(keys) {
      for (let at = 0; at < keys.length; at += limits.maxDeletedKeys) {
        const Objects = keys.slice(at, at + limits.maxDeletedKeys).map((Key) => ({ Key }));
        const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
        const { Errors: [error] = [] } = await client.send(command);
        if (error) throw new Error(`${error.Key} could not be deleted: ${error.Code} ${error.Message}`);
      }
    },
  };
}

const maxAttempts = 5;

/** The condition does not hold, or there is no such object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function isRefusal(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'PreconditionFailed' || error.name === 'NoSuchKey');
}

function isConflict(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'ConditionalRequestConflict';
}
