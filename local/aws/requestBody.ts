import type { IncomingMessage } from 'node:http';
import { AwsError } from './awsError.js';

/** @throws AwsError when the body is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read to the end all the same: a client that is still sending would not see the answer.
    if (length <= limit) chunks.push(chunk);
  }
  if (length > limit) {
    throw new AwsError('RequestEntityTooLargeException', `The body of ${length} bytes is over ${limit}.`, 413);
  }
  return Buffer.concat(chunks);
}

/** Whether the body is in the chunks that SigV4 streaming and trailing checksums use. */
export function isAwsChunked({ headers }: IncomingMessage): boolean {
  return (
    String(headers['content-encoding'] ?? '').includes('aws-chunked') ||
    String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  );
}

/**
 * Unwraps `size[;chunk-signature=…]CRLF data CRLF … 0CRLF trailers`; signatures and checksums are not verified.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let offset = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', offset);
    const size = Number.parseInt(body.toString('latin1', offset, lineEnd === -1 ? offset : lineEnd), 16);
    const start = lineEnd + 2;
    if (!(size >= 0) || start + size > body.length) {
      throw new AwsError('IncompleteBody', 'The aws-chunked body ends before its last chunk.');
    }
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(start, start + size));
    offset = start + size + 2;
  }
}
