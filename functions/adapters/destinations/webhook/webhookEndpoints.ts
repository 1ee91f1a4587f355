import type { Destination } from '../../../../shared/alerts/destination.js';
import { routeSettings } from '../../../../shared/alerts/routing.js';
import type { AlertsConfig, WebhookSettings } from '../../../../shared/rules/language/alertsConfig.js';
import { namedSecrets } from '../../namedSecrets.js';
import type { Parameters } from '../../parameters.js';

/**
 * The webhooks that infra/firesplit.yml defines. Their secrets are SSM SecureStrings under the path
 * `WEBHOOK_PARAMETER_PREFIX`, or on a laptop the values of `WEBHOOK_PARAMETERS`, a JSON object.
 */
export function webhookEndpoints(
  config: AlertsConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
): Pick<Destination, 'endpointOf' | 'placeOf'> {
  const secrets = namedSecrets('WEBHOOK', env, parameters, { 'ops-token': '…' });

  function placeOf(route: string): string {
    const { url_parameter: parameter } = settingsOf(route, config) ?? {};
    return parameter === undefined ? `alerts.routes.${route} of infra/firesplit.yml` : secrets.nameOf(parameter);
  }

  return {
    async endpointOf(route, signal, freshness) {
      const settings = settingsOf(route, config);
      if (!settings) return undefined;
      const { url_parameter: urlParameter, token_parameter: tokenParameter } = settings;
      const read = (parameter: string) => secrets.required(parameter, 'docs/webhook.md', signal, freshness);
      const url = settings.url ?? (urlParameter === undefined ? '' : await read(urlParameter));
      const token = tokenParameter === undefined ? {} : { authorization: `Bearer ${await read(tokenParameter)}` };
      return { owner: route, name: placeOf(route), url, headers: { ...settings.headers, ...token } };
    },
    placeOf,
  };
}

function settingsOf(route: string, config: AlertsConfig | undefined): WebhookSettings | undefined {
  const webhook = routeSettings(route, config)?.webhook;
  return typeof webhook === 'string' ? { url: webhook } : webhook;
}
