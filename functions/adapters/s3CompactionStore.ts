import { DeleteObjectsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { CompactionStore } from '../../shared/compact/ports.js';
import { s3 as limits } from '../../shared/limits.js';
import { s3 } from './s3Client.js';
import { s3Documents } from './s3Documents.js';

/** The bucket of this name, as compaction uses it. */
export function s3CompactionStore(bucket: string, client = s3): CompactionStore {
  return {
    ...s3Documents(bucket, client),
    async *list(prefix, after) {
      const query = { Bucket: bucket, Prefix: prefix, StartAfter: after };
      for await (const { Contents: objects = [] } of paginateListObjectsV2({ client }, query)) {
        for (const { Key: key, ETag: etag = '', Size: size = 0, LastModified: modified } of objects) {
          if (key !== undefined) yield { key, etag, size, modified: modified?.getTime() ?? 0 };
        }
      }
    },
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
