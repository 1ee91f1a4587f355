import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3';
import type { RefusedBatches } from '../../shared/alerts/ports.js';
import { hasStatus, s3 } from './s3Client.js';

/** Keys in one answer of ListObjectsV2. */
const maxKeys = 1000;

/** What functions/transform kept under `signals/` in the bucket of this name. */
export function s3RefusedBatches(bucket: string): RefusedBatches {
  return {
    async list(limit) {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: 'signals/',
        MaxKeys: Math.min(limit, maxKeys),
      });
      const { Contents: objects = [] } = await s3.send(command);
      return objects.flatMap(({ Key }) => Key ?? []);
    },
    async read(name) {
      try {
        const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
        return await body?.transformToString();
      } catch (error) {
        // Another sweep was faster.
        if (error instanceof NoSuchKey) return undefined;
        // A role that may not list the key is told 403 of one that is gone. Only of one that is there it is a mistake in the role.
        if (hasStatus(error, 403) && !(await isListed(bucket, name))) return undefined;
        throw error;
      }
    },
    async remove(name) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
  };
}

/** Whether it still lies under `signals/`, which the role may list. */
async function isListed(bucket: string, name: string): Promise<boolean> {
  // The prefix is the one that the role allows; what its key begins with comes before it.
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: 'signals/',
    StartAfter: name.slice(0, -1),
    MaxKeys: maxKeys,
  });
  const { Contents: objects = [] } = await s3.send(command);
  return objects.some(({ Key }) => Key === name);
}
