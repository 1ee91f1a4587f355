import type { Destination } from '../../../shared/alerts/destination.js';
import { routeSettings } from '../../../shared/alerts/routing.js';
import type { AlertsConfig, KeyedSettings } from '../../../shared/rules/language/alertsConfig.js';
import { namedSecrets } from '../namedSecrets.js';
import type { Parameters } from '../parameters.js';

type Keyed = 'pagerduty' | 'opsgenie' | 'teams';

/** Where each service is, unless the settings say otherwise; Teams has a URL for each workflow, which is a secret. */
const urls = {
  pagerduty: { us: 'https://events.pagerduty.com/v2/enqueue', eu: 'https://events.eu.pagerduty.com/v2/enqueue' },
  opsgenie: { us: 'https://api.opsgenie.com/v2/alerts', eu: 'https://api.eu.opsgenie.com/v2/alerts' },
} as const;

/**
 * The endpoints of a kind of service, as infra/firesplit.yml defines them. Their secrets are SSM SecureStrings under the path
 * `WEBHOOK_PARAMETER_PREFIX`, or on a laptop the values of `WEBHOOK_PARAMETERS`, a JSON object.
 */
export function keyedEndpoints(
  kind: Keyed,
  config: AlertsConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
): Pick<Destination, 'endpointOf' | 'placeOf'> {
  const secrets = namedSecrets('WEBHOOK', env, parameters, { 'pager-key': '…' });
  const settingsOf = (route: string): KeyedSettings | undefined => routeSettings(route, config)?.[kind];
  const placeOf = (route: string) => {
    const { key_parameter: key, url_parameter: url } = settingsOf(route) ?? {};
    const parameter = key ?? url;
    return parameter === undefined ? `alerts.routes.${route} of infra/firesplit.yml` : secrets.nameOf(parameter);
  };
  return {
    async endpointOf(route, signal, freshness) {
      const settings = settingsOf(route);
      if (!settings) return undefined;
      const { key_parameter: key, url_parameter: parameter, region = 'us', url: stated } = settings;
      const read = (name: string) => secrets.required(name, 'docs/routes.md', signal, freshness);
      const known = kind === 'teams' ? '' : urls[kind][region];
      const url = parameter === undefined ? (stated ?? known) : await read(parameter);
      return { owner: route, name: placeOf(route), url, ...(key === undefined ? {} : { key: await read(key) }) };
    },
    placeOf,
  };
}
