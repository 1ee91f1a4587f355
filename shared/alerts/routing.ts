import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';

/** The route of whatever has no other; also the webhook of routes that have none of their own. */
export const defaultRoute = 'default';

/** Alert messages of one route in any minute, unless the configuration says otherwise: more are a storm, and fold into a digest. */
const defaultMessagesPerMinute = 5;

/** Whom a rule tells: its own route, else that of its severity. */
export function routeOf({ route, severity }: Pick<Rule, 'route' | 'severity'>, { routes }: AlertsConfig = {}): string {
  return route ?? routes?.[severity] ?? defaultRoute;
}

/** Whom what concerns Firesplit itself is told. */
export function operationsRoute({ operations_route }: AlertsConfig = {}): string {
  return operations_route ?? defaultRoute;
}

/** Above how many messages a minute a route's alerts fold into a digest. */
export function messagesPerMinute({ messages_per_minute }: AlertsConfig = {}): number {
  return messages_per_minute ?? defaultMessagesPerMinute;
}
