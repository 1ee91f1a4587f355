import type { Destination } from '../../../../shared/alerts/destination.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { teamsMessage } from '../../../../shared/webhook/teams.js';
import { postJson } from '../http/postJson.js';

const to = { what: 'Teams', remedy: 'see that the workflow posts a card that it is given (docs/routes.md)' };

/** A workflow of Microsoft Teams that posts the Adaptive Card it is given. */
export function teamsDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
): Destination {
  return { ...endpoints, post: (endpoint, post, signal) => postJson(endpoint, teamsMessage(post, rules), to, signal) };
}
