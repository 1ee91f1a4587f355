import { join } from 'node:path';
import type { BucketStore } from '../aws/bucketStore.js';
import { ObjectFolder } from '../aws/objectFolder.js';
import { S3Bucket, s3Client } from '../aws/s3Bucket.js';

/** Where objects are written: a folder for each bucket, or S3. */
export interface Buckets {
  /** @param staging a folder of the caller's own, on the disk of the data folder. */
  open(bucket: string, staging: string): BucketStore;
  /** Tells at start what the first delivery to a bucket would run into. */
  check(bucket: string): Promise<void>;
  close(): void;
}

interface BucketOptions {
  readonly data: string;
  readonly region: string;
  readonly s3?: boolean | undefined;
  readonly s3Endpoint?: string | undefined;
}

export function openBuckets({ data, region, s3 = false, s3Endpoint }: BucketOptions): Buckets {
  if (!s3 && s3Endpoint === undefined) {
    return {
      open: (bucket, staging) => new ObjectFolder(join(data, 's3', bucket), join(staging, bucket)),
      check: async () => undefined,
      close: () => undefined,
    };
  }
  const client = s3Client(region, s3Endpoint);
  return {
    open: (bucket, staging) => new S3Bucket(bucket, client, join(staging, bucket)),
    check: (bucket) => new S3Bucket(bucket, client, join(data, 'staging', bucket)).check(),
    close: () => client.destroy(),
  };
}
