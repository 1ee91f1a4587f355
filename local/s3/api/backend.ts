import { s3 } from '../../../shared/limits.js';
import type { BucketFolders } from '../store/bucketFolders.js';
import type { Description } from '../store/description.js';
import type { ObjectFolder, OpenObject, Precondition, StoredObject } from '../store/objectFolder.js';
import { isObjectKey } from '../store/objectKey.js';
import type { Operation } from './operation.js';
import type { S3Request } from './request.js';
import { noSuchKey, S3Error } from './s3Error.js';

/** What the operations work on: buckets in folders. */
export interface Backend {
  readonly buckets: BucketFolders;
  readonly region: string;
  /** The bucket of the template, which can't be deleted while the stack runs. */
  readonly deployed: string;
}

export type S3Operation = Operation<Backend>;

/** @throws S3Error when there is no such bucket. */
export async function bucketNamed({ buckets }: Backend, name: string): Promise<ObjectFolder> {
  const bucket = await buckets.find(name);
  if (bucket) return bucket;
  throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
}

/**
 * The bucket of a request for an object.
 *
 * @throws S3Error when there is no such bucket, or S3 takes no such key.
 */
export async function bucketFor({ bucket, key }: S3Request, backend: Backend): Promise<ObjectFolder> {
  const found = await bucketNamed(backend, bucket);
  if (isObjectKey(key)) return found;
  const size = Buffer.byteLength(key);
  throw new S3Error('KeyTooLongError', 'Your key is too long', 400, { Size: size, MaxSizeAllowed: s3.maxKeyBytes });
}

/** Runs work with an object that can be read, and closes it afterwards. */
export async function withObject<T>(
  bucket: ObjectFolder,
  key: string,
  work: (object: OpenObject) => Promise<T>,
): Promise<T> {
  const object = await bucket.open(key);
  if (!object) throw noSuchKey(key);
  try {
    return await work(object);
  } finally {
    await object.file.close();
  }
}

/** Makes a staged file an object, or removes it when it can't be one. */
export async function writeStaged(
  bucket: ObjectFolder,
  key: string,
  staged: string,
  description: Description,
  precondition: Precondition,
): Promise<StoredObject> {
  try {
    return await bucket.write(key, staged, description, precondition);
  } catch (error) {
    await bucket.discard(staged).catch(() => undefined);
    throw error;
  }
}
