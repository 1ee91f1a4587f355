import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { BucketStore, Listing } from './bucketStore.js';
import { type ObjectHeaders, StagingFolder } from './stagedStore.js';

/** What keeps an object from its bucket. */
export class BucketError extends Error {
  override readonly name = 'BucketError';
  constructor(
    message: string,
    /** Whether the same request can only fail again until somebody acts. */
    readonly permanent: boolean,
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/**
 * A client with the caller's own AWS credentials and profile.
 *
 * @param endpoint of an S3-compatible service, such as `http://127.0.0.1:9000`; AWS when undefined.
 */
export function s3Client(region: string, endpoint: string | undefined): S3Client {
  return new S3Client(
    endpoint === undefined
      ? { region, logger, followRegionRedirects: true }
      : {
          region,
          logger,
          endpoint,
          // Such a service has no host name for each bucket, and may not know the checksums that AWS added in 2024.
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED',
        },
  );
}

const ignore = () => undefined;

/** The SDK would warn on the console of each failed stream; whoever sent it has the error and tries again. */
const logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * A bucket of S3 or a service like it. The staged file is sent and only then removed: a crash in between repeats the
 * PutObject with the same key and bytes, so the object is there once.
 */
export class S3Bucket extends StagingFolder implements BucketStore {
  constructor(
    readonly bucket: string,
    private readonly client: S3Client,
    staging: string,
  ) {
    super(staging);
  }

  /**
   * Tells at start what the first delivery would run into.
   *
   * @throws BucketError when the bucket can't be reached or isn't there.
   */
  async check(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }));
    } catch (error) {
      // A HEAD's answer has no body: 403 may only mean that the caller may not list, which delivery doesn't need.
      if (statusOf(error) !== 403) throw this.explained("can't be used", error);
    }
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.send(key, { Body: body });
  }

  async commit(staged: string, key: string, { contentEncoding }: ObjectHeaders = {}): Promise<void> {
    const path = this.stagedPath(staged);
    const { size } = await stat(path);
    // Read while it is sent: an object may be larger than what memory has left. The SDK repeats no stream, the caller does.
    const body = createReadStream(path);
    try {
      await this.send(key, {
        Body: body,
        ContentLength: size,
        ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
      });
    } finally {
      body.destroy();
    }
    await this.discard(staged);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw this.explained(`did not give ${key}`, error);
    }
  }

  async list(prefix: string, after: string, max: number): Promise<Listing> {
    const page = { Bucket: this.bucket, Prefix: prefix, StartAfter: after, MaxKeys: max };
    try {
      const { Contents = [], IsTruncated } = await this.client.send(new ListObjectsV2Command(page));
      const objects = Contents.map(({ Key, Size, LastModified }) => ({
        key: Key ?? '',
        size: Size ?? 0,
        modified: LastModified?.getTime() ?? 0,
      }));
      return { objects, truncated: IsTruncated ?? false };
    } catch (error) {
      throw this.explained(`did not list ${prefix}`, error);
    }
  }

  async delete(key: string): Promise<void> {
    try {
      await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
    } catch (error) {
      throw this.explained(`did not delete ${key}`, error);
    }
  }

  private async send(key: string, content: ObjectContent): Promise<void> {
    try {
      await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, ...content }));
    } catch (error) {
      throw this.explained(`did not take ${key}`, error);
    }
  }

  private explained(outcome: string, error: unknown): BucketError {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    const remedy = remedies[code];
    const said = `The S3 bucket ${this.bucket} ${outcome}: ${code}${message && message !== code ? ` (${message})` : ''}.`;
    return remedy === undefined
      ? new BucketError(said, false, error)
      : new BucketError(`${said} ${remedy(this.bucket)}`, true, error);
  }
}

type ObjectContent = Pick<
  ConstructorParameters<typeof PutObjectCommand>[0],
  'Body' | 'ContentLength' | 'ContentEncoding'
>;

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // Of what Node throws, the code says more than the class.
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

const keysOfCaller = 'Check which credentials are in use (`aws sts get-caller-identity`).';
const signIn = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again (`aws sso login`).';
const create = (bucket: string) => `Create it (\`aws s3 mb s3://${bucket}\`), or deploy the project first.`;

/**
 * What somebody has to do about an error that no repetition mends, by its code:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
const remedies: { readonly [code: string]: (bucket: string) => string } = {
  NoSuchBucket: create,
  // HeadBucket's answer to a bucket that isn't there.
  NotFound: create,
  AccessDenied: (bucket) =>
    `Allow the caller s3:PutObject, s3:GetObject and s3:DeleteObject on arn:aws:s3:::${bucket}/* and s3:ListBucket on the bucket. ${keysOfCaller}`,
  AllAccessDisabled: () => keysOfCaller,
  InvalidAccessKeyId: () => keysOfCaller,
  SignatureDoesNotMatch: () => keysOfCaller,
  ExpiredToken: () => signIn,
  InvalidToken: () => signIn,
  CredentialsProviderError: () => signIn,
  InvalidBucketName: () => 'Give the bucket of the template a name that S3 allows.',
  PermanentRedirect: () => "Set AWS_REGION to the bucket's region.",
  AuthorizationHeaderMalformed: () => "Set AWS_REGION to the bucket's region.",
  KeyTooLongError: () => 'Shorten the prefix: a key has at most 1,024 bytes.',
  EntityTooLarge: () => 'Make the buffering size smaller: one PutObject takes at most 5 GB.',
};
