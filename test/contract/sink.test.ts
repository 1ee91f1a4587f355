import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sinkOf } from '../../functions/adapters/sinks/index.js';
import type { SinkSecrets } from '../../functions/adapters/sinks/sinkSecrets.js';
import { readRequest } from '../../local/intake/readRequest.js';
import type { ForwardConfig } from '../../shared/config/forwardConfig.js';
import { parseRow } from '../../shared/forward/landedRow.js';
import type { Sink, SinkAnswer } from '../../shared/forward/ports.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

const kinds: readonly [string, (url: string) => ForwardConfig][] = [
  ['Datadog', (url) => ({ datadog: { url: `${url}/api/v2/logs`, api_key_parameter: 'key' } })],
  ['HTTP', (url) => ({ http: { url, secret_headers: { authorization: 'key' }, headers: { 'x-team': 'shop' } } })],
  ['HTTP with an array', (url) => ({ http: { url, body: 'json', secret_headers: { authorization: 'key' } } })],
  ['OTLP', (url) => ({ otlp: { url: `${url}/v1/logs`, secret_headers: { authorization: 'key' } } })],
];

const secret = 'verysecret';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that gives one answer, which repeats the secret. */
async function answering(status: number, headers: Record<string, string> = {}, body?: string) {
  const asked: Asked[] = [];
  server = await startWebServer(async (request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) });
    response.writeHead(status, headers).end(body ?? `no: ${JSON.stringify(request.headers)}`);
  });
  return { url: server.url, asked };
}

const secrets = (...values: readonly [string, ...string[]]): SinkSecrets => ({
  read: async (_parameter, _signal, freshness) => (freshness === 'current' ? values.at(-1) : values[0]) ?? '',
  nameOf: (parameter) => `SSM parameter /firesplit/prod/forward/${parameter}`,
});

function bodyFor({ form }: Sink): string {
  const row = parseRow(Buffer.from('{"ts":"2026-11-22 16:41:02.123","message":"m","record":"r","line":1}'), 'app');
  if (!row) throw new Error('no row');
  return form.body([form.entry(row), form.entry(row)]);
}

// What holds for every sink: a new one is a line in `kinds`.
describe.each(kinds)('%s', (_kind, configOf) => {
  function postTo(url: string, given = secrets(secret), signal = AbortSignal.timeout(10_000)): Promise<SinkAnswer> {
    const sink = sinkOf(configOf(url), given);
    return sink.post(bodyFor(sink), signal);
  }

  it('gets gzip that it can read, with the secret, once', async () => {
    const { url, asked } = await answering(200);
    expect(await postTo(url)).toEqual({ result: 'accepted' });
    expect(asked).toHaveLength(1);
    const [{ headers, ...request } = { path: '', headers: {}, body: Buffer.of() }] = asked;
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.stringify(headers)).toContain(secret);
    expect(readRequest({ headers, ...request })).toMatchObject({ entries: [{}, {}] });
  });

  it.each([
    [500, 'unavailable'],
    [503, 'unavailable'],
    [408, 'unavailable'],
    [413, 'too large'],
    [400, 'refused'],
    [404, 'refused'],
    [301, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
  ])('answers %d: %s, with the reason and without the secret', async (status, result) => {
    const { url, asked } = await answering(status);
    const answer = await postTo(url);
    expect(answer).toEqual({ result, reason: expect.any(String) });
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['a space and a line feed around it', ` ${secret}\n`, secret],
    ['what JSON escapes in it', `very"secret`, 'very\\"secret'],
    ['a line feed within it and behind it', `very\nsecret\n`, 'secret'],
  ])('keeps to itself a secret with %s', async (_what, value, shown) => {
    const { url } = await answering(500);
    const answer = await postTo(url, secrets(value));
    expect(answer).toEqual({ result: 'unavailable', reason: expect.any(String) });
    expect(answer.reason).not.toContain(shown);
  });

  it('says nothing of a secret that the answer to a request that was taken repeats', async () => {
    const repeated = JSON.stringify({ partialSuccess: { rejectedLogRecords: 1, errorMessage: `no: ${secret}` } });
    const { url } = await answering(200, {}, repeated);
    expect(JSON.stringify(await postTo(url))).not.toContain(secret);
  });

  it.each([429, 503])('is left alone after a %d for as long as Retry-After says', async (status) => {
    const { url } = await answering(status, { 'retry-after': '7' });
    expect(await postTo(url)).toMatchObject({ result: 'throttled', retryAfter: 7000 });
  });

  it('is asked again at once with a key that has taken the place of the one that it refuses', async () => {
    const { url, asked } = await answering(403);
    expect(await postTo(url, secrets('old-key', 'new-key'))).toMatchObject({ result: 'refused' });
    expect(asked.map(({ headers }) => JSON.stringify(headers).includes('new-key'))).toEqual([false, true]);
  });

  it('says where a valid key belongs', async () => {
    const { url } = await answering(403);
    expect(await postTo(url)).toMatchObject({
      reason: expect.stringContaining('put a valid key into SSM parameter /firesplit/prod/forward/key'),
    });
  });

  it('is unavailable when a key can not be read, or the time of the post is over', async () => {
    const { url, asked } = await answering(200);
    const unreadable = { ...secrets(secret), read: async () => Promise.reject(new Error('SSM is away')) };
    expect(await postTo(url, unreadable)).toMatchObject({
      result: 'unavailable',
      reason: expect.stringContaining('SSM is away'),
    });
    expect(asked).toEqual([]);
    await server?.stop();
    server = await startWebServer(() => undefined);
    expect(await postTo(server.url, secrets(secret), AbortSignal.timeout(50))).toMatchObject({ result: 'unavailable' });
  });

  it('gets nothing over plain HTTP but on this machine', async () => {
    expect(await postTo('http://example.com')).toMatchObject({
      result: 'refused',
      reason: expect.stringContaining('unencrypted'),
    });
  });

  it('gets nothing where an intake of the laptop stands in, nor is any secret read for it', async () => {
    const { url, asked } = await answering(200);
    const standIn: SinkSecrets = {
      ...secrets(secret),
      read: async () => Promise.reject(new Error('read')),
      intake: url,
    };
    expect(await postTo('https://example.com', standIn)).toEqual({ result: 'accepted' });
    const [{ headers, ...request } = { path: '', headers: {}, body: Buffer.of() }] = asked;
    expect(readRequest({ headers, ...request })).toMatchObject({ entries: [{}, {}] });
  });
});

describe('OTLP', () => {
  it('tells how many records were rejected, and why', async () => {
    const { url } = await answering(200, {}, '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no time"}}');
    const sink = sinkOf({ otlp: { url: `${url}/v1/logs` } }, secrets(secret));
    expect(await sink.post(bodyFor(sink), AbortSignal.timeout(10_000))).toEqual({
      result: 'accepted',
      rejected: 1,
      reason: 'no time',
    });
  });
});

describe('Datadog', () => {
  it('is at its site', async () => {
    const asked = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}', { status: 202 }));
    const sink = sinkOf({ datadog: { site: 'datadoghq.eu', api_key_parameter: 'key' } }, secrets(secret));
    expect(await sink.post(bodyFor(sink), AbortSignal.timeout(10_000))).toEqual({ result: 'accepted' });
    expect(asked.mock.calls.map(([url]) => url)).toEqual(['https://http-intake.logs.datadoghq.eu/api/v2/logs']);
    asked.mockRestore();
  });
});
