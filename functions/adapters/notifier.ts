import type { Destination, Endpoint, Freshness } from '../../shared/alerts/destination.js';
import { longestPost, type Notifier, type Post, type PostResult } from '../../shared/alerts/ports.js';
import { defaultRoute } from '../../shared/alerts/routing.js';
import { reasonOf } from './destinations/http/reason.js';

/**
 * Finds the endpoint of a route and has its destination post there, once; a second time only if the destination says that
 * the endpoint is gone and another one has taken its place.
 */
export function routeNotifier(destinationOf: (route: string) => Destination): Notifier {
  /** The route's own endpoint, else that of the route `default`. */
  async function find(route: string, signal: AbortSignal, freshness: Freshness): Promise<Target> {
    const routes = [...new Set([route, defaultRoute])];
    for (const each of routes) {
      const destination = destinationOf(each);
      const endpoint = await destination.endpointOf(each, signal, freshness);
      if (endpoint) return { destination, endpoint };
    }
    const places = routes.map((each) => destinationOf(each).placeOf(each));
    throw new Error(`it has no webhook; put its URL into ${places.join(' or ')}`);
  }

  async function attempt(post: Post, signal: AbortSignal): Promise<PostResult> {
    const first = await find(post.route, signal, 'cached');
    const answer = await first.destination.post(first.endpoint, post, signal);
    if (answer.result !== 'gone') return answer;
    const current = await find(post.route, signal, 'current');
    if (isSame(first.endpoint, current.endpoint)) return refusedBy(current, answer.reason);
    const second = await current.destination.post(current.endpoint, post, signal);
    return second.result === 'gone' ? refusedBy(current, second.reason) : second;
  }

  return {
    async post(post) {
      try {
        // A destination answers within a second; a hanging connection must not use up the invocation.
        return await attempt(post, AbortSignal.timeout(longestPost));
      } catch (error) {
        return { result: 'unavailable', reason: `route ${post.route} can't be posted to: ${reasonOf(error)}` };
      }
    },
    async ownerOf(route) {
      try {
        return (await find(route, AbortSignal.timeout(longestPost), 'cached')).endpoint.owner;
      } catch {
        return route;
      }
    },
  };
}

interface Target {
  readonly destination: Destination;
  readonly endpoint: Endpoint;
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.url === b.url && a.key === b.key && JSON.stringify(a.headers) === JSON.stringify(b.headers);
}

function refusedBy({ endpoint }: Target, reason: string): PostResult {
  return { result: 'refused', reason: `${reason}; put a working webhook URL into ${endpoint.name}` };
}
