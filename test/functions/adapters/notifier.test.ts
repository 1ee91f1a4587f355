import { describe, expect, it } from '@jest/globals';
import { routeNotifier } from '../../../functions/adapters/notifier.js';
import type { Destination, DestinationAnswer, Endpoint } from '../../../shared/alerts/destination.js';
import { anAlertPost, endpointsAt } from '../../helpers/posts.js';

const gone = { result: 'gone', reason: 'it answered 404' } as const;
const post = anAlertPost();

/** A destination that gives these answers one after the other, and then takes what is posted. */
function answering(endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>, ...answers: DestinationAnswer[]) {
  const posted: Endpoint[] = [];
  const destination: Destination = {
    ...endpoints,
    async post(endpoint) {
      posted.push(endpoint);
      return answers.shift() ?? { result: 'sent' };
    },
  };
  return { posted, destination };
}

const first = { url: 'https://example.com/first' };
const second = { url: 'https://example.com/second' };

describe('routeNotifier', () => {
  it('posts to the endpoint of the route, once', async () => {
    const endpoints = endpointsAt(first);
    const { posted, destination } = answering(endpoints);
    expect(await routeNotifier(() => destination).post(post)).toEqual({ result: 'sent' });
    expect(endpoints.reads).toEqual([['oncall', 'cached']]);
    expect(posted).toEqual([{ owner: 'oncall', name: 'the test', ...first }]);
  });

  it.each<[DestinationAnswer]>([
    [{ result: 'throttled', retryAfter: 7000 }],
    [{ result: 'unavailable', reason: 'down' }],
    [{ result: 'refused', reason: 'no' }],
  ])('passes on %j after one attempt', async (answer) => {
    const { posted, destination } = answering(endpointsAt(first, second), answer);
    expect(await routeNotifier(() => destination).post(post)).toEqual(answer);
    expect(posted).toHaveLength(1);
  });

  it('posts to the successor of an endpoint that is gone', async () => {
    const { posted, destination } = answering(endpointsAt(first, second), gone);
    expect(await routeNotifier(() => destination).post(post)).toEqual({ result: 'sent' });
    expect(posted.map(({ url }) => url)).toEqual([first.url, second.url]);
  });

  it('posts again when only the token was replaced', async () => {
    const endpoints = endpointsAt({ ...first, headers: { a: 'old' } }, { ...first, headers: { a: 'new' } });
    const { posted, destination } = answering(endpoints, gone);
    expect(await routeNotifier(() => destination).post(post)).toEqual({ result: 'sent' });
    expect(posted.map(({ headers }) => headers)).toEqual([{ a: 'old' }, { a: 'new' }]);
  });

  it.each([
    ['has no successor', [first], 1],
    ['has a successor that is gone too', [first, second, { url: 'https://example.com/third' }], 2],
  ])('is refused when an endpoint that is gone %s', async (_name, endpoints, attempts) => {
    const { posted, destination } = answering(endpointsAt(...endpoints), gone, gone);
    expect(await routeNotifier(() => destination).post(post)).toEqual({
      result: 'refused',
      reason: 'it answered 404; put a working webhook URL into the test',
    });
    expect(posted).toHaveLength(attempts);
  });

  it('gives the look-ups and the attempts one and the same time', async () => {
    const signals: AbortSignal[] = [];
    const endpoints = endpointsAt(first, second);
    const destination: Destination = {
      ...endpoints,
      endpointOf(route, signal, freshness) {
        signals.push(signal);
        return endpoints.endpointOf(route, signal, freshness);
      },
      async post(_endpoint, _post, signal) {
        signals.push(signal);
        return gone;
      },
    };
    await routeNotifier(() => destination).post(post);
    expect(signals).toHaveLength(4);
    expect(new Set(signals).size).toBe(1);
  });

  it('is unavailable while the endpoint can not be read', async () => {
    const endpoints = { ...endpointsAt(first), endpointOf: () => Promise.reject(new Error('ThrottlingException')) };
    const notifier = routeNotifier(() => answering(endpoints).destination);
    expect(await notifier.post(post)).toEqual({
      result: 'unavailable',
      reason: "route oncall can't be posted to: ThrottlingException",
    });
    expect(await notifier.ownerOf('oncall')).toBe('oncall');
  });

  it('is unavailable when the route has no endpoint and default has none either', async () => {
    const endpoints = { endpointOf: async () => undefined, placeOf: (route: string) => `the place of ${route}` };
    const notifier = routeNotifier(() => answering(endpoints).destination);
    expect(await notifier.post(post)).toEqual({
      result: 'unavailable',
      reason:
        "route oncall can't be posted to: it has no webhook; put its URL into the place of oncall or the place of default",
    });
    expect(await notifier.ownerOf('oncall')).toBe('oncall');
  });

  it('posts to the endpoint of default, by its destination, for a route that has none', async () => {
    const none = answering({ endpointOf: async () => undefined, placeOf: () => '' });
    const fallback = answering(endpointsAt(first));
    const notifier = routeNotifier((route) => (route === 'default' ? fallback.destination : none.destination));
    expect(await notifier.ownerOf('oncall')).toBe('default');
    expect(await notifier.post(post)).toEqual({ result: 'sent' });
    expect(fallback.posted).toEqual([{ owner: 'default', name: 'the test', ...first }]);
    expect(none.posted).toEqual([]);
  });
});
