import { request as httpRequest } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Guard, guarded, isHostPattern } from '../../../local/web/guard.js';
import { rawAnswer } from '../../helpers/rawHttp.js';
import { startWebServer } from '../../helpers/webServer.js';

interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const allowed = ['host.docker.internal', '*.compose', '172.17.0.1', 'fd00::1'];

function refusal({ method = 'POST', headers }: Sent, guard = new Guard(allowed)): string | undefined {
  return guard.refusalOf({ method, headers } as Parameters<Guard['refusalOf']>[0]);
}

describe('Host', () => {
  it.each([
    'localhost',
    'LOCALHOST:4573',
    'localhost.:4573',
    'logs.localhost:4573',
    '127.0.0.1',
    '127.9.8.7:1',
    '[::1]:4573',
    '[::ffff:127.0.0.1]',
    'Host.Docker.Internal:4573',
    'firesplit.compose',
    'logs.firesplit.compose:80',
    '172.17.0.1:4573',
    '[fd00::1]:4573',
  ])('%s is served', (host) => {
    expect(refusal({ headers: { host } })).toBeUndefined();
  });

  it.each([
    'evil.example',
    'evil.example:4573',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    'compose',
    '0.0.0.0:4573',
    '10.0.0.1',
    '[::2]',
    '2130706433',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost/..',
    'localhost evil.example',
    '',
  ])('"%s" is refused', (host) => {
    expect(refusal({ headers: { host } })).toContain('is no name of this machine. Use localhost or 127.0.0.1');
  });

  it('is refused with the flag that would serve it', () => {
    expect(refusal({ headers: { host: 'firesplit:4573' } })).toBe(
      '"firesplit:4573" is no name of this machine. Use localhost or 127.0.0.1, or start "firesplit up" with --allow-host firesplit.',
    );
  });

  it('is never served for a name that anybody may register', () => {
    const name = fc.domain().filter((domain) => !domain.endsWith('.localhost') && !domain.endsWith('.compose'));
    fc.assert(fc.property(name, (host) => refusal({ headers: { host } }) !== undefined));
  });
});

describe('Origin', () => {
  it.each(['http://localhost:4570', 'https://127.0.0.1:4574', 'http://[::1]:4570', 'http://host.docker.internal'])(
    '%s is served',
    (origin) => {
      expect(refusal({ method: 'GET', headers: { host: 'localhost', origin } })).toBeUndefined();
    },
  );

  it.each([
    ['http://localhost:4570', 'localhost:4570', true],
    ['https://127.0.0.1:4574', '127.0.0.1:4574', true],
    ['http://host.docker.internal', 'localhost:4573', true],
    ['http://localhost:3000', 'localhost:4573', false],
    ['http://evil.localhost', 'localhost:4573', false],
    ['http://127.0.0.1:4573', 'localhost:4573', false],
  ])('of %s at %s: a change is served %s', (origin, host, served) => {
    expect(refusal({ method: 'POST', headers: { host, origin } }) === undefined).toBe(served);
  });

  it.each([
    'http://evil.example',
    'https://localhost.evil.example',
    'null',
    'file://',
    'chrome-extension://localhost',
    '',
  ])('"%s" is refused, whatever the host', (origin) => {
    expect(refusal({ headers: { host: 'localhost:4573', origin } })).toContain('may not use this port');
  });
});

describe('Sec-Fetch-Site', () => {
  const host = 'localhost:4570';
  it.each([
    ['GET', 'cross-site', 'image', false],
    ['GET', 'cross-site', 'iframe', false],
    ['GET', 'cross-site', 'empty', false],
    ['POST', 'cross-site', 'document', false],
    ['GET', 'same-site', 'image', false],
    ['GET', 'same-site', 'script', false],
    ['GET', 'same-site', 'iframe', false],
    ['GET', 'cross-site', 'document', true],
    ['GET', 'same-site', 'document', true],
    ['GET', 'same-origin', 'image', true],
    ['GET', 'none', 'document', true],
  ])('%s of %s for %s: served %s', (method, site, dest, served) => {
    const headers = { host, 'sec-fetch-site': site, 'sec-fetch-dest': dest };
    expect(refusal({ method, headers }) === undefined).toBe(served);
  });

  it.each([
    ['http://host.docker.internal:8080', true],
    ['http://localhost:8080', false],
  ])('of a page of %s, which says so: served %s', (origin, served) => {
    const headers = { host, origin, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' };
    for (const method of ['GET', 'POST']) expect(refusal({ method, headers }) === undefined).toBe(served);
  });
});

it('knows its own token alone', () => {
  const guard = new Guard();
  expect(guard.isToken(guard.token)).toBe(true);
  for (const other of ['', 'ä', new Guard().token, `${guard.token} `]) expect(guard.isToken(other)).toBe(false);
});

it('takes names and addresses for --allow-host, and nothing with a port or a scheme', () => {
  expect(
    ['host.docker.internal', 'firesplit_1', '*.internal', '10.0.0.1', 'fd00::1'].filter(isHostPattern),
  ).toHaveLength(5);
  expect(['', '*', 'a:80', 'http://a', 'a..b', 'a/b', '*.'].filter(isHostPattern)).toEqual([]);
});

describe('guarded', () => {
  const refuse: Parameters<typeof guarded>[2] = (_, response, reason) => void response.writeHead(403).end(reason);

  it('does not let a refused request reach the listener, whatever it carries', async () => {
    const reached: (string | undefined)[] = [];
    const listener = guarded(
      (request, response) => {
        reached.push(request.url);
        response.end('served');
      },
      new Guard(),
      refuse,
    );
    const server = await startWebServer(listener);
    const statusOf = (headers: Record<string, string>, body = '') =>
      new Promise<number | undefined>((resolve, reject) => {
        httpRequest(server.url, { method: 'PUT', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end(body);
      });
    expect(await statusOf({ host: 'evil.example' }, 'x'.repeat(100_000))).toBe(403);
    expect(await statusOf({ host: 'evil.example', connection: 'Upgrade', upgrade: 'websocket' })).toBe(403);
    expect(await statusOf({ origin: 'http://evil.example', connection: 'Upgrade', upgrade: 'websocket' })).toBe(403);
    expect(await statusOf({ origin: 'http://evil.example', expect: '100-continue' })).toBe(403);
    expect(reached).toEqual([]);
    expect(await statusOf({})).toBe(200);
    await server.stop();
  });

  it('refuses a request without a Host', async () => {
    const server = await startWebServer(guarded((_, response) => void response.end('served'), new Guard(), refuse));
    const answer = await rawAnswer(server.url, 'GET / HTTP/1.0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    await server.stop();
  });

  it.each([
    ['a target with a host', 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n', 'this is no proxy'],
    ['a target without a slash', 'GET evil.example HTTP/1.1\r\nHost: localhost\r\n\r\n', ''],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n\r\n', 'several Host headers'],
  ])('refuses %s', async (_, sent, reason) => {
    const server = await startWebServer(guarded((__, response) => void response.end('served'), new Guard(), refuse));
    const answer = await rawAnswer(server.url, sent);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(answer).toContain(reason);
    await server.stop();
  });
});
