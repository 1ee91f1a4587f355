import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { startUp, type Up, withData } from '../helpers/up.js';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' }, maxAttempts: 1 };
const clientOf = ({ ready }: Up) => new S3Client({ ...access, endpoint: ready.firehose, forcePathStyle: true });

it('a kill -9 while objects are put leaves each whole, and every acknowledged one', () =>
  withData(async (data) => {
    const acknowledged = new Map<string, number>();
    for (let life = 0; life < 2; life++) {
      const up = await startUp(data);
      await putUntilKilled(up, life, acknowledged);
      const again = await startUp(data);
      await check(again, acknowledged);
      await again.kill();
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    expect(await readdir(join(data, 'written')).catch(() => [])).toEqual([]);
  }));

/** Puts generation after generation of some objects, and kills the stack when 40 are acknowledged. */
async function putUntilKilled(up: Up, life: number, acknowledged: Map<string, number>): Promise<void> {
  const s3 = clientOf(up);
  let puts = 0;
  let killed: Promise<void> | undefined;
  const keys = ['plain', 'pf', 'pf/x', 'a//b', 'deep/er/key', 'x1/../y1'];
  const putAll = async (key: string) => {
    for (let generation = life * 1000; killed === undefined; generation++) {
      try {
        await s3.send(new PutObjectCommand({ Bucket: up.ready.bucket, Key: key, ...made(key, generation) }));
        acknowledged.set(key, generation);
        if (++puts === 40) killed = up.kill();
      } catch (error) {
        if (killed === undefined) throw error;
      }
    }
  };
  await Promise.all(keys.map(putAll));
  await killed;
  s3.destroy();
}

/** Bytes and metadata of one generation of a key. */
function made(key: string, generation: number) {
  const Body = Buffer.alloc(100_000, `${key} ${generation}\n`);
  return { Body, Metadata: { generation: String(generation), md5: createHash('md5').update(Body).digest('hex') } };
}

async function check(up: Up, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const s3 = clientOf(up);
  const listed: (string | undefined)[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: up.ready.bucket });
  for await (const { Contents = [] } of pages) listed.push(...Contents.map(({ Key }) => Key));
  for (const [Key, generation] of acknowledged) {
    const { Body, ETag, Metadata } = await s3.send(new GetObjectCommand({ Bucket: up.ready.bucket, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const kept = Number(Metadata?.generation);
    // One that was on its way may have been stored without its answer.
    expect([generation, generation + 1]).toContain(kept);
    expect(bytes.equals(made(Key, kept).Body)).toBe(true);
    expect(ETag).toBe(`"${Metadata?.md5}"`);
    expect(listed).toContain(Key);
  }
  s3.destroy();
}

it('an upload goes on after a kill -9', () =>
  withData(async (data) => {
    const killed = await startUp(data);
    const of = { Bucket: killed.ready.bucket, Key: 'upload' };
    const before = clientOf(killed);
    const { UploadId } = await before.send(new CreateMultipartUploadCommand(of));
    const Body = Buffer.alloc(5 * 1024 * 1024, 'x');
    const one = await before.send(new UploadPartCommand({ ...of, UploadId, PartNumber: 1, Body }));
    before.destroy();
    await killed.kill();

    const up = await startUp(data);
    const s3 = clientOf(up);
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: of.Bucket }));
    expect(Uploads).toMatchObject([{ Key: 'upload', UploadId }]);
    const two = await s3.send(new UploadPartCommand({ ...of, UploadId, PartNumber: 2, Body: 'end' }));
    const Parts = [one, two].map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }));
    await s3.send(new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload: { Parts } }));
    const { ContentLength } = await s3.send(new HeadObjectCommand(of));
    expect(ContentLength).toBe(Body.length + 3);
    s3.destroy();
    await up.kill();
  }));

it('a stream that is made through the API has its bucket, and S3 its objects', () =>
  withData(async (data) => {
    const up = await startUp(data);
    const firehose = new FirehoseClient({ ...access, endpoint: up.ready.firehose });
    const ExtendedS3DestinationConfiguration = {
      BucketARN: 'arn:aws:s3:::made-by-api',
      RoleARN: 'arn:aws:iam::000000000000:role/any',
      Prefix: 'raw//',
      CompressionFormat: 'GZIP' as const,
    };
    await firehose.send(
      new CreateDeliveryStreamCommand({ DeliveryStreamName: 'made', ExtendedS3DestinationConfiguration }),
    );
    const s3 = clientOf(up);
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([up.ready.bucket, 'made-by-api']);
    await firehose.send(
      new PutRecordCommand({ DeliveryStreamName: 'made', Record: { Data: Buffer.from('a line\n') } }),
    );
    firehose.destroy();
    s3.destroy();
    // Delivers what it has.
    await up.stop();

    const again = await startUp(data);
    const client = clientOf(again);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'made-by-api' }));
    expect(Contents).toMatchObject([{ Key: expect.stringMatching(/^raw\/\/\d{4}\/.*\/made-1-.*\.gz$/) }]);
    const head = await client.send(new HeadObjectCommand({ Bucket: 'made-by-api', Key: Contents?.[0]?.Key }));
    expect(head).toMatchObject({ ContentEncoding: 'gzip', ETag: Contents?.[0]?.ETag });
    client.destroy();
    await again.kill();
  }));
