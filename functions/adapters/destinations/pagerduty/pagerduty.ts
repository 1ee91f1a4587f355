import type { Destination } from '../../../../shared/alerts/destination.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { pagerdutyEvents } from '../../../../shared/webhook/pagerduty.js';
import { postEach } from '../http/postEach.js';
import { postJson } from '../http/postJson.js';

const to = { what: 'PagerDuty', remedy: 'see that the integration is one of Events API v2 (docs/routes.md)' };

/** PagerDuty's Events API v2. The key of the integration is the endpoint's key. */
export function pagerdutyDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
): Destination {
  return {
    ...endpoints,
    post: (endpoint, post, signal) =>
      postEach(pagerdutyEvents(post, rules), (event) =>
        postJson(endpoint, { routing_key: endpoint.key, ...event }, to, signal),
      ),
  };
}
