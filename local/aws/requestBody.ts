import type { IncomingMessage } from 'node:http';
import { AwsError } from './awsError.js';

/** @throws AwsError when the body is longer than `limit` bytes, at once when its Content-Length says so. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) {
    // The rest is passed over: a client that is still sending would not see the answer otherwise.
    request.resume();
    throw tooLong(declared, limit);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read to the end all the same: a client that is still sending would not see the answer.
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) throw tooLong(length, limit);
  return Buffer.concat(chunks);
}

function tooLong(length: number, limit: number): AwsError {
  return new AwsError('RequestEntityTooLargeException', `The body of ${length} bytes is over ${limit}.`, 413);
}

/** A body that came in chunks. */
export interface Unchunked {
  readonly bytes: Buffer;
  /** By their names in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

/**
 * Unwraps `size[;chunk-signature=…]CRLF data CRLF … 0[;…]CRLF trailers`; the chunks' signatures are not verified.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws AwsError when it is cut short.
 */
export function decodeAwsChunked(body: Buffer): Unchunked {
  const chunks: Buffer[] = [];
  for (let offset = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', offset);
    const size = chunkSize(body.toString('latin1', offset, lineEnd === -1 ? offset : lineEnd));
    const start = lineEnd + 2;
    if (size === undefined || start + size > body.length) throw incomplete();
    if (size === 0) return { bytes: Buffer.concat(chunks), trailers: trailersOf(body.toString('latin1', start)) };
    if (body.toString('latin1', start + size, start + size + 2) !== '\r\n') throw incomplete();
    chunks.push(body.subarray(start, start + size));
    offset = start + size + 2;
  }
}

function chunkSize(line: string): number | undefined {
  const hex = /^[0-9a-f]{1,12}(?=;|$)/i.exec(line)?.[0];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

function trailersOf(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The aws-chunked body ends before its last chunk.');
}
