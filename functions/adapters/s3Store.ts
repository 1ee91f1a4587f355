import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../shared/partitions/storage.js';
import { s3 } from './s3Client.js';

/** The S3 bucket of this name. */
export function s3Store(bucket: string): ObjectStore {
  return {
    async put(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
  };
}
