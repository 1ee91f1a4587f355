import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FirehoseClient, ListDeliveryStreamsCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsFront } from '../../../local/aws/front.js';
import { closeServer, listen } from '../../../local/aws/listen.js';
import { NodeSha256 } from '../../../local/aws/nodeSha256.js';
import { Authenticator } from '../../../local/aws/sigV4.js';
import { operations } from '../../../local/s3/api/operations/index.js';
import { S3Api } from '../../../local/s3/api/s3Api.js';
import { BucketFolders } from '../../../local/s3/store/bucketFolders.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const known = { accessKeyId: 'local', secretAccessKey: 'a/secret+key' };
const mismatch = /^The request signature we calculated does not match the signature you provided\./;

let folder: string;
let server: Server;
let url: string;
let now = Date.now();

beforeAll(async () => {
  folder = await tempFolder();
  const buckets = new BucketFolders(folder, join(folder, 'staging'));
  await buckets.create('logs');
  const s3 = new S3Api(operations, { buckets, region: 'us-east-1', deployed: 'logs' });
  server = createServer(
    awsFront({
      firehose: async () => ({ DeliveryStreamNames: [], HasMoreDeliveryStreams: false, RecordId: 'id' }),
      sqs: async () => ({ MessageId: 'id', MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' }),
      s3: (request, body) => s3.handle(request, body, () => undefined),
      authenticator: new Authenticator(known, 'us-east-1', () => now),
      problem: (message) => {
        throw new Error(message);
      },
    }),
  );
  url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
});

afterAll(() => closeServer(server));

const access = (credentials = known, region = 'us-east-1') => ({ endpoint: url, region, maxAttempts: 1, credentials });

const refusalOf = async (response: Response) => (await response.json()) as { __type: string; message: string };

/** What a client of the SDK gets for a request. */
async function list(credentials = known, region = 'us-east-1') {
  const client = new FirehoseClient(access(credentials, region));
  try {
    return await client.send(new ListDeliveryStreamsCommand({}));
  } finally {
    client.destroy();
  }
}

describe('with the right key', () => {
  it('requests of the SDKs are let in, also by another path and with data', async () => {
    await list();
    const client = new FirehoseClient({ ...access(), endpoint: `${url}/functions/transform` });
    const Record = { Data: Buffer.from('a line') };
    await client.send(new PutRecordCommand({ DeliveryStreamName: 'logs', Record }));
    client.destroy();
    const sqs = new SQSClient({ ...access(), useQueueUrlAsEndpoint: false });
    await sqs.send(new SendMessageCommand({ QueueUrl: `${url}/000000000000/signals`, MessageBody: 'hello' }));
    sqs.destroy();
  });

  it('objects are let in, with the checksums of the SDK and odd keys', async () => {
    const s3 = new S3Client({ ...access(), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: 'logs/type=app/ä b+c.gz', Body: 'body' }));
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: '/a//b/../c', Body: 'odd' }));
    await s3.send(
      new PutObjectCommand({ Bucket: 'logs', Key: 'streamed', Body: Readable.from(['body']), ContentLength: 4 }),
    );
    s3.destroy();
    expect(await readFile(join(folder, 'logs/logs/type=app/ä b+c.gz'), 'utf8')).toBe('body');
  });

  it('a signed URL is let in as long as it lasts', async () => {
    const body = '{}';
    const request = {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      headers: { host: new URL(url).host, 'x-amz-target': 'Firehose_20150804.ListDeliveryStreams' },
      body,
    };
    const signer = new SignatureV4({
      service: 'firehose',
      region: 'us-east-1',
      credentials: known,
      sha256: NodeSha256,
    });
    const { query = {} } = await signer.presign(request, {
      expiresIn: 60,
      unhoistableHeaders: new Set(['x-amz-target']),
      signingDate: new Date(now),
    });
    const address = `${url}/?${new URLSearchParams(query as Record<string, string>)}`;
    const send = () =>
      fetch(address, { method: 'POST', headers: { 'x-amz-target': request.headers['x-amz-target'] }, body });
    expect((await send()).status).toBe(200);
    now += 61_000;
    const late = await send();
    now -= 61_000;
    expect([late.status, (await refusalOf(late)).message]).toEqual([
      400,
      expect.stringMatching(/^Signature expired: /),
    ]);
    const other = await fetch(address, { method: 'POST', headers: request.headers, body: '{"Limit":1}' });
    expect((await refusalOf(other)).__type).toBe('InvalidSignatureException');
  });
});

describe('a request is refused', () => {
  it('with another secret', async () => {
    await expect(list({ ...known, secretAccessKey: 'other' })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(mismatch),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('with another key', async () => {
    await expect(list({ ...known, accessKeyId: 'other' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });

  it('for another region', async () => {
    await expect(list(known, 'eu-west-1')).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: 'Credential should be scoped to a valid region. ',
    });
  });

  it.each([
    ['late', 5 * 60_000 + 1000, /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/],
    ['early', -5 * 60_000 - 2000, /^Signature not yet current: \d{8}T\d{6}Z is still later than .* \+ 5 min\.\)$/],
  ])('more than five minutes too %s, but not before', async (_, skew, message) => {
    now = Date.now() + skew;
    // The SDK would correct its own clock and try again by the server's Date header; the first answer counts.
    await expect(list()).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(message),
    });
    now = Date.now() + Math.sign(skew) * (5 * 60_000 - 10_000);
    await list();
    now = Date.now();
  });

  it.each([
    ['without a signature', {}, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
    [
      'with a signature of another kind',
      { authorization: 'Basic YTpi' },
      'IncompleteSignatureException',
      /^Unsupported authorization type: 'Basic'\.$/,
    ],
    [
      'with half a signature',
      { authorization: 'AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/firehose/aws4_request' },
      'IncompleteSignatureException',
      /^Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\. Authorization=AWS4/,
    ],
    [
      'with a credential that has no scope',
      { authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=00', 'x-amz-date': 'x' },
      'IncompleteSignatureException',
      /^Credential must have exactly 5 slash-delimited elements/,
    ],
    [
      'with a date of another form',
      {
        authorization:
          'AWS4-HMAC-SHA256 Credential=local//us-east-1/firehose/aws4_request, SignedHeaders=host, Signature=00',
        'x-amz-date': 'today',
      },
      'IncompleteSignatureException',
      /^Date must be in ISO-8601 'basic format'\. Got 'today'\.$/,
    ],
  ])('%s', async (_, signed, code, message) => {
    const headers = { ...signed, 'x-amz-target': 'Firehose_20150804.ListDeliveryStreams' };
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    const answer = await refusalOf(response);
    expect([response.status, answer.__type]).toEqual([400, code]);
    expect(answer.message).toMatch(message);
  });

  it('to store an object in the names of S3', async () => {
    const put = (credentials: typeof known) => {
      const s3 = new S3Client({ ...access(credentials), forcePathStyle: true });
      const object = new PutObjectCommand({ Bucket: 'logs', Key: 'key', Body: 'body' });
      return s3.send(object).finally(() => s3.destroy());
    };
    await expect(put({ ...known, secretAccessKey: 'x' })).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(put({ ...known, accessKeyId: 'x' })).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    const unsigned = await fetch(`${url}/logs/key`, { method: 'PUT', body: 'body' });
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ]);
  });

  it('when its body is not the one that was signed', async () => {
    const client = new FirehoseClient(access());
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as object, { body: '[]' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const sent = client.send(new ListDeliveryStreamsCommand({}));
    await expect(sent).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    client.destroy();
  });
});
