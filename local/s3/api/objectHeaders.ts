import type { IncomingHttpHeaders } from 'node:http';
import { s3 } from '../../../shared/limits.js';
import type { Description } from '../store/description.js';
import type { StoredObject } from '../store/objectFolder.js';
import { checksumHeader } from './checksums.js';
import { invalidArgument, S3Error } from './s3Error.js';

type Headers = { readonly [name: string]: string };

/** Headers of a put that every answer with the object repeats. */
const keptHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

const metadataPrefix = 'x-amz-meta-';

/** What a put says of an object in its headers. */
export function describedBy(headers: IncomingHttpHeaders): Pick<Description, 'headers' | 'metadata'> {
  const kept = keptHeaders.flatMap((name) => {
    const value = name === 'content-encoding' ? contentEncoding(headers) : headers[name];
    return value === undefined || value === '' ? [] : [[name, String(value)] as const];
  });
  return { headers: Object.fromEntries(kept), metadata: metadataIn(headers) };
}

/** `aws-chunked` is how the body travelled, and nothing of the object. */
function contentEncoding(headers: IncomingHttpHeaders): string | undefined {
  const codings = String(headers['content-encoding'] ?? '').split(',');
  const own = codings.map((coding) => coding.trim()).filter((coding) => coding !== '' && coding !== 'aws-chunked');
  return own.length === 0 ? undefined : own.join(',');
}

function metadataIn(headers: IncomingHttpHeaders): Description['metadata'] {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(metadataPrefix) ? [[name.slice(metadataPrefix.length), String(value)] as const] : [],
  );
  const bytes = metadata.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > s3.maxMetadataBytes) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: bytes,
      MaxSizeAllowed: s3.maxMetadataBytes,
    });
  }
  return Object.fromEntries(metadata);
}

/** The headers of an answer with an object, or with a part of it. */
export function objectHeaders(object: StoredObject): Headers {
  const { headers, metadata, tags } = object.description;
  const tagged = Object.keys(tags).length;
  return {
    'content-type': 'binary/octet-stream',
    ...headers,
    ...validators(object),
    'accept-ranges': 'bytes',
    ...encrypted,
    ...(tagged === 0 ? {} : { 'x-amz-tagging-count': String(tagged) }),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value])),
  };
}

/** What a client compares with what it has. */
export function validators({ modified, description }: StoredObject): Headers {
  return { etag: quoted(description.etag), 'last-modified': new Date(modified).toUTCString() };
}

/** S3 encrypts every object, and says so. Here nothing is: see docs/local.md. */
export const encrypted: Headers = { 'x-amz-server-side-encryption': 'AES256' };

export function checksumHeaders({ checksum }: Pick<Description, 'checksum'>): Headers {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** Query parameters of a read that stand for headers of its answer. */
export const overrideParameters = keptHeaders.map((name) => `response-${name}`);

export function overriddenHeaders(query: URLSearchParams): Headers {
  const overridden = keptHeaders.flatMap((name) => {
    const value = query.get(`response-${name}`);
    if (value === null) return [];
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw invalidArgument('Header value cannot be represented.', `response-${name}`, value);
    }
    return [[name, value] as const];
  });
  return Object.fromEntries(overridden);
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

/** S3's times in XML have no more than seconds either. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}
