import type { Destination } from '../../../../shared/alerts/destination.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { opsgenieRequests } from '../../../../shared/webhook/opsgenie.js';
import { postEach } from '../http/postEach.js';
import { postJson } from '../http/postJson.js';

const to = { what: 'Opsgenie', remedy: 'see that the key is one of an API integration (docs/routes.md)' };

/** Opsgenie's API of alerts: the endpoint's URL ends with `/v2/alerts`, and its key is that of an integration. */
export function opsgenieDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
): Destination {
  return {
    ...endpoints,
    post: (endpoint, post, signal) =>
      postEach(opsgenieRequests(post, rules), ({ path, body }) => {
        const headers = { ...endpoint.headers, authorization: `GenieKey ${endpoint.key}` };
        return postJson({ ...endpoint, url: `${endpoint.url}${path}`, headers }, body, to, signal);
      }),
  };
}
