import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3';
import type { RefusedBatches } from '../../shared/alerts/ports.js';
import { s3 } from './s3Client.js';

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
        throw error;
      }
    },
    async remove(name) {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));
    },
  };
}
