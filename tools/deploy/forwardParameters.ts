import type { Config } from '../../shared/config/config.js';
import { forwardedTypes } from '../../shared/config/forwardConfig.js';

/** Parameters of serverless.yml: one place, the configuration, decides whether anything is forwarded. */
export function forwardParameters({ forward }: Config): { readonly deployed: string; readonly types: string } {
  return { deployed: forward ? 'Enabled' : 'Disabled', types: forward ? forwardedTypes(forward).join(',') : '' };
}
