import type { AlertsConfig, RouteSettings } from '../rules/language/alertsConfig.js';
import type { Rule } from '../rules/language/rule.js';

/** The route of rules that have no other. Routes without an endpoint of their own post to its endpoint. */
export const defaultRoute = 'default';

/** Routes of one alert: each may be owed notices in the alert's state. Lists of the schemas are as long. */
export const maxRoutes = 10;

/** Single alerts that one endpoint gets in any minute, unless the configuration says otherwise. All others go into a digest. */
const defaultMessagesPerMinute = 5;

/** The routes that a rule posts to: its own, else those of its severity. Each hears of the alert, whatever becomes of the others. */
export function routesOf(
  { route, severity }: Pick<Rule, 'route' | 'severity'>,
  { routes }: AlertsConfig = {},
): readonly string[] {
  const bySeverity = routes?.[severity];
  const stated = route ?? (isNames(bySeverity) ? bySeverity : defaultRoute);
  return [...new Set([stated].flat())];
}

/** The settings of a route that posts to something else than Slack; undefined when it posts to Slack. */
export function routeSettings(route: string, { routes }: AlertsConfig = {}): RouteSettings | undefined {
  const settings = routes?.[route];
  return isNames(settings) ? undefined : settings;
}

/** Whether what a route posts to keeps an incident of each alert, which stays open until it is told that the alert is over. */
export function keepsIncidents(route: string, config: AlertsConfig = {}): boolean {
  const settings = routeSettings(route, config);
  return settings?.pagerduty !== undefined || settings?.opsgenie !== undefined;
}

/** The topics of SNS that alerts are posted to: their ARNs. */
export function snsTopics(config: AlertsConfig = {}): readonly string[] {
  const topics = Object.keys(config.routes ?? {}).flatMap((route) => routeSettings(route, config)?.sns?.topic ?? []);
  return [...new Set(topics)];
}

function isNames(stated: string | readonly string[] | RouteSettings | undefined): stated is string | readonly string[] {
  return typeof stated === 'string' || Array.isArray(stated);
}

/** The route of alerts about Firesplit itself. */
export function operationsRoute({ operations_route }: AlertsConfig = {}): string {
  return operations_route ?? defaultRoute;
}

/** How many single alerts an endpoint gets in any minute; the others go into a digest. */
export function messagesPerMinute({ messages_per_minute }: AlertsConfig = {}): number {
  return messages_per_minute ?? defaultMessagesPerMinute;
}
