import type { Destination } from '../../../../shared/alerts/destination.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { webhookPayload } from '../../../../shared/webhook/payload.js';
import { postJson } from '../http/postJson.js';

/**
 * Any HTTP server that takes JSON: docs/webhook.md.
 *
 * @param rules for what a digest says of them.
 */
export function webhookDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
): Destination {
  const to = { what: 'the webhook', remedy: 'have it take what docs/webhook.md describes' };
  return {
    ...endpoints,
    post: (endpoint, post, signal) => postJson(endpoint, webhookPayload(post, rules), to, signal),
  };
}
