import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { webhookDestination } from '../../../../../functions/adapters/destinations/webhook/webhook.js';
import type { DestinationAnswer, Endpoint } from '../../../../../shared/alerts/destination.js';
import type { Post } from '../../../../../shared/alerts/ports.js';
import { slack } from '../../../../../shared/limits.js';
import { webhookPayload } from '../../../../../shared/webhook/payload.js';
import { aDigestPost, anAlertPost, endpointsAt } from '../../../../helpers/posts.js';
import { startWebServer, type WebServer } from '../../../../helpers/webServer.js';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that always gives this answer. */
async function receiver(status: number, body = '', headers: Record<string, string> = {}) {
  const received: Received[] = [];
  server = await startWebServer(async (request, response) => {
    const { url: path = '', method = '' } = request;
    received.push({ path, method, headers: request.headers, body: await text(request) });
    response.writeHead(status, headers).end(body);
  });
  return { url: `${server.url}/hooks/verysecret?key=abcd1`, received };
}

function postTo(
  url: string,
  { post = anAlertPost(), headers, signal = AbortSignal.timeout(10_000) }: Partial<PostOptions> = {},
): Promise<DestinationAnswer> {
  const endpoint = { owner: 'ops', name: 'the test', url, ...(headers ? { headers } : {}) };
  return webhookDestination(endpointsAt(), []).post(endpoint, post, signal);
}

interface PostOptions {
  readonly post: Post;
  readonly headers: NonNullable<Endpoint['headers']>;
  readonly signal: AbortSignal;
}

describe('webhookDestination', () => {
  it.each([
    ['an alert', anAlertPost()],
    ['a digest', aDigestPost()],
  ])('posts %s as JSON, with the headers of its endpoint', async (_name, post) => {
    const { url, received } = await receiver(200, 'whatever');
    const headers = { authorization: 'Bearer verysecret', 'x-team': 'payments' };
    expect(await postTo(url, { post, headers })).toEqual({ result: 'sent' });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      path: '/hooks/verysecret?key=abcd1',
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'firesplit' },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(webhookPayload(post, []));
  });

  it.each([200, 201, 202, 204])('is sent by a %d', async (status) => {
    expect(await postTo((await receiver(status)).url)).toEqual({ result: 'sent' });
  });

  it.each<[Record<string, string>, number]>([
    [{ 'retry-after': '30' }, 30_000],
    [{}, slack.minInterval],
  ])('is throttled by a 429 with %j', async (headers, retryAfter) => {
    expect(await postTo((await receiver(429, 'slow down', headers)).url)).toEqual({ result: 'throttled', retryAfter });
  });

  it.each<[number, string, string, string]>([
    [500, 'oops', 'unavailable', 'the webhook of route ops answered 500 oops'],
    [503, '', 'unavailable', 'the webhook of route ops answered 503'],
    [401, 'who are you', 'gone', 'the webhook of route ops answered 401 who are you'],
    [403, 'no', 'gone', 'the webhook of route ops answered 403 no'],
    [404, 'nothing here', 'gone', 'the webhook of route ops answered 404 nothing here'],
    [410, 'was here', 'gone', 'the webhook of route ops answered 410 was here'],
    [
      400,
      'bad\n  request',
      'refused',
      'the webhook of route ops answered 400 bad request; have it take what docs/webhook.md describes',
    ],
    [413, 'x'.repeat(300), 'refused', `answered 413 ${'x'.repeat(200)}; have it take`],
  ])('a %d "%s" is %s', async (status, body, result, reason) => {
    const posted = await postTo((await receiver(status, body)).url);
    expect(posted).toEqual({ result, reason: expect.stringContaining(reason) });
  });

  it('follows no redirect, and says which URL to set', async () => {
    const { url, received } = await receiver(308, '', { location: '/elsewhere' });
    expect(await postTo(url)).toEqual({
      result: 'refused',
      reason:
        'the webhook of route ops answered 308; redirects are not followed: put the URL that it leads to into the test',
    });
    expect(received).toHaveLength(1);
  });

  it.each([
    ['the URL', (url: string) => `no route to ${url}`],
    ['the path', () => 'no route to /hooks/verysecret?key=abcd1'],
    ['a value of the query', () => 'bad key abcd1'],
    ['the token', () => 'bad token tokentoken'],
  ])('never shows %s that an answer repeats', async (_name, repeat) => {
    for (const status of [400, 404, 500]) {
      const { url } = await receiver(status);
      const repeating = await receiver(status, repeat(url));
      const posted = await postTo(repeating.url, { headers: { authorization: 'Bearer tokentoken' } });
      expect(JSON.stringify(posted)).toContain('<webhook>');
      expect(JSON.stringify(posted)).not.toMatch(/verysecret|abcd1|tokentoken/);
    }
  });

  it('is unavailable when nobody answers in time, or the connection is reset or refused', async () => {
    const hanging = await startWebServer(() => undefined);
    const late = await postTo(`${hanging.url}/verysecret`, { signal: AbortSignal.timeout(50) });
    await hanging.stop();
    const refused = await postTo(`${hanging.url}/verysecret`);
    const resetting = await startWebServer((request) => request.socket.destroy());
    const reset = await postTo(`${resetting.url}/verysecret`);
    await resetting.stop();
    for (const posted of [late, refused, reset]) {
      expect(posted).toEqual({
        result: 'unavailable',
        reason: expect.stringContaining('the webhook of route ops was not reached: '),
      });
      expect(JSON.stringify(posted)).not.toContain('verysecret');
    }
  });

  it('is sent by a 200 whose body never ends, and unavailable by such a 500', async () => {
    server = await startWebServer((request, response) => {
      response.writeHead(request.url === '/200' ? 200 : 500).write('begun');
    });
    const signal = AbortSignal.timeout(200);
    expect(await postTo(`${server.url}/200`, { signal })).toEqual({ result: 'sent' });
    expect(await postTo(`${server.url}/500`, { signal })).toMatchObject({ result: 'unavailable' });
  });

  it('hides a token that can not be sent', async () => {
    const posted = await postTo('https://example.com/', { headers: { authorization: 'Bearer very\nsecret' } });
    expect(posted).toMatchObject({ result: 'unavailable' });
    expect(JSON.stringify(posted)).not.toContain('secret');
  });

  it.each(['example.com/verysecret', 'http://example.com/verysecret', 'https://a:verysecret@example.com'])(
    'refuses to post to %s',
    async (url) => {
      const posted = await postTo(url);
      expect(posted).toEqual({
        result: 'refused',
        reason: expect.stringMatching(/^the URL in the test (is|would|has)/),
      });
      expect(JSON.stringify(posted)).not.toContain('verysecret');
    },
  );
});
