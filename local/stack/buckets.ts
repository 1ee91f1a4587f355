import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { operations } from '../s3/api/operations/index.js';
import { relayOperations } from '../s3/api/relay.js';
import { S3Api } from '../s3/api/s3Api.js';
import { BucketFolders } from '../s3/store/bucketFolders.js';
import type { StoredObject } from '../s3/store/objectFolder.js';
import { S3Bucket, s3Client } from '../s3/store/s3Bucket.js';
import type { StagedStore } from '../s3/store/stagedStore.js';

/** Where objects are written: a folder for each bucket, or S3. */
export interface Buckets {
  /** @param staging a folder of the caller's own, on the disk of the data folder. */
  open(bucket: string, staging: string): StagedStore;
  /** Tells at start what the first delivery to a bucket would run into. */
  check(bucket: string): Promise<void>;
  /** The S3 API over these buckets. */
  readonly api: Pick<S3Api<unknown>, 'handle'>;
  close(): void;
}

interface BucketOptions {
  readonly data: string;
  readonly region: string;
  /** The bucket of the template. */
  readonly bucket: string;
  readonly s3?: boolean | undefined;
  readonly s3Endpoint?: string | undefined;
  /** Told of each object in a folder; S3 tells nobody here. */
  readonly created: (bucket: string, object: StoredObject) => Promise<void>;
}

export async function openBuckets(options: BucketOptions): Promise<Buckets> {
  const { data, region, bucket, s3 = false, s3Endpoint } = options;
  const staging = join(data, 'written');
  // What clients put when a crash cut it short.
  await rm(staging, { recursive: true, force: true });
  if (!s3 && s3Endpoint === undefined) {
    const buckets = new BucketFolders(join(data, 's3'), staging, options.created);
    return {
      open: (name, own) => buckets.open(name, own),
      check: async () => undefined,
      api: new S3Api(operations, { buckets, region, deployed: bucket }),
      close: () => undefined,
    };
  }
  const client = s3Client(region, s3Endpoint);
  const written = new S3Bucket(bucket, client, join(staging, bucket));
  return {
    open: (name, own) => new S3Bucket(name, client, join(own, name)),
    check: (name) => new S3Bucket(name, client, join(data, 'staging', name)).check(),
    api: new S3Api(relayOperations, (name) => (name === bucket ? written : undefined)),
    close: () => client.destroy(),
  };
}
