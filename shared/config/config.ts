import type { MetricsConfig } from '../metrics/catalogue.js';
import type { AlertsConfig } from '../rules/language/alertsConfig.js';
import type { LineConfig } from '../treatment/lineConfig.js';
import type { ForwardConfig } from './forwardConfig.js';

/** infra/firesplit.yml. Every key may be absent: without any configuration the defaults apply. */
export interface Config extends LineConfig {
  readonly alerts?: AlertsConfig;
  readonly forward?: ForwardConfig;
  readonly metrics?: MetricsConfig;
}
