import type { Reply } from '../../aws/reply.js';
import type { BucketStore } from '../store/bucketStore.js';
import { isoSeconds } from './objectHeaders.js';
import { bodyChecksums, type Operation } from './operation.js';
import { countParameter } from './operations/listObjects.js';
import type { S3Request } from './request.js';
import { requestContent } from './requestContent.js';
import { noSuchKey, notImplemented, S3Error } from './s3Error.js';
import { xmlReply } from './xml.js';

/** The bucket of a name, if it is the stack's. */
export type BucketByName = (name: string) => BucketStore | undefined;

/** What the functions use of S3, for a bucket that is elsewhere. Nothing else of it can be reached through this machine. */
export const relayOperations: readonly Operation<BucketByName>[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    on: 'object',
    headers: bodyChecksums,
    async run(request, buckets): Promise<Reply> {
      const kept = ['content-encoding', 'cache-control', 'content-disposition', 'content-language', 'expires'];
      const { bytes, md5 } = await requestContent(request);
      const header = kept.find(
        (name) => request.headers[name] !== undefined && request.headers[name] !== 'aws-chunked',
      );
      if (header !== undefined) throw notImplemented(`The header ${header} of PutObject for a bucket elsewhere`);
      await bucketFor(request, buckets).put(request.key, bytes);
      return { status: 200, headers: { etag: `"${md5}"` }, body: '' };
    },
  },
  {
    name: 'GetObject',
    method: 'GET',
    on: 'object',
    // Any checksum that could be given would have been verified on its way here.
    headers: { 'x-amz-checksum-mode': ['ENABLED'] },
    async run(request, buckets): Promise<Reply> {
      const body = await bucketFor(request, buckets).get(request.key);
      if (body === undefined) throw noSuchKey(request.key);
      return { status: 200, headers: { 'content-type': 'binary/octet-stream' }, body };
    },
  },
  {
    name: 'DeleteObject',
    method: 'DELETE',
    on: 'object',
    async run(request, buckets): Promise<Reply> {
      await bucketFor(request, buckets).delete(request.key);
      return { status: 204, headers: {}, body: '' };
    },
  },
  {
    name: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    marks: ['list-type'],
    parameters: ['prefix', 'max-keys', 'start-after', 'continuation-token'],
    async run(request, buckets): Promise<Reply> {
      const { query } = request;
      const [prefix, max] = [query.get('prefix') ?? '', countParameter(query, 'max-keys', 'maxKeys')];
      const token = query.get('continuation-token');
      const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
      const { objects, truncated } = await bucketFor(request, buckets).list(prefix, after, max);
      const last = objects.at(-1);
      return xmlReply(200, 'ListBucketResult', {
        Name: request.bucket,
        Prefix: prefix,
        KeyCount: objects.length,
        MaxKeys: max,
        IsTruncated: truncated,
        NextContinuationToken: truncated && last ? Buffer.from(last.key).toString('base64url') : undefined,
        Contents: objects.map(({ key, size, modified }) => ({
          Key: key,
          LastModified: isoSeconds(modified),
          Size: size,
          StorageClass: 'STANDARD',
        })),
      });
    },
  },
];

function bucketFor({ bucket }: S3Request, buckets: BucketByName): BucketStore {
  const found = buckets(bucket);
  if (found) return found;
  throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}
