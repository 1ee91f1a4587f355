import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { routeNotifier } from '../../functions/adapters/notifier.js';
import type { DestinationAnswer } from '../../shared/alerts/destination.js';
import type { Post } from '../../shared/alerts/ports.js';
import { aRule, T0 } from '../helpers/alerts.js';
import { aDigestPost, aGroupPost, anAlertPost } from '../helpers/posts.js';
import { services } from '../helpers/services/index.js';
import { type Served, serve } from '../helpers/services/serve.js';
import { type Answer, secret } from '../helpers/services/service.js';
import { nastyText } from '../helpers/slackMessages.js';

let server: Served | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** One post of each kind, with this wherever lines, rules or their keys have a text. */
function posts(text: string): Record<'an alert' | 'an alert that is over' | 'a group' | 'a digest', Post> {
  const settings = aRule({ title: `{service} ${text}`, text, where: { message: { contains: text } } });
  const samples = Array.from({ length: 3 }, () => ({ ts: T0, service: text, level: 'error', message: text }));
  const told = { key: text, settings, silenceUrl: `https://example.com/?t=${'a'.repeat(400)}` };
  const notice = { labels: { service: text }, samples };
  const keys = Array.from({ length: 5 }, () => ({ key: text, lines: 3, sample: text }));
  return {
    'an alert': anAlertPost(told, notice),
    'an alert that is over': anAlertPost(told, { ...notice, kind: 'resolved', count: 0 }),
    'a group': aGroupPost({ key: text, title: text, measured: text, sample: text }),
    'a digest': aDigestPost({ rules: [{ rule: 'a-rule', alerts: 12, lines: 4310, keys }] }),
  };
}

const whatComes: readonly (readonly [what: string, text: string])[] = [
  ['an ordinary text', 'card declined'],
  ['no text', ''],
  ['the longest texts', `${'a<&`'.repeat(1000)}`],
  ['texts beyond all limits', '😀é'.repeat(60_000)],
  ['half a character at each limit', `x${'😀'.repeat(20_000)}`],
];

// What holds for every destination: a new one is a file in test/helpers/services.
describe.each(services.map((service) => [service.name, service] as const))('%s', (name, service) => {
  function postTo(url: string, post = anAlertPost(), signal = AbortSignal.timeout(10_000)): Promise<DestinationAnswer> {
    const { destination, endpoint } = service.at(url, [aRule()]);
    return destination.post(endpoint, post, signal);
  }

  /** Posts each of these to the service as it is documented: what it answered but for success. */
  async function refusalsOf(text: string): Promise<unknown[]> {
    server ??= await serve(service.take);
    const { url, answered } = server;
    const refused: unknown[] = [];
    for (const [what, post] of Object.entries(posts(text))) {
      const answer = await postTo(url, post);
      if (answer.result !== 'sent') refused.push([what, answer, answered.at(-1)?.body]);
    }
    return refused;
  }

  it.each(whatComes)('takes an alert, what is over, a group and a digest with %s', async (_what, text) => {
    expect(await refusalsOf(text)).toEqual([]);
    expect(server?.answered.length).toBeGreaterThanOrEqual(4);
  });

  it('takes whatever was logged', async () => {
    await fc.assert(
      fc.asyncProperty(nastyText, async (text) => {
        expect(await refusalsOf(text)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it.each(service.refuses)('is stood in for by something that does not take %s', async (_what, asked, status) => {
    expect(await service.take(asked)).toMatchObject({ status });
  });

  const answers = service.answers.map(
    ([answer, means]) => [answer.status, answer.body?.slice(0, 60) ?? '', means, answer] as const,
  );
  it.each(answers)('answers %d %s: %s, and no secret is shown', async (status, _body, means, answer) => {
    server = await serve(({ headers, body }, url) => ({
      ...answer,
      // What is refused may be repeated in the answer; SNS's client reads XML alone.
      ...(status >= 300 && name !== 'SNS'
        ? { body: `${answer.body ?? ''} ${url} ${headers.authorization} ${body}` }
        : {}),
    }));
    const posted = await postTo(server.url);
    expect(posted.result).toBe(means);
    if ('reason' in posted) expect(posted.reason).toContain(String(status));
    if ('retryAfter' in posted && answer.headers?.['retry-after']) expect(posted.retryAfter).toBe(30_000);
    expect(JSON.stringify(posted)).not.toContain(secret);
  });

  it.each(['cut', 'hang'] as const)('is unavailable when the connection is %s', async (fault) => {
    server = await serve(() => fault);
    const signal = AbortSignal.timeout(fault === 'hang' ? 50 : 10_000);
    const posted = await postTo(server.url, anAlertPost(), signal);
    expect(posted).toEqual({ result: 'unavailable', reason: expect.any(String) });
    expect(JSON.stringify(posted)).not.toContain(secret);
  });
});

// SNS has a topic and no URL.
describe.each(services.filter(({ name }) => name !== 'SNS').map((service) => [service.name, service] as const))(
  '%s',
  (_name, service) => {
    it('never throws, nor shows the secret, whatever the URL and the answer', async () => {
      const refusing = await serve((_asked, url): Answer => ({ status: 400, body: `nothing at ${url}` }));
      server = refusing;
      const { destination, endpoint } = service.at(refusing.url, [aRule()]);
      const urls = fc.oneof(
        fc.constant(endpoint.url),
        fc.string().map((tail) => `${endpoint.url}${tail}`),
        fc.string().map((head) => `${head}${secret}`),
        fc.constantFrom('https://', `https://a:${secret}@[`, `file:///${secret}`, `data:${secret}`),
      );
      await fc.assert(
        fc.asyncProperty(urls, async (url) => {
          const { result, ...rest } = await destination.post(
            { ...endpoint, url },
            anAlertPost(),
            AbortSignal.timeout(10_000),
          );
          expect(['refused', 'unavailable']).toContain(result);
          expect(JSON.stringify(rest)).not.toContain(secret);
        }),
        { numRuns: 50 },
      );
      expect(refusing.answered.length).toBeGreaterThan(0);
    });

    it('is refused by the notifier with a remedy once it is gone', async () => {
      server = await serve(() => ({ status: 404, body: 'nothing there' }));
      const { destination, endpoint } = service.at(server.url, [aRule()]);
      const known = { ...destination, endpointOf: async () => endpoint };
      expect(await routeNotifier(() => known).post(anAlertPost())).toEqual({
        result: 'refused',
        reason: expect.stringMatching(/answered 404 .*; put a working webhook URL into the test$/),
      });
    });
  },
);
