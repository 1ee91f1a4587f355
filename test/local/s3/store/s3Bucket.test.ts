import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BucketError, S3Bucket, s3Client } from '../../../../local/s3/store/s3Bucket.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

interface Answer {
  readonly status: number;
  readonly code?: string;
}

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly digest: string;
}

/** A service that answers as it is told, and remembers what it was asked. */
let answers: Answer[];
let seen: Seen[];
/** Bytes of buffers in this process while requests came in. */
let peak: number;
let server: Server;
let bucket: S3Bucket;

const digest = (hash: Hash) => hash.digest('hex');

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  process.env.AWS_MAX_ATTEMPTS = '1';
  answers = [];
  seen = [];
  peak = 0;
  server = createServer(async (request, response) => {
    const hash = createHash('sha256');
    for await (const chunk of request) {
      hash.update(chunk as Buffer);
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, digest: digest(hash) });
    const { status, code } = answers.shift() ?? { status: 200 };
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(
      code === undefined || method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>Said so.</Message></Error>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bucket = new S3Bucket('shop-logs', s3Client('eu-west-1', url()), await tempFolder());
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function refusal(promise: Promise<unknown>): Promise<BucketError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BucketError) return error;
  throw new Error(`not refused as expected: ${error}`);
}

describe('S3Bucket', () => {
  it('puts the staged bytes under a signed path-style address with their encoding', async () => {
    await bucket.commit(await bucket.stage([Buffer.from('packed')]), 'logs/a b.gz', { contentEncoding: 'gzip' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: expect.stringMatching(/^\/shop-logs\/logs\/a%20b\.gz(\?|$)/),
      digest: digest(createHash('sha256').update('packed')),
    });
    expect(seen[0]?.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': '6',
      authorization: expect.stringContaining('/eu-west-1/s3/aws4_request'),
    });
  });

  it('names no encoding of its own', async () => {
    await bucket.commit(await bucket.stage([Buffer.from('plain')]), 'logs/a');
    expect(seen[0]?.headers['content-encoding']).toBeUndefined();
  });

  it('sends an object that is larger than what it holds in memory', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'log line\n');
    const hash = createHash('sha256');
    for (let index = 0; index < 160; index++) hash.update(chunk);
    const staged = await bucket.stage(Array.from({ length: 160 }, () => chunk));
    const before = process.memoryUsage().arrayBuffers;
    await bucket.commit(staged, 'large');

    expect(peak - before).toBeLessThan(100 * 1024 * 1024);
    expect(seen[0]?.digest).toBe(digest(hash));
  });

  it('keeps the staged file when a put fails, and repeats it with the same key and bytes', async () => {
    answers = [{ status: 503, code: 'SlowDown' }];
    const staged = await bucket.stage([Buffer.from('once')]);
    const error = await refusal(bucket.commit(staged, 'logs/once'));
    expect(error.permanent).toBe(false);
    expect(error.message).toBe('The S3 bucket shop-logs did not take logs/once: SlowDown (Said so.).');
    expect(await bucket.staged()).toEqual([staged]);
    await bucket.commit(staged, 'logs/once');
    expect(await bucket.staged()).toEqual([]);
    expect(seen.map((each) => [each.url, each.digest])).toEqual(Array(2).fill([seen[0]?.url, seen[0]?.digest]));
  });

  it.each([
    [404, 'NoSuchBucket', 'aws s3 mb s3://shop-logs'],
    [403, 'AccessDenied', 's3:PutObject, s3:GetObject'],
    [403, 'InvalidAccessKeyId', 'aws sts get-caller-identity'],
    [403, 'SignatureDoesNotMatch', 'aws sts get-caller-identity'],
    [400, 'ExpiredToken', 'aws sso login'],
    [301, 'PermanentRedirect', 'AWS_REGION'],
    [400, 'KeyTooLongError', 'Shorten the prefix'],
  ])('says what to do about %i %s', async (status, code, remedy) => {
    answers = [{ status, code }];
    const error = await refusal(bucket.put('logs/a', Buffer.from('x')));
    expect(error.permanent).toBe(true);
    expect(error.message).toContain(`The S3 bucket shop-logs did not take logs/a: ${code} (Said so.).`);
    expect(error.message).toContain(remedy);
  });

  it('takes a service that is down for one that may come back', async () => {
    const closed = new S3Bucket('shop-logs', s3Client('eu-west-1', url()), await tempFolder());
    server.close();
    await once(server, 'close');
    const error = await refusal(closed.put('logs/a', Buffer.from('x')));
    expect(error.permanent).toBe(false);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it.each([
    [{ status: 200 }, undefined],
    // The caller may put objects but not list them.
    [{ status: 403 }, undefined],
    [{ status: 404 }, 'aws s3 mb s3://shop-logs'],
    [{ status: 500 }, 'shop-logs'],
  ])('checks at start: %j', async (answer, told) => {
    answers = [answer];
    const check = bucket.check();
    if (told === undefined) await expect(check).resolves.toBeUndefined();
    else expect((await refusal(check)).message).toContain(told);
    expect(seen[0]).toMatchObject({ method: 'HEAD', url: expect.stringMatching(/^\/shop-logs\/?$/) });
  });
});
