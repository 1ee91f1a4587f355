import type { Destination } from '../../../../shared/alerts/destination.js';
import { routeSettings } from '../../../../shared/alerts/routing.js';
import type { AlertsConfig } from '../../../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../../../shared/rules/language/rule.js';
import { emailOf } from '../../../../shared/webhook/email.js';
import { answerOf } from './answer.js';
import { type Publish, publishToTopic } from './publish.js';

/** A topic of Amazon SNS, which sends what is published as e-mails to its subscribers. The endpoint's URL is its ARN. */
export function snsDestination(
  endpoints: Pick<Destination, 'endpointOf' | 'placeOf'>,
  rules: readonly Rule[],
  publish: Publish = publishToTopic,
): Destination {
  return {
    ...endpoints,
    async post(endpoint, post, signal) {
      try {
        await publish(endpoint.url, emailOf(post, rules), signal);
        return { result: 'sent' };
      } catch (error) {
        return answerOf(error, endpoint);
      }
    },
  };
}

/** The topics that infra/firesplit.yml names. */
export function snsEndpoints(config: AlertsConfig | undefined): Pick<Destination, 'endpointOf' | 'placeOf'> {
  const placeOf = (route: string) => `alerts.routes.${route}.sns of infra/firesplit.yml`;
  return {
    async endpointOf(route) {
      const topic = routeSettings(route, config)?.sns?.topic;
      return topic === undefined ? undefined : { owner: route, name: placeOf(route), url: topic };
    },
    placeOf,
  };
}
