import { createHash } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { deployedBucket as Bucket, openS3, type S3Endpoint } from '../../../helpers/s3Endpoint.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

let data: string;
let s3: S3Endpoint;

beforeEach(async () => {
  data = await tempFolder();
  s3 = await openS3(data);
});

afterEach(async () => {
  await s3.close();
  expect(s3.problems).toEqual([]);
});

const Key = 'large//object';
/** The least that a part may have when another comes after it. */
const first = Buffer.alloc(5 * 1024 * 1024, 'line\n');

async function begin(more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  return String((await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId);
}

async function part(UploadId: string, PartNumber: number, Body: Buffer | string): Promise<CompletedPart> {
  const { ETag } = await s3.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { PartNumber, ETag };
}

const complete = (UploadId: string, Parts: CompletedPart[], more: Partial<CompleteMultipartUploadCommandInput> = {}) =>
  s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));
const head = () => s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest();

it('joins the parts in their order, with the ETag of their MD5s', async () => {
  const id = await begin({ Metadata: { team: 'web' }, ContentType: 'text/plain' });
  const last = await part(id, 7, 'the end');
  const parts = [await part(id, 2, first), last];
  const { ETag, ChecksumCRC64NVME } = await complete(id, parts);
  expect(ETag).toBe(`"${md5(Buffer.concat([md5(first), md5('the end')])).toString('hex')}-2"`);
  expect(await head()).toMatchObject({ ETag, ChecksumCRC64NVME, Metadata: { team: 'web' }, ContentType: 'text/plain' });
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
  expect(
    Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.concat([first, Buffer.from('the end')])),
  ).toBe(true);
  const second = await s3.client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
  expect([await second.Body?.transformToString(), second.PartsCount]).toEqual(['the end', 2]);
});

it('goes on after a restart, and takes the newest of a part', async () => {
  const id = await begin();
  await part(id, 1, 'old');
  await s3.close();
  s3 = await openS3(data);
  const parts = [await part(id, 1, 'new')];
  const { Parts } = await s3.client.send(new ListPartsCommand({ Bucket, Key, UploadId: id }));
  expect(Parts).toMatchObject([{ PartNumber: 1, Size: 3, ETag: `"${md5('new').toString('hex')}"` }]);
  await complete(id, parts);
  expect((await head()).ContentLength).toBe(3);
});

it.each([
  ['SHA256', 'COMPOSITE'],
  ['SHA1', 'COMPOSITE'],
  ['CRC32C', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
] as const)('keeps a %s of the type %s', async (ChecksumAlgorithm, ChecksumType) => {
  const id = await begin({ ChecksumAlgorithm, ChecksumType });
  const of = { Bucket, Key, UploadId: id, ChecksumAlgorithm };
  const made = [
    { PartNumber: 1, ...(await s3.client.send(new UploadPartCommand({ ...of, PartNumber: 1, Body: first }))) },
    { PartNumber: 2, ...(await s3.client.send(new UploadPartCommand({ ...of, PartNumber: 2, Body: 'end' }))) },
  ];
  await complete(id, made);
  const name = `Checksum${ChecksumAlgorithm}` as const;
  const whole = await s3.client.send(
    new PutObjectCommand({ Bucket, Key: 'whole', Body: Buffer.concat([first, Buffer.from('end')]), ChecksumAlgorithm }),
  );
  const found = await head();
  expect(found.ChecksumType).toBe(ChecksumType);
  if (ChecksumType === 'FULL_OBJECT') expect(found[name]).toBe(whole[name]);
  else expect(found[name]).toMatch(/^.+-2$/);
  const ObjectAttributes = ['ObjectParts', 'Checksum'] as const;
  const { ObjectParts } = await s3.client.send(
    new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: [...ObjectAttributes] }),
  );
  expect(ObjectParts).toMatchObject({
    TotalPartsCount: 2,
    Parts: [
      { PartNumber: 1, Size: first.length },
      { PartNumber: 2, Size: 3 },
    ],
  });
});

it('refuses parts that are missing, others, out of order or too small, and the object is not there', async () => {
  const id = await begin();
  const parts = [await part(id, 1, 'small'), await part(id, 2, 'end')];
  const [one = {}, two = {}] = parts;
  await expect(complete(id, [one, { PartNumber: 3, ETag: two.ETag }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(id, [{ ...one, ETag: two.ETag }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(id, [two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(id, parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete(id, [])).rejects.toMatchObject({ name: 'MalformedXML' });
  await expect(complete(id, [two], { MpuObjectSize: 9 })).rejects.toMatchObject({ name: 'InvalidRequest' });
  await expect(complete(id, [two], { ChecksumCRC64NVME: 'AAAAAAAAAAA=' })).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(head()).rejects.toMatchObject({ name: 'NotFound' });
  await complete(id, [two]);
  expect((await head()).ContentLength).toBe(3);
});

it('completes on conditions only', async () => {
  const id = await begin();
  const parts = [await part(id, 1, 'second')];
  await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'first' }));
  await expect(complete(id, parts, { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect((await head()).ContentLength).toBe(5);
  await complete(id, parts, { IfMatch: `"${md5('first').toString('hex')}"` });
  expect((await head()).ContentLength).toBe(6);
});

it('answers a client that asks again, at once or later, as the first time', async () => {
  const id = await begin();
  const parts = [await part(id, 1, 'once')];
  const answers = [...(await Promise.all([complete(id, parts), complete(id, parts)])), await complete(id, parts)];
  expect(new Set(answers.map(({ ETag }) => ETag)).size).toBe(1);
  const { Uploads = [] } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads).toEqual([]);
});

it('copies ranges of objects as parts, and refuses what is beyond them', async () => {
  await s3.client.send(new PutObjectCommand({ Bucket, Key: 'söurce + 1', Body: '0123456789' }));
  const id = await begin();
  const CopySource = encodeURI(`${Bucket}/söurce + 1`).replace('+', '%2B');
  const copyPart = (CopySourceRange: string) =>
    s3.client.send(
      new UploadPartCopyCommand({ Bucket, Key, UploadId: id, PartNumber: 1, CopySource, CopySourceRange }),
    );
  await expect(copyPart('bytes=5-10')).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(copyPart('bytes=5-')).rejects.toMatchObject({ name: 'InvalidArgument' });
  const { CopyPartResult } = await copyPart('bytes=5-9');
  await complete(id, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
  expect((await head()).ContentLength).toBe(5);
});

it('lists uploads and parts page by page', async () => {
  const ids = [await begin(), await begin(), await begin({ Key: 'another' })];
  const { Uploads, NextKeyMarker, NextUploadIdMarker } = await s3.client.send(
    new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2 }),
  );
  const more = await s3.client.send(
    new ListMultipartUploadsCommand({ Bucket, KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker }),
  );
  expect([...(Uploads ?? []), ...(more.Uploads ?? [])].map(({ UploadId }) => UploadId)).toEqual([
    ids[2],
    ids[0],
    ids[1],
  ]);
  const UploadId = String(ids[0]);
  for (const number of [3, 1, 2]) await part(UploadId, number, `part ${number}`);
  const page = await s3.client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
  const rest = await s3.client.send(
    new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: page.NextPartNumberMarker }),
  );
  expect(
    [page, rest].map(({ Parts, IsTruncated }) => [Parts?.map(({ PartNumber }) => PartNumber), IsTruncated]),
  ).toEqual([
    [[1, 2], true],
    [[3], false],
  ]);
});

it('knows an upload by its key too, and numbers from 1 to 10,000', async () => {
  const UploadId = await begin();
  const of = { Bucket, UploadId, Body: 'x' };
  await expect(s3.client.send(new UploadPartCommand({ ...of, Key: 'other', PartNumber: 1 }))).rejects.toMatchObject({
    name: 'NoSuchUpload',
  });
  for (const PartNumber of [0, 10_001]) {
    await expect(s3.client.send(new UploadPartCommand({ ...of, Key, PartNumber }))).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
  }
});
