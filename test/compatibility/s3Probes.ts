import { Readable } from 'node:stream';
import * as sdk from '@aws-sdk/client-s3';
import { expect } from '@jest/globals';
import { deployedBucket as Bucket } from '../helpers/s3Endpoint.js';
import type { Probe } from './probe.js';

type S3 = sdk.S3Client;

const at = (Key: string) => ({ Bucket, Key });
const put = (s3: S3, Key: string, Body: string, more: Partial<sdk.PutObjectCommandInput> = {}) =>
  s3.send(new sdk.PutObjectCommand({ ...at(Key), Body, ...more }));
const get = (s3: S3, Key: string, more: Partial<sdk.GetObjectCommandInput> = {}) =>
  s3.send(new sdk.GetObjectCommand({ ...at(Key), ...more }));
const text = async (s3: S3, Key: string, more: Partial<sdk.GetObjectCommandInput> = {}) =>
  (await get(s3, Key, more)).Body?.transformToString();
const head = (s3: S3, Key: string, more: Partial<sdk.HeadObjectCommandInput> = {}) =>
  s3.send(new sdk.HeadObjectCommand({ ...at(Key), ...more }));
const list = (s3: S3, more: Partial<sdk.ListObjectsV2CommandInput> = {}) =>
  s3.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'list/', ...more }));
const copy = (s3: S3, Key: string, more: Partial<sdk.CopyObjectCommandInput> = {}) =>
  s3.send(new sdk.CopyObjectCommand({ ...at(Key), CopySource: `${Bucket}/source`, ...more }));

async function status(request: Promise<unknown>): Promise<number | undefined> {
  return request.then(
    () => 200,
    (error: unknown) => {
      if (error instanceof sdk.S3ServiceException && error.name !== 'NotImplemented')
        return error.$metadata.httpStatusCode;
      throw error;
    },
  );
}

/** Objects that probes read. */
export async function prepare(s3: S3): Promise<void> {
  await put(s3, 'source', '0123456789', { Metadata: { a: '1' }, ContentType: 'text/plain', Tagging: 't=1' });
  for (const key of ['list/a', 'list/b/1', 'list/b/2', 'list/c d']) await put(s3, key, 'x');
}

const storing: readonly Probe<S3>[] = [
  {
    operation: 'PutObject',
    what: 'bytes, and streams in chunks with a checksum behind them',
    async run(s3) {
      await put(s3, 'bytes', 'bytes');
      const Body = Readable.from([Buffer.from('str'), Buffer.from('eam')]);
      await s3.send(new sdk.PutObjectCommand({ ...at('stream'), Body, ContentLength: 6 }));
      expect([await text(s3, 'bytes'), await text(s3, 'stream')]).toEqual(['bytes', 'stream']);
    },
  },
  {
    operation: 'PutObject',
    what: 'more than 128 MiB at once',
    differs: 'One request takes 128 MiB instead of 5 GB; uploads in parts have no bound.',
    run: async (s3) => {
      const Body = Buffer.alloc(128 * 1024 * 1024 + 1);
      const error = await s3.send(new sdk.PutObjectCommand({ ...at('huge'), Body })).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'EntityTooLarge' });
    },
  },
  {
    operation: 'PutObject',
    what: 'IfNoneMatch `*`, IfMatch',
    async run(s3) {
      const { ETag } = await put(s3, 'once', '1', { IfNoneMatch: '*' });
      expect(await status(put(s3, 'once', '2', { IfNoneMatch: '*' }))).toBe(412);
      await put(s3, 'once', '2', { IfMatch: ETag });
      expect(await status(put(s3, 'once', '3', { IfMatch: ETag }))).toBe(412);
      expect(await status(put(s3, 'never', '3', { IfMatch: ETag }))).toBe(404);
    },
  },
  {
    operation: 'PutObject',
    what: 'checksums (CRC32, CRC32C, CRC64NVME, SHA1, SHA256) and Content-MD5',
    async run(s3) {
      for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
        await put(s3, 'sum', 'x', { ChecksumAlgorithm });
        expect(await head(s3, 'sum', { ChecksumMode: 'ENABLED' })).toHaveProperty(`Checksum${ChecksumAlgorithm}`);
      }
      expect(await status(put(s3, 'sum', 'y', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }))).toBe(400);
    },
  },
  {
    operation: 'PutObject',
    what: 'checksums MD5, SHA512, XXHASH',
    run: (s3) => put(s3, 'sum', 'x', { ChecksumSHA512: 'any' }),
  },
  {
    operation: 'PutObject',
    what: 'metadata, Content-* headers, Cache-Control, Expires, tags',
    async run(s3) {
      const told = { ContentType: 'a/b', ContentLanguage: 'de', CacheControl: 'no-cache', Metadata: { m: 'n' } };
      await put(s3, 'told', 'x', { ...told, Tagging: 'k=v' });
      expect(await head(s3, 'told')).toMatchObject({ ...told, TagCount: 1 });
    },
  },
  {
    operation: 'PutObject',
    what: 'ACL `private`, `bucket-owner-full-control`',
    run: (s3) => put(s3, 'x', 'x', { ACL: 'private' }),
  },
  {
    operation: 'PutObject',
    what: 'other ACLs',
    run: async (s3) => expect(await status(put(s3, 'x', 'x', { ACL: 'public-read' }))).toBe(400),
    differs: 'Every bucket has ACLs disabled (AccessControlListNotSupported), as new buckets in AWS have.',
  },
  {
    operation: 'PutObject',
    what: 'ServerSideEncryption `AES256`',
    run: (s3) => put(s3, 'x', 'x', { ServerSideEncryption: 'AES256' }),
    differs: 'It is told, and nothing is encrypted.',
  },
  {
    operation: 'PutObject',
    what: 'KMS and customer keys',
    run: (s3) => put(s3, 'x', 'x', { ServerSideEncryption: 'aws:kms' }),
  },
  {
    operation: 'PutObject',
    what: 'storage classes but STANDARD',
    run: (s3) => put(s3, 'x', 'x', { StorageClass: 'GLACIER' }),
  },
  { operation: 'PutObject', what: 'object lock', run: (s3) => put(s3, 'x', 'x', { ObjectLockLegalHoldStatus: 'ON' }) },
  {
    operation: 'PutObject',
    what: 'website redirects',
    run: (s3) => put(s3, 'x', 'x', { WebsiteRedirectLocation: '/y' }),
  },
  {
    operation: 'CopyObject',
    what: 'within and between buckets, with its metadata and tags or with others',
    async run(s3) {
      await copy(s3, 'copy');
      expect(await head(s3, 'copy')).toMatchObject({ Metadata: { a: '1' }, ContentType: 'text/plain', TagCount: 1 });
      await copy(s3, 'copy', { MetadataDirective: 'REPLACE', Metadata: { b: '2' }, TaggingDirective: 'REPLACE' });
      expect(await head(s3, 'copy')).toMatchObject({ Metadata: { b: '2' } });
      expect(await text(s3, 'copy')).toBe('0123456789');
    },
  },
  {
    operation: 'CopyObject',
    what: 'conditions on the source and on the target',
    async run(s3) {
      expect(await status(copy(s3, 'copy2', { CopySourceIfMatch: '"0"' }))).toBe(412);
      await copy(s3, 'copy2', { IfNoneMatch: '*' });
      expect(await status(copy(s3, 'copy2', { IfNoneMatch: '*' }))).toBe(412);
    },
  },
  {
    operation: 'CopyObject',
    what: 'versions of the source',
    run: (s3) => copy(s3, 'x', { CopySource: `${Bucket}/source?versionId=1` }),
  },
  {
    operation: 'DeleteObject',
    what: 'with and without IfMatch',
    async run(s3) {
      await put(s3, 'gone', 'x');
      expect(await status(s3.send(new sdk.DeleteObjectCommand({ ...at('gone'), IfMatch: '"0"' })))).toBe(412);
      for (let times = 0; times < 2; times++) await s3.send(new sdk.DeleteObjectCommand(at('gone')));
      expect(await status(get(s3, 'gone'))).toBe(404);
    },
  },
  {
    operation: 'DeleteObject',
    what: 'versions, MFA',
    run: (s3) => s3.send(new sdk.DeleteObjectCommand({ ...at('source'), VersionId: '1' })),
  },
  {
    operation: 'DeleteObjects',
    what: 'up to 1,000 keys, quiet or not, with ETags',
    async run(s3) {
      await put(s3, 'many/1', 'x');
      const Objects = [{ Key: 'many/1', ETag: '"0"' }, { Key: 'many/none' }];
      const { Deleted, Errors } = await s3.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      expect([Deleted, Errors]).toMatchObject([
        [{ Key: 'many/none' }],
        [{ Key: 'many/1', Code: 'PreconditionFailed' }],
      ]);
    },
  },
];

const reading: readonly Probe<S3>[] = [
  {
    operation: 'GetObject',
    what: 'Range: one of any form; 206 and 416',
    async run(s3) {
      expect(await text(s3, 'source', { Range: 'bytes=2-4' })).toBe('234');
      expect(await text(s3, 'source', { Range: 'bytes=-3' })).toBe('789');
      expect(await status(get(s3, 'source', { Range: 'bytes=10-' }))).toBe(416);
    },
  },
  { operation: 'GetObject', what: 'several ranges', run: (s3) => get(s3, 'source', { Range: 'bytes=0-1,3-4' }) },
  {
    operation: 'GetObject',
    what: 'IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince',
    async run(s3) {
      const { ETag } = await head(s3, 'source');
      expect(await status(get(s3, 'source', { IfNoneMatch: ETag }))).toBe(304);
      expect(await status(get(s3, 'source', { IfMatch: '"0"' }))).toBe(412);
      expect(await status(get(s3, 'source', { IfModifiedSince: new Date() }))).toBe(304);
      expect(await status(get(s3, 'source', { IfUnmodifiedSince: new Date(0) }))).toBe(412);
    },
  },
  {
    operation: 'GetObject',
    what: 'response-* overrides, PartNumber, ChecksumMode',
    async run(s3) {
      const { ContentType } = await get(s3, 'source', { ResponseContentType: 'x/y' });
      expect(ContentType).toBe('x/y');
      expect(await text(s3, 'source', { PartNumber: 1, ChecksumMode: 'ENABLED' })).toBe('0123456789');
    },
  },
  { operation: 'GetObject', what: 'versions', run: (s3) => get(s3, 'source', { VersionId: '1' }) },
  {
    operation: 'GetObject',
    what: 'customer keys',
    run: (s3) =>
      get(s3, 'source', { SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'k'.repeat(32), SSECustomerKeyMD5: 'x' }),
  },
  {
    operation: 'HeadObject',
    what: 'as GetObject',
    async run(s3) {
      expect(await head(s3, 'source', { Range: 'bytes=0-1' })).toMatchObject({ ContentLength: 2 });
      expect(await status(head(s3, 'none'))).toBe(404);
    },
  },
  {
    operation: 'GetObjectAttributes',
    what: 'ETag, Checksum, ObjectParts, StorageClass, ObjectSize',
    async run(s3) {
      const ObjectAttributes = ['ETag', 'Checksum', 'ObjectSize', 'StorageClass', 'ObjectParts'] as const;
      const answer = await s3.send(
        new sdk.GetObjectAttributesCommand({ ...at('source'), ObjectAttributes: [...ObjectAttributes] }),
      );
      expect(answer).toMatchObject({
        ObjectSize: 10,
        StorageClass: 'STANDARD',
        ETag: expect.any(String),
        Checksum: {},
      });
    },
  },
  ...(['PutObjectTagging', 'GetObjectTagging', 'DeleteObjectTagging'] as const).map((operation) => ({
    operation,
    what: 'tags of the current version',
    async run(s3: S3) {
      await put(s3, 'tagged', 'x');
      const Tagging = { TagSet: [{ Key: 'k', Value: 'ä' }] };
      await s3.send(new sdk.PutObjectTaggingCommand({ ...at('tagged'), Tagging }));
      expect((await s3.send(new sdk.GetObjectTaggingCommand(at('tagged')))).TagSet).toEqual(Tagging.TagSet);
      await s3.send(new sdk.DeleteObjectTaggingCommand(at('tagged')));
      expect((await s3.send(new sdk.GetObjectTaggingCommand(at('tagged')))).TagSet).toEqual([]);
      expect(await text(s3, 'tagged')).toBe('x');
    },
  })),
];

const listing: readonly Probe<S3>[] = [
  {
    operation: 'ListObjectsV2',
    what: 'Prefix, Delimiter, MaxKeys (0 too), StartAfter, ContinuationToken, EncodingType, FetchOwner',
    async run(s3) {
      expect((await list(s3, { Delimiter: '/' })).CommonPrefixes).toEqual([{ Prefix: 'list/b/' }]);
      const { NextContinuationToken, Contents } = await list(s3, { MaxKeys: 3, EncodingType: 'url', FetchOwner: true });
      expect(Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/b/1', 'list/b/2']);
      const next = await list(s3, { ContinuationToken: NextContinuationToken, EncodingType: 'url' });
      expect(next.Contents?.map(({ Key }) => Key)).toEqual(['list/c+d']);
      expect((await list(s3, { MaxKeys: 0 })).KeyCount).toBe(0);
      expect((await list(s3, { StartAfter: 'list/b/2' })).KeyCount).toBe(1);
    },
  },
  {
    operation: 'ListObjectsV2',
    what: 'OptionalObjectAttributes',
    run: (s3) => list(s3, { OptionalObjectAttributes: ['RestoreStatus'] }),
  },
  {
    operation: 'ListObjects',
    what: 'Prefix, Delimiter, MaxKeys, Marker, EncodingType',
    async run(s3) {
      const page = await s3.send(new sdk.ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2 }));
      expect([page.NextMarker, page.IsTruncated]).toEqual(['list/b/', true]);
      const next = await s3.send(
        new sdk.ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', Marker: 'list/b/' }),
      );
      expect(next.Contents?.map(({ Key }) => Key)).toEqual(['list/c d']);
    },
  },
  {
    operation: 'ListBuckets',
    what: 'Prefix, MaxBuckets, ContinuationToken',
    async run(s3) {
      expect((await s3.send(new sdk.ListBucketsCommand({ Prefix: Bucket, MaxBuckets: 1 }))).Buckets).toMatchObject([
        { Name: Bucket },
      ]);
    },
  },
  {
    operation: 'ListBuckets',
    what: 'BucketRegion',
    run: (s3) => s3.send(new sdk.ListBucketsCommand({ BucketRegion: 'us-east-1' })),
  },
  {
    operation: 'CreateBucket',
    what: "in the stack's region",
    run: (s3) => s3.send(new sdk.CreateBucketCommand({ Bucket: 'made' })),
  },
  {
    operation: 'CreateBucket',
    what: 'object lock, tags, directory buckets',
    run: (s3) => s3.send(new sdk.CreateBucketCommand({ Bucket: 'made', ObjectLockEnabledForBucket: true })),
  },
  {
    operation: 'HeadBucket',
    what: 'and its region',
    async run(s3) {
      expect((await s3.send(new sdk.HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
      expect(await status(s3.send(new sdk.HeadBucketCommand({ Bucket: 'none-of-that-name' })))).toBe(404);
    },
  },
  {
    operation: 'GetBucketLocation',
    what: 'of any bucket',
    run: (s3) => s3.send(new sdk.GetBucketLocationCommand({ Bucket })),
  },
  {
    operation: 'GetBucketVersioning',
    what: 'that there are no versions',
    run: (s3) => s3.send(new sdk.GetBucketVersioningCommand({ Bucket })),
  },
  {
    operation: 'DeleteBucket',
    what: 'when it is empty',
    async run(s3) {
      await s3.send(new sdk.CreateBucketCommand({ Bucket: 'unmade' }));
      await s3.send(new sdk.PutObjectCommand({ Bucket: 'unmade', Key: 'a', Body: 'x' }));
      expect(await status(s3.send(new sdk.DeleteBucketCommand({ Bucket: 'unmade' })))).toBe(409);
      await s3.send(new sdk.DeleteObjectCommand({ Bucket: 'unmade', Key: 'a' }));
      await s3.send(new sdk.DeleteBucketCommand({ Bucket: 'unmade' }));
    },
  },
  {
    operation: 'DeleteBucket',
    what: 'the bucket of the template',
    run: async (s3) => expect(await status(s3.send(new sdk.DeleteBucketCommand({ Bucket })))).toBe(403),
    differs: 'AccessDenied while the stack runs.',
  },
];

const parts: readonly Probe<S3>[] = [
  ...(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'ListParts'] as const).map((operation) => ({
    operation,
    what: 'with metadata, tags, conditions and checksums, composite or of the whole object',
    async run(s3: S3) {
      for (const [ChecksumAlgorithm, ChecksumType] of [
        ['CRC32', 'FULL_OBJECT'],
        ['SHA256', 'COMPOSITE'],
      ] as const) {
        const made = { ChecksumAlgorithm, ChecksumType, Metadata: { m: 'n' }, Tagging: 'k=v' };
        const { UploadId } = await s3.send(new sdk.CreateMultipartUploadCommand({ ...at('parts'), ...made }));
        const Body = Buffer.alloc(5 * 1024 * 1024, 'x');
        const of = { ...at('parts'), UploadId };
        await s3.send(new sdk.UploadPartCommand({ ...of, PartNumber: 1, Body, ChecksumAlgorithm }));
        await s3.send(new sdk.UploadPartCommand({ ...of, PartNumber: 2, Body: 'end', ChecksumAlgorithm }));
        const { Parts } = await s3.send(new sdk.ListPartsCommand(of));
        await s3.send(new sdk.CompleteMultipartUploadCommand({ ...of, MultipartUpload: { Parts } }));
        const found = await head(s3, 'parts', { ChecksumMode: 'ENABLED' });
        expect(found).toMatchObject({
          ETag: expect.stringMatching(/-2"$/),
          Metadata: { m: 'n' },
          TagCount: 1,
          ChecksumType,
        });
        expect(found.ContentLength).toBe(Body.length + 3);
      }
    },
  })),
  {
    operation: 'UploadPartCopy',
    what: 'whole or a range, on conditions',
    async run(s3) {
      const { UploadId } = await s3.send(new sdk.CreateMultipartUploadCommand(at('part-copy')));
      const of = { ...at('part-copy'), UploadId };
      const source = { CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' };
      const { CopyPartResult } = await s3.send(new sdk.UploadPartCopyCommand({ ...of, PartNumber: 1, ...source }));
      const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
      await s3.send(new sdk.CompleteMultipartUploadCommand({ ...of, MultipartUpload: { Parts } }));
      expect(await text(s3, 'part-copy')).toBe('234');
    },
  },
  {
    operation: 'AbortMultipartUpload',
    what: 'and what was under the key stays',
    async run(s3) {
      const { UploadId } = await s3.send(new sdk.CreateMultipartUploadCommand(at('source')));
      await s3.send(new sdk.AbortMultipartUploadCommand({ ...at('source'), UploadId }));
      expect(await text(s3, 'source')).toBe('0123456789');
    },
  },
  {
    operation: 'ListMultipartUploads',
    what: 'Prefix, KeyMarker, UploadIdMarker, MaxUploads, EncodingType',
    async run(s3) {
      await s3.send(new sdk.CreateMultipartUploadCommand(at('listed upload')));
      const { Uploads } = await s3.send(
        new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: 'listed', EncodingType: 'url' }),
      );
      expect(Uploads?.map(({ Key }) => Key)).toEqual(['listed+upload']);
    },
  },
  {
    operation: 'ListMultipartUploads',
    what: 'Delimiter',
    run: (s3) => s3.send(new sdk.ListMultipartUploadsCommand({ Bucket, Delimiter: '/' })),
  },
];

export const s3Probes: readonly Probe<S3>[] = [...storing, ...reading, ...listing, ...parts];
