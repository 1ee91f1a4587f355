import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { requestTarget } from '../../aws/requestTarget.js';
import { S3Error } from './s3Error.js';

export interface S3Request {
  readonly method: string;
  /** Empty for requests to the service. */
  readonly bucket: string;
  /** Empty for requests to the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly body: Buffer;
}

/** Path style (`/bucket/key`), or with the bucket before the host's name (`bucket.localhost`). */
export function readRequest({ method = '', url, headers }: IncomingMessage, body: Buffer): S3Request {
  const target = requestTarget(url);
  const path = decoded(target.path).replace(/^\//, '');
  const host = bucketOfHost(headers.host ?? '');
  const slash = path.indexOf('/');
  const [bucket, key] =
    host !== undefined ? [host, path] : slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
  return { method, bucket, key, query: target.query, headers, body };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
}

/** `bucket` of `bucket.localhost:4573` and of `bucket.s3.localhost`. */
function bucketOfHost(host: string): string | undefined {
  return /^(?!s3\.)(.+?)(?:\.s3)?\.localhost(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase();
}
