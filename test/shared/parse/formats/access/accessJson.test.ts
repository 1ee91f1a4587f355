import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessJson } from '../../../../../shared/parse/formats/access/accessJson.js';
import { caddy } from '../../../../../shared/parse/formats/access/caddy.js';
import { traefikJson } from '../../../../../shared/parse/formats/access/traefikJson.js';
import type { JsonObject } from '../../../../../shared/parse/json/object.js';

const request = { method: 'GET', path: '/a', query: 'b=1', status: 200, bytes: 12, user_agent: 'curl/8.5.0' };
const time = Date.UTC(2026, 10, 22, 16, 41, 2, 123);

describe.each([
  [
    accessJson,
    'pino-http',
    { ...request, client_ip: '::ffff:10.0.0.1', duration_ms: 4, host: 'shop.example.com' },
    {
      level: 30,
      pid: 17,
      hostname: 'web-7f',
      req: { id: 1, query: { b: '1' }, remotePort: 41212 },
      msg: 'request completed',
    },
  ],
  [
    accessJson,
    'Elastic Common Schema',
    {
      ...request,
      protocol: 'HTTP/1.1',
      client_ip: '203.0.113.9',
      referer: 'https://shop.example.com/',
      duration_ms: 4.1,
      host: 'shop.example.com',
      request_id: 'e08',
    },
    { ecs: { version: '8.11.0' } },
  ],
  [
    accessJson,
    'Google Cloud `httpRequest`',
    { ...request, protocol: 'HTTP/1.1', client_ip: '203.0.113.9', duration_ms: 4.1, host: 'shop.example.com' },
    { severity: 'INFO' },
  ],
  [
    accessJson,
    'Echo',
    { ...request, client_ip: '203.0.113.9', duration_ms: 4.1, host: 'shop.example.com' },
    { id: '', error: '', latency: 4100000, bytes_in: 0 },
  ],
  [
    caddy,
    'Caddy',
    {
      ...request,
      query: 'b=c',
      protocol: 'HTTP/2.0',
      client_ip: '203.0.113.9',
      duration_ms: 4.1,
      host: 'shop.example.com',
    },
    {
      level: 'info',
      logger: 'http.log.access.log0',
      msg: 'handled request',
      request: {
        remote_ip: '10.0.0.7',
        remote_port: '41342',
        headers: { Accept: ['*/*'] },
        tls: { resumed: false, version: 772, cipher_suite: 4865, proto: 'h2', server_name: 'shop.example.com' },
      },
      bytes_read: 0,
      user_id: '',
      resp_headers: { Server: ['Caddy'] },
    },
  ],
  [
    traefikJson,
    'Traefik',
    {
      ...request,
      query: 'b=c',
      protocol: 'HTTP/1.1',
      client_ip: '203.0.113.9',
      duration_ms: 4.1,
      host: 'shop.example.com',
    },
    {
      ClientAddr: '203.0.113.9:41342',
      ClientPort: '41342',
      ClientUsername: '-',
      OriginContentSize: 12,
      OriginDuration: 3900000,
      OriginStatus: 200,
      Overhead: 200000,
      RequestAddr: 'shop.example.com',
      RequestContentSize: 0,
      RequestCount: 42,
      RequestPort: '-',
      RequestScheme: 'http',
      RetryAttempts: 0,
      RouterName: 'shop@docker',
      entryPointName: 'web',
      level: 'info',
      msg: '',
      time: '2026-11-22T16:41:02Z',
    },
  ],
])('$name', (format, of, columns, fields) => {
  it(`reads ${of}`, () => {
    const object = JSON.parse(format.samples.find((sample) => sample.of === of)?.line ?? '');
    const parsed = format.parse(object);
    expect(parsed).toMatchObject({ type: 'access', time, columns });
    expect(parsed?.columns).toEqual(columns);
    expect(Object.fromEntries(parsed?.fields ?? [])).toEqual(fields);
  });
});

describe('access-json', () => {
  const read = (object: JsonObject) => accessJson.parse(object);
  const line = { method: 'GET', path: '/a', status: 200 };

  it.each([
    ['a gateway', { httpMethod: 'GET', resourcePath: '/a', status: '200', responseLength: '12' }, { bytes: 12 }],
    ['dotted keys', { 'http.request.method': 'GET', 'url.path': '/a', 'http.response.status_code': 200 }, {}],
    ['a method in lower case', { ...line, method: 'get' }, {}],
    ['an absolute target', { ...line, path: undefined, url: 'https://shop:8443/a' }, { host: 'shop:8443' }],
    ['a duration with its unit', { ...line, latency: '1m2.5s' }, { duration_ms: 62_500 }],
    ['a version as protocol', { ...line, httpVersion: '1.1' }, { protocol: 'HTTP/1.1' }],
    ['Rails', { ...line, controller: 'A', action: 'b', duration: 4.5 }, { duration_ms: 4.5 }],
    [
      'a failed pino-http request',
      { level: 50, req: { method: 'GET', url: '/a' }, res: { statusCode: 200 }, err: {} },
      {},
    ],
  ])('reads %s', (_, object, columns) => {
    expect(read(object)).toMatchObject({
      type: 'access',
      columns: { method: 'GET', path: '/a', status: 200, ...columns },
    });
  });

  it.each([
    ['no status', { method: 'GET', path: '/a' }],
    ['a status in words', { ...line, status: 'ok' }],
    ['a status out of range', { ...line, status: 7 }],
    ['a method of a program', { ...line, method: 'processOrder' }],
    ['no target', { method: 'GET', status: 200 }],
    ['an error that names a request', { ...line, level: 'error', stack: 'Error: no\n    at a (b.js:1:2)' }],
    ['an error of ECS', { ...line, log: { level: 'error' }, error: { type: 'E', stack_trace: 'E\n at a' } }],
    ['a response without its request', { res: { statusCode: 200 }, responseTime: 3 }],
  ])('leaves %s to others', (_, object) => {
    expect(read(object)).toBeUndefined();
  });

  it('keeps a value that is no column whole', () => {
    const parsed = read({
      ...line,
      remote_addr: '203.0.113.9:4711',
      duration: 4,
      host: { name: 'web-7f' },
      reqId: 7,
      size: -1,
    });
    expect(parsed?.columns).toEqual({ ...line, client_ip: '203.0.113.9' });
    expect(parsed?.fields).toEqual([
      ['remote_addr', '203.0.113.9:4711'],
      ['duration', 4],
      ['host', { name: 'web-7f' }],
      ['reqId', 7],
      ['size', -1],
    ]);
  });

  it('loses no value, wherever it stands', () => {
    const unit = fc.stringMatching(/^~[a-z]{3,8}$/);
    const key = fc.constantFrom('url', 'http', 'request', 'req', 'headers', 'host', 'user_agent', 'path', 'id', 'x');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, unit, fc.dictionary(key, tie('value'), { maxKeys: 4 })),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (extra) => {
        const parsed = read({ ...extra, status: 200, method: 'GET', request_uri: '/a' });
        const kept = JSON.stringify([parsed?.columns, parsed?.fields]);
        for (const [text] of JSON.stringify(extra).matchAll(/~[a-z]+/g)) expect(kept).toContain(text);
      }),
    );
  });

  it('gives back what was written, under any of the names', () => {
    const names = <T>(keys: string[], values: fc.Arbitrary<T>) => fc.tuple(fc.constantFrom(...keys), values);
    fc.assert(
      fc.property(
        names(['status', 'status_code', 'statusCode', 'response_code'], fc.integer({ min: 100, max: 599 })),
        names(
          ['request_uri', 'uri', 'url', 'path'],
          fc.webPath().map((path) => `/${path}`),
        ),
        names(['remote_addr', 'client_ip', 'ip', 'remoteIp'], fc.ipV4()),
        names(['bytes_sent', 'size', 'responseSize'], fc.nat()),
        names(['duration_ms', 'responseTime', 'latency_ms'], fc.nat()),
        names(['user_agent', 'userAgent', 'user-agent'], fc.string({ minLength: 2 })),
        (status, target, ip, bytes, ms, agent) => {
          const object = Object.fromEntries<unknown>([['method', 'PUT'], status, target, ip, bytes, ms, agent]);
          expect(read(object)).toEqual({
            type: 'access',
            columns: {
              method: 'PUT',
              status: status[1],
              path: target[1],
              client_ip: ip[1],
              bytes: bytes[1],
              duration_ms: ms[1],
              user_agent: agent[1],
            },
            fields: [],
          });
        },
      ),
    );
  });
});

it("leaves Caddy's error log to the application's formats", () => {
  const object = {
    level: 'error',
    logger: 'http.log.error',
    msg: 'dial tcp 10.0.0.1:80: connect: connection refused',
    request: { method: 'GET', uri: '/', host: 'shop' },
    duration: 1,
    status: 502,
    err_id: 'x1',
    err_trace: 'reverseproxy.statusError (reverseproxy.go:1267)',
  };
  expect(caddy.parse(object)).toBeUndefined();
  expect(accessJson.parse(object)).toBeUndefined();
});
