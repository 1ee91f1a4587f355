import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { decodeAwsChunked } from '../../aws/requestBody.js';
import { type Checksum, type ChecksumAlgorithm, checksumAlgorithms } from '../store/description.js';
import { checksumHeader, checksumOf, isChecksum, isChecksumAlgorithm } from './checksums.js';
import type { S3Request } from './request.js';
import { invalidRequest, notImplemented, S3Error } from './s3Error.js';

/** What a request carries, as it was meant. */
export interface RequestContent {
  readonly bytes: Buffer;
  /** MD5 in hex. */
  readonly md5: string;
  /** The checksum that the client gave. */
  readonly checksum: Checksum | undefined;
}

/**
 * Takes the body out of its chunks and holds it to every length and checksum that the client gave.
 *
 * @throws S3Error when they differ.
 */
export async function requestContent(request: S3Request): Promise<RequestContent> {
  const { bytes, md5, trailers } = unwrapped(request);
  return { bytes, md5, checksum: await checkedChecksum(request.headers, trailers, bytes) };
}

/** The same where the checksum headers are not about the body. */
export function requestText(request: S3Request): string {
  return unwrapped(request).bytes.toString();
}

function unwrapped({ headers, body }: S3Request) {
  checkLengthIsGiven(headers);
  const { bytes, trailers } = isAwsChunked(headers)
    ? decodeAwsChunked(body)
    : { bytes: body, trailers: new Map<string, string>() };
  checkLength(headers, bytes);
  checkSha256(headers, bytes);
  const md5 = createHash('md5').update(bytes).digest();
  checkMd5(headers, md5);
  return { bytes, trailers, md5: md5.toString('hex') };
}

/** Whether the body is in the chunks that SigV4 streaming and trailing checksums use. */
function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  return (
    String(headers['content-encoding'] ?? '').includes('aws-chunked') ||
    String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  );
}

/** S3 wants to know before how much is to come. */
function checkLengthIsGiven(headers: IncomingHttpHeaders): void {
  if (headers['transfer-encoding'] === undefined || headers['x-amz-decoded-content-length'] !== undefined) return;
  throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
}

function checkLength(headers: IncomingHttpHeaders, bytes: Buffer): void {
  const declared = headers['x-amz-decoded-content-length'];
  if (declared === undefined || Number(declared) === bytes.length) return;
  const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header';
  throw new S3Error('IncompleteBody', message, 400);
}

function checkSha256(headers: IncomingHttpHeaders, bytes: Buffer): void {
  const declared = String(headers['x-amz-content-sha256'] ?? '');
  if (declared === '' || declared === 'UNSIGNED-PAYLOAD' || declared.startsWith('STREAMING-')) return;
  if (!/^[0-9a-f]{64}$/i.test(declared)) {
    const message = 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.';
    throw new S3Error('InvalidArgument', message, 400);
  }
  const computed = createHash('sha256').update(bytes).digest('hex');
  if (computed === declared.toLowerCase()) return;
  throw new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    400,
    {
      ClientComputedContentSHA256: declared,
      S3ComputedContentSHA256: computed,
    },
  );
}

function checkMd5(headers: IncomingHttpHeaders, md5: Buffer): void {
  const declared = headers['content-md5'];
  if (declared === undefined) return;
  const given = Buffer.from(String(declared), 'base64');
  if (given.length !== md5.length)
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
  if (given.equals(md5)) return;
  throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
    ExpectedDigest: given.toString('hex'),
    CalculatedDigest: md5.toString('base64'),
  });
}

async function checkedChecksum(
  headers: IncomingHttpHeaders,
  trailers: ReadonlyMap<string, string>,
  bytes: Buffer,
): Promise<Checksum | undefined> {
  const given = givenChecksum(headers, trailers);
  if (!given) return undefined;
  const { algorithm, value } = given;
  if ((await checksumOf(algorithm, bytes)) === value) return { algorithm, value, type: 'FULL_OBJECT' };
  throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, 400);
}

/** The checksum that a request states, if it is well-formed; undefined when it states none. */
function givenChecksum(
  headers: IncomingHttpHeaders,
  trailers: ReadonlyMap<string, string>,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  const promised = String(headers['x-amz-trailer'] ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  for (const name of promised) {
    if (!checksumAlgorithms.some((algorithm) => checksumHeader(algorithm) === name))
      throw notImplemented(`The trailer ${name}`);
    if (!trailers.has(name))
      throw new S3Error(
        'MalformedTrailerError',
        'The request contained trailing data that was not well-formed or did not conform to our published schema.',
        400,
      );
  }
  const given = checksumAlgorithms.flatMap((algorithm) => {
    const name = checksumHeader(algorithm);
    const value = headers[name] ?? (promised.includes(name) ? trailers.get(name) : undefined);
    return value === undefined ? [] : [{ algorithm, value: String(value) }];
  });
  if (given.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const [checksum] = given;
  checkNamed(headers, checksum?.algorithm);
  if (checksum && !isChecksum(checksum.algorithm, checksum.value)) {
    throw invalidRequest(`Value for ${checksumHeader(checksum.algorithm)} header is invalid.`);
  }
  return checksum;
}

/** A client that says which algorithm it uses has to give that checksum. */
function checkNamed(headers: IncomingHttpHeaders, given: ChecksumAlgorithm | undefined): void {
  const named = headers['x-amz-sdk-checksum-algorithm'];
  if (named === undefined) return;
  const algorithm = String(named).toUpperCase();
  if (!isChecksumAlgorithm(algorithm)) throw notImplemented(`The checksum algorithm ${named}`);
  // Content-MD5 may stand for it.
  if (given === undefined && headers['content-md5'] === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (given !== undefined && given !== algorithm) {
    throw invalidRequest(`Value for x-amz-sdk-checksum-algorithm header is invalid.`);
  }
}
