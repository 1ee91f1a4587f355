import { defaultRoute, operationsRoute, routeSettings, routesOf } from '../../../shared/alerts/routing.js';
import type { Config } from '../../../shared/config/config.js';
import type { AlertsConfig } from '../../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../../shared/rules/language/rule.js';

/** An SSM SecureString that a deployment needs. */
export interface Secret {
  /** Such as `/firesplit/prod/slack/default`. */
  readonly name: string;
  /** What is not told, or does not work, without it. */
  readonly purpose: string;
  /** Another one that takes its place. */
  readonly otherwise?: string;
  /** The page that says how it is made. */
  readonly page: string;
}

/** The secrets of a stage, each once. */
export function secretsOf({ alerts, forward }: Config, rules: readonly Rule[], stage: string): Secret[] {
  const path = (kind: string, name: string) => `/firesplit/${stage}/${kind}/${name}`;
  const routes = usedRoutes(alerts, rules);
  const slack = routes
    .filter((route) => postsToSlack(route, alerts))
    .map(
      (route): Secret => ({
        name: path('slack', route),
        purpose: `the webhook of route ${route}`,
        page: 'docs/slack.md',
        ...(route === defaultRoute ? {} : { otherwise: path('slack', defaultRoute) }),
      }),
    );
  const keys = Object.entries(alerts?.routes ?? {}).flatMap(([route, settings]) =>
    parameterNames(settings).map((name) => ({
      name: path('webhook', name),
      purpose: `a secret of route ${route}`,
      page: 'docs/routes.md',
    })),
  );
  const sinks = parameterNames(forward).map((name) => ({
    name: path('forward', name),
    purpose: 'the key of the service that rows are forwarded to',
    page: 'docs/forward.md',
  }));
  const links = alerts?.silence_links
    ? [
        {
          name: path('silence', 'link-keys'),
          purpose: 'what signs the links that silence',
          page: 'docs/silences.md',
        },
      ]
    : [];
  const all = [...slack, ...keys, ...sinks, ...links];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** Every route that an alert may take: those of rules and of the routing table, where they fall back to, and those of operations and of the weekly bill. */
export function usedRoutes(alerts: AlertsConfig | undefined, rules: readonly Rule[]): string[] {
  const first = [
    ...rules.flatMap((rule) => routesOf(rule, alerts)),
    ...(alerts?.routing ?? []).flatMap(({ route }) => [route].flat()),
    operationsRoute(alerts),
    alerts?.weekly_cost_route ?? [],
  ].flat();
  const all = new Set(first);
  for (const route of all) {
    const fallback = routeSettings(route, alerts)?.fallback;
    if (fallback !== undefined) all.add(fallback);
  }
  return [...all];
}

const otherKinds = ['webhook', 'slack_bot', 'pagerduty', 'opsgenie', 'teams', 'sns'] as const;

function postsToSlack(route: string, alerts: AlertsConfig | undefined): boolean {
  const settings = routeSettings(route, alerts);
  return !otherKinds.some((kind) => settings?.[kind] !== undefined);
}

/** The values of all keys that end in `_parameter`: the last part of a secret's name. */
function parameterNames(section: unknown): string[] {
  if (typeof section !== 'object' || section === null) return [];
  return Object.entries(section).flatMap(([key, value]) =>
    key.endsWith('_parameter') && typeof value === 'string' ? [value] : parameterNames(value),
  );
}
