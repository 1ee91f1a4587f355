import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opsgenieDestination } from '../../functions/adapters/destinations/opsgenie/opsgenie.js';
import { pagerdutyDestination } from '../../functions/adapters/destinations/pagerduty/pagerduty.js';
import { slackDestination } from '../../functions/adapters/destinations/slack/slack.js';
import { teamsDestination } from '../../functions/adapters/destinations/teams/teams.js';
import { webhookDestination } from '../../functions/adapters/destinations/webhook/webhook.js';
import { routeNotifier } from '../../functions/adapters/notifier.js';
import type { Destination, DestinationAnswer } from '../../shared/alerts/destination.js';
import type { Post } from '../../shared/alerts/ports.js';
import { aRule } from '../helpers/alerts.js';
import { aDigestPost, anAlertPost, endpointsAt } from '../helpers/posts.js';
import { startWebServer, type WebServer } from '../helpers/webServer.js';

type Endpoints = Pick<Destination, 'endpointOf' | 'placeOf'>;

const kinds: readonly [string, (endpoints: Endpoints) => Destination][] = [
  ['Slack', (endpoints) => slackDestination(endpoints, [aRule()])],
  ['a webhook', (endpoints) => webhookDestination(endpoints, [aRule()])],
  ['PagerDuty', (endpoints) => pagerdutyDestination(endpoints, [aRule()])],
  ['Opsgenie', (endpoints) => opsgenieDestination(endpoints, [aRule()])],
  ['Teams', (endpoints) => teamsDestination(endpoints, [aRule()])],
];

const secret = 'T000/verysecret';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** A server that gives one answer, which repeats what was asked for, and the URL of a webhook of it. */
async function answering(status: number, headers: Record<string, string> = {}) {
  const bodies: string[] = [];
  server = await startWebServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(status, headers).end(status === 200 ? 'ok' : `nothing at ${request.url}`);
  });
  return { url: `${server.url}/services/${secret}`, bodies };
}

const posts: readonly [string, Post][] = [
  ['an alert', anAlertPost()],
  ['an alert that is over', anAlertPost({}, { kind: 'resolved', count: 0 })],
  ['a digest', aDigestPost()],
];

// What holds for every destination: a new one is a line in `kinds`.
describe.each(kinds)('%s', (_kind, destinationWith) => {
  function postTo(url: string, post = anAlertPost(), signal = AbortSignal.timeout(10_000)): Promise<DestinationAnswer> {
    return destinationWith(endpointsAt()).post({ owner: 'oncall', name: 'the test', url }, post, signal);
  }

  it.each(posts)('sends %s when it is answered with 200, once', async (_name, post) => {
    const { url, bodies } = await answering(200);
    expect(await postTo(url, post)).toEqual({ result: 'sent' });
    expect(bodies).toHaveLength(1);
    expect(JSON.parse(bodies[0] ?? '')).toBeInstanceOf(Object);
  });

  it('is throttled by a 429 for as long as Retry-After says', async () => {
    const { url } = await answering(429, { 'retry-after': '7' });
    expect(await postTo(url)).toEqual({ result: 'throttled', retryAfter: 7000 });
  });

  it.each([
    [500, 'unavailable'],
    [503, 'unavailable'],
    [400, 'refused'],
    [422, 'refused'],
    [403, 'gone'],
    [404, 'gone'],
    [410, 'gone'],
  ])('is answered with %d: %s, with the status and without the secret', async (status, result) => {
    const posted = await postTo((await answering(status)).url);
    expect(posted).toEqual({ result, reason: expect.stringContaining(`answered ${status}`) });
    expect(JSON.stringify(posted)).not.toContain('verysecret');
  });

  it('is unavailable when the time of the post is over', async () => {
    server = await startWebServer(() => undefined);
    const posted = await postTo(`${server.url}/services/${secret}`, anAlertPost(), AbortSignal.timeout(50));
    expect(posted).toEqual({ result: 'unavailable', reason: expect.any(String) });
    expect(JSON.stringify(posted)).not.toContain('verysecret');
  });

  it('never throws, nor shows the secret, whatever the URL and the answer', async () => {
    const { url, bodies } = await answering(400);
    const urls = fc.oneof(
      fc.constant(url),
      fc.string().map((tail) => `${url}${tail}`),
      fc.string().map((head) => `${head}verysecret`),
      fc.constantFrom('https://', 'https://a:verysecret@[', 'file:///verysecret', 'data:verysecret'),
    );
    await fc.assert(
      fc.asyncProperty(urls, async (any) => {
        const { result, ...rest } = await postTo(any);
        expect(['refused', 'unavailable']).toContain(result);
        expect(JSON.stringify(rest)).not.toContain('verysecret');
      }),
      { numRuns: 50 },
    );
    expect(bodies.length).toBeGreaterThan(0);
  });

  it('is refused by the notifier with a remedy once it is gone', async () => {
    const { url } = await answering(404);
    const destination = destinationWith(endpointsAt({ url }));
    expect(await routeNotifier(() => destination).post(anAlertPost())).toEqual({
      result: 'refused',
      reason: expect.stringMatching(/answered 404 .*; put a working webhook URL into the test$/),
    });
  });
});
