import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, get } from 'node:https';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serverCertificate } from '../../../local/aws/certificates.js';
import { awsFront, transformPath } from '../../../local/aws/front.js';
import { closeServer, listen, PortInUseError } from '../../../local/aws/listen.js';
import { isObjectKey } from '../../../local/aws/objectFolder.js';
import { decodeAwsChunked } from '../../../local/aws/requestBody.js';
import { traceHeader } from '../../../local/lambda/trace.js';
import { FolderQueue } from '../../../local/queue/folderQueue.js';
import { SqsApi } from '../../../local/queue/sqsApi.js';
import { bucketOf, objectsIn } from '../../helpers/localStream.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' }, maxAttempts: 1 };

let folder: string;
let queue: FolderQueue;
let server: Server;
let url: string;
let s3: S3Client;

beforeAll(async () => {
  folder = await tempFolder();
  const now = Date.now;
  queue = await FolderQueue.open({ folder: join(folder, 'q'), deadLetters: join(folder, 'd'), maxReceives: 3, now });
  const sqs = new SqsApi(new Map([['signals', queue]]));
  server = createServer(
    awsFront({
      firehose: async (_operation, _input, sender, invocation) => ({ sender, invocation }),
      sqs: (operation, input) => sqs.handle(operation, input),
      bucket: (name) => (name === 'logs' ? bucketOf(folder) : undefined),
      problem: () => undefined,
    }),
  );
  url = `http://127.0.0.1:${await listen(server, 0, 'test')}`;
  s3 = new S3Client({ ...access, endpoint: url, forcePathStyle: true });
});

afterAll(async () => {
  s3.destroy();
  await closeServer(server);
});

it('tells which invocation of the transform puts records', async () => {
  const put = async (path: string, headers: Record<string, string>) => {
    const target = { 'x-amz-target': 'Firehose_20150804.PutRecordBatch' };
    return (await fetch(`${url}${path}`, { method: 'POST', headers: { ...target, ...headers }, body: '{}' })).json();
  };
  const invocation = '23755774-91f6-473f-b787-7f34a9d7b0a3';
  const traced = { 'x-amzn-trace-id': traceHeader(invocation) };
  expect(await put(transformPath, traced)).toEqual({ sender: 'transform', invocation });
  expect(await put(transformPath, {})).toEqual({ sender: 'transform' });
  expect(await put('/', traced)).toEqual({ sender: 'client' });
});

describe('the S3 side', () => {
  it('stores a body under its key, whole', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: 'logs/type=app/ä b+c.gz', Body: 'first' }));
    await s3.send(new PutObjectCommand({ Bucket: 'logs', Key: 'logs/type=app/ä b+c.gz', Body: 'second' }));
    expect((await objectsIn(folder)).get('logs/type=app/ä b+c.gz')).toBe('second');
  });

  it('unwraps a body in the chunks of trailing checksums', async () => {
    const body = '4\r\none \r\n3\r\ntwo\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
    const headers = { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
    expect((await fetch(`${url}/logs/chunked`, { method: 'PUT', headers, body })).status).toBe(200);
    expect((await objectsIn(folder)).get('chunked')).toBe('one two');
  });

  it('refuses other buckets and keys that are no path', async () => {
    await expect(s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'a', Body: '' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    const response = await fetch(`${url}/logs/a%2F..%2F..%2F..%2Fescaped`, { method: 'PUT', body: 'x' });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('InvalidArgument')]);
  });
});

it('takes messages through the SQS client', async () => {
  const client = new SQSClient({ ...access, endpoint: url, useQueueUrlAsEndpoint: false });
  await client.send(new SendMessageCommand({ QueueUrl: `${url}/000000000000/signals`, MessageBody: '{"ä":1}' }));
  client.destroy();
  expect((await queue.receive(10)).map(({ body }) => body)).toEqual(['{"ä":1}']);
});

it('answers over TLS with a certificate that its authority vouches for, and keeps the authority', async () => {
  const data = await tempFolder();
  const { key, cert, caFile } = await serverCertificate(data);
  const ca = await readFile(caFile, 'utf8');
  const tls = createTlsServer({ key, cert }, (_, response) => response.end('hello'));
  const port = await listen(tls, 0, 'test');
  const ask = (host: string, trusted: string) =>
    new Promise<string>((resolve, reject) => {
      get(
        { host: '127.0.0.1', servername: host === '127.0.0.1' ? '' : host, port, ca: trusted, agent: false },
        (response) => response.on('data', (chunk) => resolve(String(chunk))),
      ).on('error', reject);
    });
  expect(await ask('localhost', ca)).toBe('hello');
  expect(await ask('127.0.0.1', ca)).toBe('hello');
  const stranger = await readFile((await serverCertificate(await tempFolder())).caFile, 'utf8');
  await expect(ask('localhost', stranger)).rejects.toThrow();
  await closeServer(tls);
  await serverCertificate(data);
  expect(await readFile(caFile, 'utf8')).toBe(ca);
});

it('names a port that is in use, and the flag', async () => {
  const port = Number(new URL(url).port);
  const other = createServer();
  await expect(listen(other, port, 'choose another with --port')).rejects.toThrow(PortInUseError);
  await expect(listen(other, port, 'choose another with --port')).rejects.toThrow(
    `Port ${port} is already in use: choose another with --port.`,
  );
});

describe('decodeAwsChunked', () => {
  it('joins the chunks of any body, whatever the extensions and trailers', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => {
        const framed = chunks.flatMap((chunk) => [
          Buffer.from(`${chunk.length.toString(16)};chunk-signature=0\r\n`),
          chunk,
          Buffer.from('\r\n'),
        ]);
        const body = Buffer.concat([...framed, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]);
        expect(decodeAwsChunked(body)).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  it('never takes a body that was cut short', () => {
    const body = Buffer.from('5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n');
    for (let end = 0; end < body.length - 4; end++) {
      expect(() => decodeAwsChunked(body.subarray(0, end))).toThrow('before its last chunk');
    }
  });
});

describe('isObjectKey', () => {
  it.each(['a', 'a/b=c/d.json.gz', '..a/b..'])('takes %s', (key) => expect(isObjectKey(key)).toBe(true));
  it.each(['', '/a', 'a//b', 'a/', '../a', 'a/./b', 'a\0', 'a\\..\\b', `a/${'ä'.repeat(128)}`])('refuses %j', (key) =>
    expect(isObjectKey(key)).toBe(false),
  );
});
