import type { Readable } from 'node:stream';
import type { Reply } from '../../../aws/reply.js';
import type { OpenObject } from '../../store/objectFolder.js';
import { type Backend, bucketFor, type S3Operation } from '../backend.js';
import { readVerdict } from '../conditions.js';
import { checksumHeaders, objectHeaders, overriddenHeaders, overrideParameters, validators } from '../objectHeaders.js';
import { readConditions } from '../operation.js';
import { type ByteRange, requestedRange } from '../range.js';
import type { S3Request } from '../request.js';
import { invalidRequest, noSuchKey, preconditionFailed, S3Error } from '../s3Error.js';

const reading = {
  on: 'object',
  parameters: ['partNumber', ...overrideParameters],
  headers: { ...readConditions, range: 'any', 'x-amz-checksum-mode': ['ENABLED'] },
  run: read,
} as const;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: S3Operation = { name: 'GetObject', method: 'GET', ...reading };

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: S3Operation = { name: 'HeadObject', method: 'HEAD', ...reading };

async function read(request: S3Request, backend: Backend): Promise<Reply> {
  const bucket = await bucketFor(request, backend);
  const object = await bucket.open(request.key);
  if (!object) throw noSuchKey(request.key);
  let body: Readable | undefined;
  try {
    const reply = answer(request, object);
    if (reply.range && request.method === 'GET') body = object.file.createReadStream({ ...reply.range });
    return { status: reply.status, headers: reply.headers, body: body ?? '' };
  } finally {
    // The stream closes the file when it has been sent.
    if (!body) await object.file.close();
  }
}

interface Answer extends Pick<Reply, 'status' | 'headers'> {
  /** The bytes to send; undefined for none. */
  readonly range?: ByteRange | undefined;
}

function answer({ query, headers }: S3Request, object: OpenObject): Answer {
  const verdict = readVerdict(headers, object);
  if (verdict.kind === 'failed') throw preconditionFailed(verdict.condition);
  if (verdict.kind === 'not modified') return { status: 304, headers: validators(object) };
  const part = partOf(query, object);
  const range = part ?? requestedRange(headers.range, object.size);
  if (part && headers.range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  const described = { ...objectHeaders(object), ...overriddenHeaders(query) };
  if (!range) {
    // A checksum is that of the whole object.
    const checksum = headers['x-amz-checksum-mode'] === undefined ? {} : checksumHeaders(object.description);
    const all = object.size === 0 ? undefined : { start: 0, end: object.size - 1 };
    return { status: 200, headers: { ...described, ...checksum, 'content-length': String(object.size) }, range: all };
  }
  const length = range.end - range.start + 1;
  return {
    status: 206,
    headers: {
      ...described,
      'content-range': `bytes ${range.start}-${range.end}/${object.size}`,
      'content-length': String(length),
      ...(part && object.description.parts ? { 'x-amz-mp-parts-count': String(object.description.parts.length) } : {}),
    },
    range: length === 0 ? undefined : range,
  };
}

/** The bytes of the part that was asked for; an object that was put whole has one. */
function partOf(query: URLSearchParams, { size, description }: OpenObject): ByteRange | undefined {
  const asked = query.get('partNumber');
  if (asked === null) return undefined;
  const sizes = description.parts?.map((part) => part.size) ?? [size];
  const index = Number(asked) - 1;
  const length = sizes[index];
  if (length === undefined) {
    throw new S3Error('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      ActualPartCount: sizes.length,
      PartNumberRequested: asked,
    });
  }
  const start = sizes.slice(0, index).reduce((sum, each) => sum + each, 0);
  return { start, end: start + length - 1 };
}
