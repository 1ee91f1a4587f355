import type { Reply } from '../../aws/reply.js';
import { checksumAlgorithms } from '../store/description.js';
import { checksumHeader } from './checksums.js';
import type { S3Request } from './request.js';
import { notImplemented, S3Error } from './s3Error.js';

/** Headers that an operation understands, by name: any value of them, or only these. */
export interface KnownHeaders {
  readonly [name: string]: 'any' | readonly string[];
}

/** An operation of S3 over whatever keeps the objects. */
export interface Operation<Store> {
  /** As the API reference has it. */
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly on: 'service' | 'bucket' | 'object';
  /** Query parameters that make a request this operation and no other. */
  readonly marks?: readonly string[];
  /** A header that does so. */
  readonly markedBy?: string;
  /** Further parameters that it understands. */
  readonly parameters?: readonly string[];
  readonly headers?: KnownHeaders;
  run(request: S3Request, store: Store): Promise<Reply>;
}

/**
 * The operation that a request asks for, every part of which is understood.
 *
 * @throws S3Error otherwise: what is not implemented must not be taken for something else.
 */
export function operationFor<Store>(request: S3Request, operations: readonly Operation<Store>[]): Operation<Store> {
  const on = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const fitting = operations
    .filter((operation) => operation.method === request.method && operation.on === on && isMarked(request, operation))
    .sort((a, b) => weight(b) - weight(a));
  const operation = fitting[0];
  if (!operation) throw notImplemented(`${request.method} of ${places[on]}${asked(request)}`);
  // Some operations differ only in this, such as ListBuckets and ListDirectoryBuckets.
  const meant = request.query.get('x-id') ?? operation.name;
  if (meant !== operation.name) throw notImplemented(meant);
  refuseParameters(request, operation);
  refuseHeaders(request, operation);
  return operation;
}

const places = { service: 'the service', bucket: 'a bucket', object: 'an object' } as const;

function isMarked({ query, headers }: S3Request, { marks = [], markedBy }: Operation<never>): boolean {
  return marks.every((mark) => query.has(mark)) && (markedBy === undefined || headers[markedBy] !== undefined);
}

function weight({ marks = [], markedBy }: Operation<never>): number {
  return marks.length + (markedBy === undefined ? 0 : 1);
}

function asked({ query }: S3Request): string {
  const names = [...query.keys()].filter((name) => !isCommonParameter(name));
  return names.length === 0 ? '' : ` with ?${names.join('&')}`;
}

function refuseParameters<Store>({ query }: S3Request, operation: Operation<Store>): void {
  const { name: operationName, marks = [], parameters = [] } = operation;
  for (const name of query.keys()) {
    if (query.getAll(name).length > 1)
      throw notImplemented(`The query parameter ${name}, given twice,`, { Parameter: name });
    if (isCommonParameter(name) || marks.includes(name) || parameters.includes(name)) continue;
    throw notImplemented(`The query parameter ${name} of ${operationName}`, { Parameter: name });
  }
}

/** `x-id` is how SDKs name the operation; the others make a signed URL of either version, which the authenticator has seen. */
function isCommonParameter(name: string): boolean {
  return (
    /^(x-id|AWSAccessKeyId|Signature|Expires|X-Amz-Content-Sha256)$/.test(name) ||
    /^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$/i.test(name)
  );
}

function refuseHeaders<Store>(
  { headers }: S3Request,
  { name: operationName, markedBy, headers: known = {} }: Operation<Store>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!meansSomething.test(name) || name === markedBy) continue;
    const allowed =
      commonHeaders[name] ?? known[name] ?? (name.startsWith(metadataPrefix) ? known[`${metadataPrefix}*`] : undefined);
    if (allowed === undefined) throw notImplemented(`The header ${name} of ${operationName}`, { Header: name });
    if (allowed === 'any' || allowed.includes(String(value))) continue;
    if (name === 'x-amz-acl') throw new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
    if (name.endsWith('expected-bucket-owner')) throw new S3Error('AccessDenied', 'Access Denied', 403);
    throw notImplemented(`The value ${value} of the header ${name}`, { Header: name });
  }
}

const metadataPrefix = 'x-amz-meta-';

/** Headers that change what S3 does. All others are those of HTTP, and of the SDKs. */
const meansSomething = /^(x-amz-|if-|range$|content-range$)/;

/** The account of all buckets here. */
const owner = '000000000000';

/** What clients send with any request, and what is checked before the operation is looked for. */
const commonHeaders: KnownHeaders = {
  'x-amz-date': 'any',
  'x-amz-content-sha256': 'any',
  'x-amz-user-agent': 'any',
  'x-amz-security-token': 'any',
  'x-amz-decoded-content-length': 'any',
  'x-amz-trailer': 'any',
  'x-amz-sdk-checksum-algorithm': 'any',
  // What a client could also read; nothing is promised by it.
  'x-amz-te': 'any',
  'x-amz-request-payer': ['requester'],
  'x-amz-expected-bucket-owner': [owner],
};

/** Of operations that make an object: what a bucket does by default, said by name. */
export const defaultStorage: KnownHeaders = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-storage-class': ['STANDARD'],
  'x-amz-server-side-encryption': ['AES256'],
};

export const anyMetadata: KnownHeaders = { [`${metadataPrefix}*`]: 'any', 'x-amz-tagging': 'any' };

/** Checksums of the body. */
export const bodyChecksums: KnownHeaders = Object.fromEntries(
  checksumAlgorithms.map((algorithm) => [checksumHeader(algorithm), 'any'] as const),
);

export const readConditions: KnownHeaders = {
  'if-match': 'any',
  'if-none-match': 'any',
  'if-modified-since': 'any',
  'if-unmodified-since': 'any',
};

export const sourceOwner: KnownHeaders = { 'x-amz-source-expected-bucket-owner': [owner] };
