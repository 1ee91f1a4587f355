import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { s3Client } from '../../local/s3/store/s3Bucket.js';
import { fireLens } from '../helpers/firehose.js';
import { startUp, withData } from '../helpers/up.js';

jest.setTimeout(60_000);

const bucket = 'firesplit-local-logs-000000000000';

let s3: FauxqsServer;
let proxy: Proxy;

beforeEach(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  s3 = await startFauxqs({ port: 0, logger: false });
  proxy = await startProxy(s3.port);
});

afterEach(async () => {
  proxy.server.closeAllConnections();
  proxy.server.close();
  await s3.stop();
});

interface Proxy {
  readonly server: Server;
  readonly url: string;
  /** Emits `put` when an object comes. */
  refuse: boolean;
}

/** In front of S3: refuses objects when it is told to. */
async function startProxy(port: number): Promise<Proxy> {
  const server = createServer((request, response) => {
    if (request.method === 'PUT') server.emit('put');
    if (request.method === 'PUT' && proxy.refuse) {
      request.resume();
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>');
      return;
    }
    const { method, url: path, headers } = request;
    const forwarded = httpRequest({ port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refuse: false };
}

/** The lines of every object, oldest key first. */
async function linesInS3(): Promise<string[]> {
  const client = s3Client('us-east-1', `http://127.0.0.1:${s3.port}`);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const lines: string[] = [];
  for (const { Key } of Contents) {
    expect(Key).toMatch(/^logs\/type=app\/arrived=\d{4}-\d\d-\d\d-\d\d\/logs-1-.*\.json\.gz$/);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString();
    lines.push(...text.trimEnd().split('\n'));
  }
  client.destroy();
  return lines.map((line) => (JSON.parse(line) as { readonly message: string }).message);
}

const records = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => fireLens(`line ${from + index}`));
const messages = (to: number) => Array.from({ length: to }, (_, index) => `line ${index}`);

it('delivers to a service that speaks S3, and nothing to the data folder', () =>
  withData(async (data) => {
    s3.createBucket(bucket);
    const up = await startUp(data, '--s3-endpoint', proxy.url);
    await up.put([records(0, 50)]);
    expect(await up.stop()).toBe(0);
    expect((await linesInS3()).sort()).toEqual(messages(50).sort());
    expect(existsSync(join(data, 's3'))).toBe(false);
  }));

it('delivers once what was on its way when it was killed while S3 refused it', () =>
  withData(async (data) => {
    s3.createBucket(bucket);
    const first = await startUp(data, '--s3-endpoint', proxy.url, '--flush', '1');
    proxy.refuse = true;
    const tried = once(proxy.server, 'put');
    await first.put([records(0, 20)]);
    await tried;
    await first.kill();
    expect(await linesInS3()).toEqual([]);

    proxy.refuse = false;
    const second = await startUp(data, '--s3-endpoint', proxy.url, '--flush', '1');
    await second.put([records(20, 30)]);
    expect(await second.stop()).toBe(0);
    expect((await linesInS3()).sort()).toEqual(messages(30).sort());
  }));

it('says at start that the bucket is missing, and how to make it', () =>
  withData(async (data) => {
    const cli = new URL('../../dist/local/cli.mjs', import.meta.url).pathname;
    const ports = ['--port', '0', '--tls-port', '0', '--console-port', '0'];
    const options = ['up', '--data', data, ...ports, '--s3-endpoint', proxy.url];
    const run = promisify(execFile)(process.execPath, [cli, ...options], { env: { ...process.env } });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(`aws s3 mb s3://${bucket}`),
    });
  }));
