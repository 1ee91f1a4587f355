import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { landedPrefix } from '../../shared/line/partition.js';
import { logTypes } from '../../shared/line/schema/index.js';

/** The objects that Firehose delivered, wherever they are kept. */
export interface LandedObjects {
  /** Names of the objects under a prefix that landedPrefix gave, in the order in which they were written. */
  list(prefix: string): Promise<readonly string[]>;
  /** An object's bytes, as they are stored: gzip. */
  open(name: string): Promise<Readable>;
}

/** A place that keeps them for `landedDays`. */
export interface StoredObjects extends LandedObjects {
  /** The first hour of arrival of which there are objects, `2026-11-22-16`; undefined without any. */
  oldest(): Promise<string | undefined>;
}

/** What Firehose adds to an object's name (infra/resources/firehose.yml). */
const extension = '.json.gz';

/**
 * The data folder of `firesplit up`: a folder for each bucket below `s3/`.
 *
 * @throws Error when it holds none
 */
export async function folderObjects(data: string): Promise<StoredObjects> {
  const buckets = await foldersIn(join(data, 's3'));
  if (buckets.length === 0) {
    throw new Error(
      `there are no stored logs in ${data}; name the data folder of \`firesplit up\` with --data, or a bucket with --s3`,
    );
  }
  return {
    async list(prefix) {
      const folders = buckets.map((bucket) => join(data, 's3', bucket, prefix));
      const names = await Promise.all(
        folders.map(async (folder) => (await filesIn(folder)).map((name) => join(folder, name))),
      );
      return names.flat();
    },
    async oldest() {
      const folders = buckets.flatMap((bucket) => landed.map((prefix) => join(data, 's3', bucket, dirname(prefix))));
      return firstHour((await Promise.all(folders.map(foldersIn))).flat());
    },
    open: async (name) => createReadStream(name, { highWaterMark: 1 << 18 }),
  };
}

/** A bucket of S3, in the layout of infra/resources/firehose.yml. */
export function bucketObjects(bucket: string, client: S3Client): StoredObjects {
  return {
    async list(prefix) {
      const names: string[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
      for await (const { Contents = [] } of explained(bucket, pages)) {
        names.push(...Contents.flatMap(({ Key = '' }) => (Key.endsWith(extension) ? [Key] : [])));
      }
      return names;
    },
    async oldest() {
      const answers = await Promise.all(
        landed.map((prefix) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }))),
      );
      return firstHour(answers.flatMap(({ Contents = [] }) => Contents.map(({ Key = '' }) => Key)));
    },
    async open(name) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
      if (Body instanceof Readable) return Body;
      throw new Error(`s3://${bucket}/${name} has no content`);
    },
  };
}

/** What objects of each type start with, up to their hour. */
const landed = logTypes.map((type) => landedPrefix({ type }, '').slice(0, -1));

/** The first of the hours that are named in folders or keys. */
function firstHour(names: readonly string[]): string | undefined {
  return names.flatMap((name) => /arrived=(\d{4}-\d\d-\d\d-\d\d)/.exec(name)?.[1] ?? []).sort()[0];
}

async function* explained<T>(bucket: string, pages: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const remedy = remedies[error.name] ?? 'Check AWS_REGION and the credentials (`aws sts get-caller-identity`).';
    throw new Error(`The S3 bucket ${bucket} can't be listed: ${error.name} (${error.message}). ${remedy}`, {
      cause: error,
    });
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList */
const remedies: { readonly [code: string]: string } = {
  NoSuchBucket: 'Name the logs bucket of the stack with --s3.',
  AccessDenied: 'Allow the caller s3:ListBucket on the bucket and s3:GetObject on its logs/*.',
  ExpiredToken: 'Sign in again (`aws sso login`).',
  PermanentRedirect: "Set AWS_REGION to the bucket's region.",
};

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** A partition without objects has no folder. */
async function filesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  return names.filter((name) => name.endsWith(extension)).sort();
}
