import type { Destination } from '../../../../shared/alerts/destination.js';
import { routeSettings } from '../../../../shared/alerts/routing.js';
import type { AlertsConfig, SlackBotSettings } from '../../../../shared/rules/language/alertsConfig.js';
import { namedSecrets } from '../../namedSecrets.js';
import type { Parameters } from '../../parameters.js';

/** Slack's Web API; `SLACK_API_URL` names a stand-in for it. */
const slackApi = 'https://slack.com/api/';

/**
 * The channels that infra/firesplit.yml names, with the bot token for each: an SSM SecureString under the path
 * `WEBHOOK_PARAMETER_PREFIX`, or on a laptop a value of `WEBHOOK_PARAMETERS`, a JSON object.
 */
export function slackBotEndpoints(
  config: AlertsConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
): Pick<Destination, 'endpointOf' | 'placeOf'> {
  const secrets = namedSecrets('WEBHOOK', env, parameters, { 'slack-bot': 'xoxb-…' });

  function placeOf(route: string): string {
    const { token_parameter: parameter } = settingsOf(route, config) ?? {};
    return parameter === undefined ? `alerts.routes.${route} of infra/firesplit.yml` : secrets.nameOf(parameter);
  }

  return {
    async endpointOf(route, signal, freshness) {
      const settings = settingsOf(route, config);
      if (!settings) return undefined;
      const token = await secrets.required(settings.token_parameter, 'docs/slack.md', signal, freshness);
      const headers = { authorization: `Bearer ${token}` };
      return {
        owner: route,
        name: placeOf(route),
        url: env.SLACK_API_URL ?? slackApi,
        headers,
        channel: settings.channel,
      };
    },
    placeOf,
  };
}

function settingsOf(route: string, config: AlertsConfig | undefined): SlackBotSettings | undefined {
  return routeSettings(route, config)?.slack_bot;
}
