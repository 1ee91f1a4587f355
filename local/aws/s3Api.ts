import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './awsError.js';
import type { BucketStore, Listing } from './bucketStore.js';
import type { Reply } from './reply.js';
import { decodeAwsChunked, isAwsChunked } from './requestBody.js';

/** What the functions use of S3, path style: PutObject, GetObject, DeleteObject and ListObjectsV2. */
export class S3Api {
  /** @param bucket the bucket of a name, if it is the stack's. */
  constructor(private readonly bucket: (name: string) => BucketStore | undefined) {}

  /** @throws AwsError with the code and text of AWS. */
  async handle(request: IncomingMessage, body: Buffer): Promise<Reply> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname).slice(1);
    const slash = path.indexOf('/');
    const [name, key] = slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
    const bucket = this.bucket(name);
    if (!bucket) throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);
    switch (request.method) {
      case 'PUT':
        return put(bucket, key, isAwsChunked(request) ? decodeAwsChunked(body) : body);
      case 'GET':
        return key === '' ? list(name, bucket, searchParams) : get(bucket, key);
      case 'DELETE':
        await bucket.delete(key);
        return { status: 204, headers: {}, body: '' };
      default:
        throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
    }
  }
}

/** An error in the form that S3's clients read. */
export function s3Refusal({ code, message, status }: AwsError): Reply {
  return xml(status, `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`);
}

async function put(bucket: BucketStore, key: string, content: Buffer): Promise<Reply> {
  await bucket.put(key, content);
  return { status: 200, headers: { etag: etag(content) }, body: '' };
}

async function get(bucket: BucketStore, key: string): Promise<Reply> {
  const content = await bucket.get(key);
  if (content === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return { status: 200, headers: { 'content-type': 'binary/octet-stream', etag: etag(content) }, body: content };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
async function list(name: string, bucket: BucketStore, query: URLSearchParams): Promise<Reply> {
  const unknown = [...query.keys()].find((parameter) => !listParameters.has(parameter));
  if (unknown !== undefined || query.get('list-type') !== '2') {
    const what = unknown === undefined ? 'a GET of a bucket other than ListObjectsV2' : `the parameter ${unknown}`;
    throw new AwsError('NotImplemented', `The local S3 does not know ${what}.`, 501);
  }
  const prefix = query.get('prefix') ?? '';
  const max = Math.min(Number(query.get('max-keys') ?? maxKeys), maxKeys);
  if (!(Number.isInteger(max) && max > 0)) {
    throw new AwsError('InvalidArgument', 'max-keys must be a whole number from 1.', 400);
  }
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  return xml(200, listingXml(name, prefix, max, await bucket.list(prefix, after, max)));
}

/** `x-id` is how the SDK names the operation. */
const listParameters = new Set(['list-type', 'prefix', 'max-keys', 'continuation-token', 'start-after', 'x-id']);

/** Keys of one answer at most. */
const maxKeys = 1000;

function listingXml(name: string, prefix: string, max: number, { objects, truncated }: Listing): string {
  const last = objects.at(-1);
  const next = truncated && last ? Buffer.from(last.key).toString('base64url') : undefined;
  return [
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${escapeXml(name)}</Name><Prefix>${escapeXml(prefix)}</Prefix>`,
    `<KeyCount>${objects.length}</KeyCount><MaxKeys>${max}</MaxKeys><IsTruncated>${next !== undefined}</IsTruncated>`,
    next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`,
    ...objects.map(
      ({ key, size, modified }) =>
        `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(modified).toISOString()}</LastModified><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    ),
    '</ListBucketResult>',
  ].join('');
}

function etag(content: Uint8Array): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

function xml(status: number, content: string): Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>${content}`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

function escapeXml(text: string): string {
  return text.replace(/[<>&\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
