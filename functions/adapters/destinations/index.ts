import type { Destination } from '../../../shared/alerts/destination.js';
import type { StateStore } from '../../../shared/alerts/ports.js';
import { routeSettings } from '../../../shared/alerts/routing.js';
import type { AlertsConfig, Destinations, RouteSettings } from '../../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import type { Parameters } from '../parameters.js';
import { systemClock } from '../systemClock.js';
import { keyedEndpoints } from './keyedEndpoints.js';
import { opsgenieDestination } from './opsgenie/opsgenie.js';
import { pagerdutyDestination } from './pagerduty/pagerduty.js';
import { slackDestination } from './slack/slack.js';
import { slackEndpoints } from './slack/slackEndpoints.js';
import { slackBotDestination } from './slackBot/slackBot.js';
import { slackBotEndpoints } from './slackBot/slackBotEndpoints.js';
import { snsDestination, snsEndpoints } from './sns/sns.js';
import { teamsDestination } from './teams/teams.js';
import { webhookDestination } from './webhook/webhook.js';
import { webhookEndpoints } from './webhook/webhookEndpoints.js';

/** A kind of destination is the key of a route's settings. Routes without settings post to Slack. */
type Kind = 'slack' | keyof Destinations;

/**
 * The destination of each route. Another kind is another folder, and another line in this table.
 *
 * @param rules for what a digest says of them.
 * @param store of what a destination has to remember of its messages.
 */
export function destinations(
  config: AlertsConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
  rules: readonly Rule[],
  store: Pick<StateStore, 'load' | 'save'>,
): (route: string) => Destination {
  const byKind: Readonly<Record<Kind, Destination>> = {
    slack: slackDestination(slackEndpoints(env, parameters), rules),
    webhook: webhookDestination(webhookEndpoints(config, env, parameters), rules),
    pagerduty: pagerdutyDestination(keyedEndpoints('pagerduty', config, env, parameters), rules),
    opsgenie: opsgenieDestination(keyedEndpoints('opsgenie', config, env, parameters), rules),
    teams: teamsDestination(keyedEndpoints('teams', config, env, parameters), rules),
    slack_bot: slackBotDestination(slackBotEndpoints(config, env, parameters), rules, store, systemClock),
    sns: snsDestination(snsEndpoints(config), rules),
  };
  const kinds = Object.keys(byKind) as Kind[];
  return (route) => byKind[kinds.find((kind) => hasKey(routeSettings(route, config), kind)) ?? 'slack'];
}

function hasKey(settings: RouteSettings | undefined, kind: Kind): boolean {
  return settings !== undefined && kind in settings;
}
