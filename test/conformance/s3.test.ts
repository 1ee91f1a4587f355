/**
 * The local S3 seen by an SDK client: what was once ignored or taken for something else, and must never damage an object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deployedBucket as Bucket, openS3, type S3Endpoint } from '../helpers/s3Endpoint.js';
import { tempFolder } from '../helpers/tempFolder.js';

let data: string;
let s3: S3Endpoint;

beforeEach(async () => {
  data = await tempFolder();
  s3 = await openS3(data);
  await put('a', 'first');
});

afterEach(async () => {
  await s3.close();
  expect(s3.problems).toEqual([]);
});

const put = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
  s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string) => (await get(Key)).Body?.transformToString();
const keys = async () =>
  ((await s3.client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
const md5OfFirst = '"8b04d5e3775d298e78455efc5ca404d5"';

describe('an object stays as it is', () => {
  afterEach(async () => {
    expect(await text('a')).toBe('first');
    expect((await get('a')).ETag).toBe(md5OfFirst);
  });

  it('when it is put with IfNoneMatch *: 412', async () => {
    await expect(put('a', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('when it is put with the ETag of another: 412', async () => {
    await expect(put('a', 'second', { IfMatch: '"00000000000000000000000000000000"' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });

  it('when it is copied, and is equal at both ends', async () => {
    await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
    expect(await text('b')).toBe('first');
  });

  it('when tags are put and deleted', async () => {
    const Tagging = { TagSet: [{ Key: 'team', Value: 'web' }] };
    await s3.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging }));
    expect((await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet).toEqual(Tagging.TagSet);
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'a' }));
    expect((await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).TagSet).toEqual([]);
  });

  it('when an upload of its key is begun, gets a part and is aborted', async () => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    await s3.client.send(new UploadPartCommand({ Bucket, Key: 'a', UploadId, PartNumber: 1, Body: 'part' }));
    expect(await text('a')).toBe('first');
    await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId }));
  });

  it('when an upload that was never begun is aborted, or gets a part: 404', async () => {
    const of = { Bucket, Key: 'a', UploadId: 'nothing' };
    await expect(s3.client.send(new AbortMultipartUploadCommand(of))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await expect(s3.client.send(new UploadPartCommand({ ...of, PartNumber: 1, Body: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });

  it('when a version of it is deleted: 501', async () => {
    await expect(s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'v1' }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('when it is deleted with the ETag of another: 412', async () => {
    await expect(s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'a', IfMatch: '"0"' }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });

  it.each([
    ['PUT', '?acl'],
    ['PUT', '?retention'],
    ['PUT', '?legal-hold'],
    ['PUT', '?invented'],
    ['PUT', '?uploadId=x'],
    ['PUT', '?partNumber=1'],
    ['DELETE', '?invented=1'],
    ['POST', '?restore'],
    ['POST', '?select&select-type=2'],
    ['POST', ''],
    ['PATCH', ''],
  ])('at %s %s: 501', async (method, query) => {
    const response = await fetch(`${s3.url}/${Bucket}/a${query}`, { method, body: 'second' });
    expect([response.status, await response.text()]).toEqual([
      501,
      expect.stringContaining('<Code>NotImplemented</Code>'),
    ]);
  });

  it.each([
    ['x-amz-invented', '1'],
    ['x-amz-storage-class', 'GLACIER'],
    ['x-amz-server-side-encryption', 'aws:kms'],
    ['x-amz-server-side-encryption-customer-algorithm', 'AES256'],
    ['x-amz-website-redirect-location', '/b'],
    ['x-amz-object-lock-mode', 'COMPLIANCE'],
    ['x-amz-write-offset-bytes', '5'],
    ['x-amz-checksum-xxhash3', 'AAAAAAAAAAA='],
    ['if-modified-since', 'Sun, 22 Nov 2026 16:00:00 GMT'],
    ['if-none-match', '"another"'],
    ['if-range', '"x"'],
    ['range', 'bytes=0-1'],
  ])('at a PUT with %s: %s: 501', async (name, value) => {
    const response = await fetch(`${s3.url}/${Bucket}/a`, {
      method: 'PUT',
      headers: { [name]: value },
      body: 'second',
    });
    expect([response.status, await response.text()]).toEqual([501, expect.stringContaining(`<Header>${name}`)]);
  });

  it.each([
    ['Content-MD5', { ContentMD5: 'XrY7u+Ae7tCTyyK7j1rNww==' }, 'BadDigest'],
    ['Content-MD5 that is none', { ContentMD5: 'x' }, 'InvalidDigest'],
    ['CRC32', { ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
    ['CRC32C', { ChecksumCRC32C: 'AAAAAA==' }, 'BadDigest'],
    ['CRC64NVME', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }, 'BadDigest'],
    ['SHA1', { ChecksumSHA1: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'BadDigest'],
    ['SHA256', { ChecksumSHA256: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'BadDigest'],
    ['CRC32 that is none', { ChecksumCRC32: 'AAAA' }, 'InvalidRequest'],
  ])('when it is put with a wrong %s', async (_, wrong, name) => {
    await expect(put('a', 'second', wrong)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('when it is put in chunks with a wrong checksum behind them', async () => {
    const body = '6\r\nsecond\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'x-amz-decoded-content-length': '6',
    };
    const response = await fetch(`${s3.url}/${Bucket}/a`, { method: 'PUT', headers, body });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')]);
  });
});

it('gives the bytes of a Range, and 416 beyond the end', async () => {
  const { Body, ContentRange, ContentLength, $metadata } = await get('a', { Range: 'bytes=1-2' });
  expect([await Body?.transformToString(), ContentRange, ContentLength, $metadata.httpStatusCode]).toEqual([
    'ir',
    'bytes 1-2/5',
    2,
    206,
  ]);
  expect(await (await get('a', { Range: 'bytes=-2' })).Body?.transformToString()).toBe('st');
  expect(await (await get('a', { Range: 'bytes=3-' })).Body?.transformToString()).toBe('st');
  await expect(get('a', { Range: 'bytes=5-' })).rejects.toMatchObject({
    name: 'InvalidRange',
    $metadata: { httpStatusCode: 416 },
  });
});

it('reads on conditions: 412 and 304', async () => {
  expect(await (await get('a', { IfMatch: md5OfFirst })).Body?.transformToString()).toBe('first');
  await expect(get('a', { IfMatch: '"0"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  await expect(get('a', { IfNoneMatch: md5OfFirst })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(get('a', { IfModifiedSince: new Date() })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(get('a', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 412 },
  });
});

it('keeps metadata, types, encodings and tags', async () => {
  const told = {
    ContentType: 'text/plain; charset=utf-8',
    ContentEncoding: 'gzip',
    ContentDisposition: 'attachment; filename="b"',
    ContentLanguage: 'de',
    CacheControl: 'no-cache',
    Expires: new Date('2030-01-01T00:00:00Z'),
    Metadata: { team: 'web', 'x-y': 'a, b' },
  };
  await put('b', 'body', { ...told, Tagging: 'k=v&l=%C3%A4' });
  const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'b' }));
  expect(head).toMatchObject({
    ...told,
    ContentLength: 4,
    TagCount: 2,
    ETag: expect.any(String),
    LastModified: expect.any(Date),
  });
});

it('answers HEAD of a bucket and of what is not there', async () => {
  await s3.client.send(new HeadBucketCommand({ Bucket }));
  await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'other' }))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'b' }))).rejects.toMatchObject({ name: 'NotFound' });
});

it('lists with encoding-type, delimiter, fetch-owner and MaxKeys 0', async () => {
  await put('logs/x y+z', 'x');
  const { Contents, CommonPrefixes, KeyCount } = await s3.client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', EncodingType: 'url', FetchOwner: true }),
  );
  expect(Contents).toMatchObject([{ Key: 'a', ETag: md5OfFirst, Size: 5, Owner: { ID: '000000000000' } }]);
  expect([CommonPrefixes, KeyCount]).toEqual([[{ Prefix: 'logs/' }], 2]);
  const encoded = await s3.client.send(new ListObjectsV2Command({ Bucket, Prefix: 'logs/', EncodingType: 'url' }));
  expect(encoded.Contents?.[0]?.Key).toBe('logs/x+y%2Bz');
  expect(await s3.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).toMatchObject({
    KeyCount: 0,
    IsTruncated: false,
  });
});

it.each([
  'x1/../y1',
  '../outside',
  '../../outside',
  '/etc/passwd',
  'a//b',
  '//',
  'dir/',
  './x',
  'x/.',
  '.firesplit/objects/x',
  '.Firesplit/x',
  'back\\slash',
  'tab\tand\nline',
  `${'l'.repeat(300)}/x`,
  'é'.repeat(512),
  'aux/con.txt',
  '日本/🔥.gz',
  'q?a=b&c#d%2F+ e',
  '...',
])('keeps an object literally under %j', async (key) => {
  await put(key, `of ${key}`);
  expect(await text(key)).toBe(`of ${key}`);
  expect(await keys()).toEqual(expect.arrayContaining(['a', key]));
  expect(await keys()).toHaveLength(2);
  await s3.client.send(new DeleteObjectCommand({ Bucket, Key: key }));
  expect(await keys()).toEqual(['a']);
});

it('keeps `pf` beside `pf/x`, whichever came first', async () => {
  for (const [first, second] of [
    ['pf', 'pf/x'],
    ['qf/x', 'qf'],
  ] as const) {
    await put(first, 'one');
    await put(second, 'two');
    expect([await text(first), await text(second)]).toEqual(['one', 'two']);
  }
  expect(await keys()).toEqual(['a', 'pf', 'pf/x', 'qf', 'qf/x']);
});

it('neither reads, writes nor lists through a symbolic link in a bucket', async () => {
  const outside = join(data, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'secret');
  await symlink(outside, join(data, 's3', Bucket, 'linked'));
  await symlink(join(outside, 'secret'), join(data, 's3', Bucket, 'link'));
  expect(await keys()).toEqual(['a']);
  for (const key of ['linked/secret', 'link']) await expect(get(key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  for (const key of ['linked/secret', 'link', 'linked/new/file']) await put(key, 'mine');
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  await expect(readFile(join(outside, 'new', 'file'))).rejects.toThrow('ENOENT');
  expect(await text('linked/secret')).toBe('mine');
  expect(await keys()).toEqual(['a', 'link', 'linked/new/file', 'linked/secret']);
});

it('serves a bucket by its host name', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    request({ port: s3.port, path: '/a', headers: { host: `${Bucket}.localhost:${s3.port}` } }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers.etag]);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toEqual([200, md5OfFirst]);
});

it('tells errors with code, message, resource and request', async () => {
  const response = await fetch(`${s3.url}/${Bucket}/no/such%20key`);
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/xml']);
  expect(await response.text()).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>no\/such key<\/Key><Resource>\/logs\/no\/such%20key<\/Resource><RequestId>[0-9A-F]{16}<\/RequestId><\/Error>$/,
  );
  await expect(s3.client.send(new PutObjectAclCommand({ Bucket, Key: 'a', ACL: 'public-read' }))).rejects.toMatchObject(
    {
      name: 'NotImplemented',
    },
  );
});
