import { readdir, readFile, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startUp, type Up, withData } from '../helpers/up.js';

let up: Up;
let closed: Promise<void>;
let close: () => void = () => undefined;
let ca: string;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    closed = withData(async (data) => {
      up = await startUp(data, '--allow-host', 'host.docker.internal');
      ca = await readFile(up.ready.ca, 'utf8');
      const told = new Promise<void>((resolve) => {
        close = resolve;
      });
      ready();
      await told;
      await up.stop();
    });
    closed.catch(failed);
  });
});
afterAll(async () => {
  close();
  await closed;
});

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request to a port as it is, whatever it says of its host. */
function call(port: 'firehose' | 'firehoseTls' | 'console', { method = 'POST', path = '/', headers = {}, body }: Call) {
  const url = new URL(path, up.ready[port]);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const request = send(url, { method, headers, ca, servername: 'localhost' }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, text });
    });
    request.on('error', reject).end(body);
  });
}

const describeStream: Call = {
  headers: { 'x-amz-target': 'Firehose_20150804.ListDeliveryStreams', 'content-type': 'application/x-amz-json-1.1' },
  body: '{}',
};
const message: Call = { path: '/slack', body: '{"text":"forged"}' };

const requests: readonly (readonly [what: string, port: 'firehose' | 'firehoseTls' | 'console', request: Call])[] = [
  ['a Firehose call', 'firehose', describeStream],
  ['a Firehose call over TLS', 'firehoseTls', describeStream],
  ['a DynamoDB call', 'firehose', { headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, body: '{}' }],
  ['an SQS call', 'firehose', { headers: { 'x-amz-target': 'AmazonSQS.SendMessage' }, body: '{}' }],
  ['an object', 'firehose', { method: 'PUT', path: '/firesplit-local-logs-000000000000/forged', body: 'x' }],
  ['a look at the objects', 'firehose', { method: 'GET', path: '/firesplit-local-logs-000000000000?list-type=2' }],
  ['a preflight', 'firehose', { method: 'OPTIONS' }],
  ['a message', 'console', message],
  ['a look at the messages', 'console', { method: 'GET', path: '/slack' }],
  ['a look at the page', 'console', { method: 'GET', path: '/' }],
  ['faults', 'console', { path: '/faults', body: '{"throttle":1}' }],
];

describe.each(requests)('%s', (_, port, request) => {
  const own = () => new URL(up.ready[port]).host;

  it.each<[string, (host: string) => Record<string, string>]>([
    ['a rebound name', (host) => ({ host: host.replace('127.0.0.1', 'evil.example') })],
    ['another origin', () => ({ origin: 'http://evil.example' })],
    ['no origin of its own', () => ({ origin: 'null' })],
    ['an image of another site', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' })],
    ['an image of another port', () => ({ 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' })],
    ['a WebSocket', () => ({ origin: 'https://evil.example', connection: 'Upgrade', upgrade: 'websocket' })],
  ])('is refused from %s, with what to do', async (_, strange) => {
    const { status, text } = await call(port, { ...request, headers: { ...request.headers, ...strange(own()) } });
    expect(status).toBe(403);
    expect(text).toMatch(/Use localhost or 127\.0\.0\.1|in a tab of its own/);
  });
});

describe('what is called by a name of this machine', () => {
  const faults: Call = { path: '/faults', body: '{}' };
  it.each(['localhost', 'logs.localhost:1', '[::1]', 'host.docker.internal:4573'])('%s is served', async (host) => {
    const statusOf = async (port: 'firehose' | 'firehoseTls' | 'console', request: Call) =>
      (await call(port, { ...request, headers: { ...request.headers, host } })).status;
    expect(await statusOf('firehose', describeStream)).toBe(200);
    expect(await statusOf('firehoseTls', describeStream)).toBe(200);
    expect(await statusOf('console', { method: 'GET' })).toBe(200);
    expect(await statusOf('console', faults)).toBe(401);
    const authorization = `Bearer ${up.ready.token}`;
    expect(await statusOf('console', { ...faults, headers: { authorization } })).toBe(200);
  });
});

it('got nothing of all that', async () => {
  const shown = await Promise.all(['/slack', '/faults'].map((path) => call('console', { method: 'GET', path })));
  expect(shown.map(({ text }) => text).join()).not.toMatch(/forged|"throttle":1/);
  expect(await readdir(join(up.ready.data, 's3')).catch(() => [])).toEqual([]);
});

it('keeps everything for its user alone', async () => {
  await up.put([['a line']]);
  const names = await readdir(up.ready.data, { recursive: true });
  const modes = await Promise.all(
    ['', ...names].map(async (name) => {
      const found = await stat(join(up.ready.data, name));
      return `${name} ${(found.mode & 0o777).toString(8)}`;
    }),
  );
  expect(names).toEqual(expect.arrayContaining(['ca.pem', 'journal', 'dynamodb']));
  expect(modes.filter((each) => !/ (700|600)$/.test(each))).toEqual([]);
});
