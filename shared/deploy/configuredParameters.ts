import { snsTopics } from '../alerts/routing.js';
import type { Config } from '../config/config.js';
import { forwardedTypes } from '../config/forwardConfig.js';

/** Parameters of a deployment that infra/firesplit.yml decides: one place, the configuration, decides what is only there when it is asked for. */
export function configuredParameters({ forward, alerts }: Config): Readonly<Record<string, string>> {
  const enabled = (isWanted: boolean) => (isWanted ? 'Enabled' : 'Disabled');
  return {
    forward: enabled(forward !== undefined),
    forwardTypes: forward ? forwardedTypes(forward).join(',') : '',
    silenceLinks: enabled(alerts?.silence_links === true),
    weeklyCost: enabled(alerts?.weekly_cost_route !== undefined),
    sns: enabled(snsTopics(alerts).length > 0),
    snsTopics: snsTopics(alerts).join(','),
  };
}
