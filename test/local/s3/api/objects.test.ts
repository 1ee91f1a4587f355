import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deployedBucket as Bucket, openS3, type S3Endpoint } from '../../../helpers/s3Endpoint.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

let s3: S3Endpoint;

beforeEach(async () => {
  s3 = await openS3(await tempFolder());
});

afterEach(async () => {
  await s3.close();
  expect(s3.problems).toEqual([]);
});

const put = (Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const head = (Key: string) => s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
const copy = (Key: string, more: Partial<CopyObjectCommandInput> = {}) =>
  s3.client.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, ...more }));

describe('PutObject and GetObject', () => {
  it('give back any bytes, whole and by any range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(299),
        fc.nat(299),
        async (bytes, a, b) => {
          await put('bytes', bytes);
          const whole = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'bytes' }));
          expect(await whole.Body?.transformToByteArray()).toEqual(bytes);
          const [start, end] = [Math.min(a, b) % bytes.length, Math.max(a, b)];
          const part = await s3.client.send(
            new GetObjectCommand({ Bucket, Key: 'bytes', Range: `bytes=${start}-${Math.max(start, end)}` }),
          );
          expect(await part.Body?.transformToByteArray()).toEqual(bytes.slice(start, Math.max(start, end) + 1));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keep the empty object', async () => {
    await put('empty', '', { ContentLength: 0 });
    expect(await head('empty')).toMatchObject({ ContentLength: 0, ETag: '"d41d8cd98f00b204e9800998ecf8427e"' });
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'empty' }));
    expect(await Body?.transformToString()).toBe('');
  });

  it('refuse keys of over 1,024 bytes and metadata of over 2 KB', async () => {
    await expect(put('k'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
    await expect(put('a', 'x', { Metadata: { a: 'x'.repeat(2048) } })).rejects.toMatchObject({
      name: 'MetadataTooLarge',
    });
  });

  it('take no body whose length is not told before', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('x'));
        controller.close();
      },
    });
    const response = await fetch(`${s3.url}/${Bucket}/a`, { method: 'PUT', body, duplex: 'half' });
    expect([response.status, await response.text()]).toEqual([411, expect.stringContaining('MissingContentLength')]);
  });

  it('know no other bucket', async () => {
    await expect(put('a', 'x', { Bucket: 'none' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(put('a', 'x', { Bucket: 'a..b' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('let no header be slipped in by an override', async () => {
    await put('a', 'x');
    const response = await fetch(`${s3.url}/${Bucket}/a?response-content-type=a%0d%0ax-evil:1`);
    expect([response.status, response.headers.get('x-evil')]).toEqual([400, null]);
  });
});

describe('CopyObject', () => {
  beforeEach(() =>
    put('source', 'body', { Metadata: { a: '1' }, Tagging: 'k=v', ContentType: 'x/y', ChecksumAlgorithm: 'SHA256' }),
  );

  it('keeps or replaces metadata and tags, each by itself', async () => {
    await copy('same');
    expect(await head('same')).toMatchObject({
      Metadata: { a: '1' },
      ContentType: 'x/y',
      TagCount: 1,
      ChecksumSHA256: expect.any(String),
    });
    await copy('told', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    expect(await head('told')).toMatchObject({
      Metadata: { b: '2' },
      ContentType: 'binary/octet-stream',
      TagCount: 1,
    });
    await copy('tagged', { TaggingDirective: 'REPLACE', Tagging: 'l=w&m=x' });
    expect(await head('tagged')).toMatchObject({ Metadata: { a: '1' }, TagCount: 2 });
    await copy('summed', { ChecksumAlgorithm: 'CRC32' });
    expect(await head('summed')).toMatchObject({ ChecksumCRC32: expect.any(String) });
  });

  it('copies an object onto itself only with other metadata', async () => {
    await expect(copy('source')).rejects.toMatchObject({ name: 'InvalidRequest' });
    await copy('source', { MetadataDirective: 'REPLACE', Metadata: { c: '3' } });
    expect(await head('source')).toMatchObject({ Metadata: { c: '3' }, ContentLength: 4 });
  });

  it('copies from another bucket and a key that is no path', async () => {
    await s3.client.send(new CreateBucketCommand({ Bucket: 'other' }));
    await put('a//../b c+d', 'odd', { Bucket: 'other' });
    await copy('copied', { CopySource: 'other/a//../b%20c%2Bd' });
    expect((await head('copied')).ContentLength).toBe(3);
  });

  it.each([
    ['other/missing', 'NoSuchBucket'],
    [`${Bucket}/missing`, 'NoSuchKey'],
    ['nothing', 'InvalidArgument'],
    [`${Bucket}/source?versionId=1`, 'NotImplemented'],
  ])('refuses the source %s: %s, and the target stays', async (CopySource, name) => {
    await put('target', 'kept');
    await expect(copy('target', { CopySource })).rejects.toMatchObject({ name });
    expect((await head('target')).ContentLength).toBe(4);
  });
});

describe('DeleteObjects', () => {
  const withMd5 = (body: string) => ({ 'content-md5': createHash('md5').update(body).digest('base64') });
  const remove = (Objects: { Key: string; ETag?: string; VersionId?: string }[], Quiet?: boolean) =>
    s3.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, ...(Quiet === undefined ? {} : { Quiet }) } }),
    );

  it('tells of each key what came of it, or only of failures', async () => {
    const keys = ['a', ' b & <c> ', 'd//e', '🔥', 'never'];
    for (const key of keys.slice(0, 4)) await put(key, 'x');
    const { Deleted, Errors } = await remove([...keys.map((Key) => ({ Key })), { Key: 'a', VersionId: '1' }]);
    expect(Deleted).toEqual(keys.map((Key) => ({ Key })));
    expect(Errors).toMatchObject([{ Key: 'a', Code: 'NotImplemented' }]);
    await put('a', 'x');
    const quiet = await remove([{ Key: 'a' }, { Key: 'b', VersionId: '1' }], true);
    expect([quiet.Deleted, quiet.Errors]).toMatchObject([undefined, [{ Key: 'b' }]]);
    await expect(head('a')).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('understands keys as numbers of characters', async () => {
    await put('🔥', 'x');
    const body = '<Delete><Object><Key>&#x1F525;</Key></Object></Delete>';
    expect((await fetch(`${s3.url}/${Bucket}?delete`, { method: 'POST', body })).status).toBe(400);
    expect((await fetch(`${s3.url}/${Bucket}?delete`, { method: 'POST', headers: withMd5(body), body })).status).toBe(
      200,
    );
    await expect(head('🔥')).rejects.toMatchObject({ name: 'NotFound' });
  });

  it.each([
    '',
    '<Delete',
    '<Delete></Delete>',
    '<Other><Object><Key>a</Key></Object></Other>',
    '<Delete><Object/></Delete>',
    '<Delete><Object><Key></Key></Object></Delete>',
  ])('deletes nothing for the body %j', async (body) => {
    await put('a', 'x');
    const response = await fetch(`${s3.url}/${Bucket}?delete`, { method: 'POST', headers: withMd5(body), body });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('<Code>MalformedXML</Code>'),
    ]);
    await head('a');
  });
});

describe('tags', () => {
  const tags = async (Key: string) => (await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
  const set = (TagSet: { Key: string; Value: string }[]) =>
    s3.client.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging: { TagSet } }));

  it('are replaced as a whole, and the object with its metadata stays', async () => {
    const { ETag } = await put('a', 'body', { Metadata: { m: 'n' }, Tagging: 'old=1&%C3%A4+b=c%2Fd' });
    expect(await tags('a')).toEqual([
      { Key: 'old', Value: '1' },
      { Key: 'ä b', Value: 'c/d' },
    ]);
    await set([{ Key: 'new', Value: '' }]);
    expect(await tags('a')).toEqual([{ Key: 'new', Value: '' }]);
    expect(await head('a')).toMatchObject({ ETag, Metadata: { m: 'n' }, ContentLength: 4, TagCount: 1 });
  });

  it.each([
    ['eleven', Array.from({ length: 11 }, (_, index) => ({ Key: `${index}`, Value: '' })), 'BadRequest'],
    ['an empty key', [{ Key: '', Value: 'x' }], 'InvalidTag'],
    ['a key of 129 characters', [{ Key: 'k'.repeat(129), Value: 'x' }], 'InvalidTag'],
    ['a value of 257', [{ Key: 'k', Value: 'v'.repeat(257) }], 'InvalidTag'],
    [
      'one key twice',
      [
        { Key: 'k', Value: '1' },
        { Key: 'k', Value: '2' },
      ],
      'InvalidTag',
    ],
    ['a key of AWS', [{ Key: 'aws:k', Value: '1' }], 'InvalidTag'],
    ['other characters', [{ Key: 'k', Value: '<>' }], 'InvalidTag'],
  ])('are refused: %s', async (_, refused, name) => {
    await put('a', 'x', { Tagging: 'kept=1' });
    await expect(set(refused)).rejects.toMatchObject({ name });
    expect(await tags('a')).toEqual([{ Key: 'kept', Value: '1' }]);
  });

  it('need an object', async () => {
    await expect(tags('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(set([])).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
