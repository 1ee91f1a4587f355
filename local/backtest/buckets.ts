import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { signIn } from '../deployed/access.js';

/** A bucket of logs, wherever it is kept. */
export interface Bucket {
  /** The objects below a folder, such as `logs/type=app/arrived=2026-11-22-16/`, by key. */
  list(folder: string): Promise<readonly BucketObject[]>;
  /** An object's bytes. */
  open(key: string): Promise<Readable>;
  /** The path of a file that holds an object: itself, or a copy that is there until it is {@link forget | forgotten}. */
  file(key: string): Promise<string>;
  /** Removes the copy of an object, if one was made. */
  forget(key: string): Promise<void>;
  /** Removes all copies. */
  close(): Promise<void>;
}

export interface BucketObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * The buckets in the data folder of `firesplit up`: a folder for each below `s3/`.
 *
 * @throws Error when it holds none
 */
export async function folderBuckets(data: string): Promise<readonly Bucket[]> {
  const entries = await entriesOf(join(data, 's3'));
  const folders = entries.filter((entry) => entry.isDirectory());
  if (folders.length === 0) {
    throw new Error(
      `there are no stored logs in ${data}; name the data folder of \`firesplit up\` with --data, or a bucket with --s3`,
    );
  }
  return folders.map(({ name }) => folderBucket(join(data, 's3', name)));
}

function folderBucket(root: string): Bucket {
  return {
    async list(folder) {
      const files = await filesBelow(join(root, folder));
      return files.map(({ path, size }) => ({ key: relative(root, path).replaceAll(sep, '/'), size }));
    },
    open: async (key) => createReadStream(join(root, key), { highWaterMark: 1 << 18 }),
    file: async (key) => join(root, key),
    forget: async () => undefined,
    close: async () => undefined,
  };
}

interface FoundFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** By path. What is removed meanwhile, as `firesplit up` does with what has expired, is left out. */
async function filesBelow(folder: string): Promise<FoundFile[]> {
  const found = await Promise.all(
    (await entriesOf(folder)).map(async (entry): Promise<FoundFile[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      const size = entry.isFile() ? (await stat(path).catch(unlessMissing))?.size : undefined;
      return size === undefined ? [] : [{ path, size }];
    }),
  );
  return found.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Those of a folder; none when there is no such folder, as a folder without objects isn't there. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? [];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`the folder ${folder} can't be read (${code}); let the user who runs this read it`, {
      cause: error,
    });
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * A bucket of S3. Copies of its objects lie in a folder of their own below the system's temporary one.
 *
 * @param signal ends what is asked and read
 */
export function s3LogsBucket(name: string, client: S3Client, signal: AbortSignal): Bucket {
  const abortSignal = signal;
  const copies = new Map<string, Promise<string>>();
  let folder: Promise<string> | undefined;
  let made = 0;
  let closed = false;

  async function open(key: string): Promise<Readable> {
    const { Body } = await explained(
      name,
      client.send(new GetObjectCommand({ Bucket: name, Key: key }), { abortSignal }),
    );
    if (Body instanceof Readable) return addAbortSignal(signal, Body);
    throw new Error(`s3://${name}/${key} has no content`);
  }

  async function copy(key: string): Promise<string> {
    if (closed) throw new Error(`s3://${name} is closed`);
    folder ??= mkdtemp(join(tmpdir(), 'firesplit-backtest-'));
    const path = join(await folder, `${++made}.parquet`);
    await pipeline(await open(key), createWriteStream(path));
    return path;
  }

  return {
    async list(prefix) {
      const objects: BucketObject[] = [];
      const pages = paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix }, { abortSignal });
      for (;;) {
        const page = await explained(name, pages.next());
        if (page.done) return objects;
        for (const { Key: key = '', Size: size = 0 } of page.value.Contents ?? []) objects.push({ key, size });
      }
    },
    open,
    file(key) {
      const found = copies.get(key) ?? copy(key);
      copies.set(key, found);
      return found;
    },
    async forget(key) {
      const path = copies.get(key);
      copies.delete(key);
      if (path) await rm(await path, { force: true });
    },
    async close() {
      closed = true;
      // One that is still written would fill the folder again.
      await Promise.allSettled(copies.values());
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** @throws Error that says what to do about what S3 answered */
async function explained<T>(bucket: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'CredentialsProviderError') {
      throw new Error(`Nobody is signed in, so the S3 bucket ${bucket} was not asked: ${signIn}`, { cause: error });
    }
    if (!(error instanceof S3ServiceException)) throw error;
    const remedy = remedies[error.name] ?? 'Check AWS_REGION and the credentials (`aws sts get-caller-identity`).';
    throw new Error(`The S3 bucket ${bucket} can't be read: ${error.name} (${error.message}). ${remedy}`, {
      cause: error,
    });
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList */
const remedies: { readonly [code: string]: string } = {
  NoSuchBucket: 'Name the logs bucket of the stack with --s3.',
  NoSuchKey: 'It expired, or was deleted, while the backtest ran: start it again.',
  AccessDenied:
    'Allow the caller s3:ListBucket on the bucket, and s3:GetObject on its logs/*, parquet/* and compact/*.',
  ExpiredToken: 'Sign in again (`aws sso login`).',
  PermanentRedirect: "Set AWS_REGION to the bucket's region.",
};
