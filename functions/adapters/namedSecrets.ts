import type { Freshness } from '../../shared/alerts/destination.js';
import type { Parameters } from './parameters.js';
import { secretMap } from './secretMap.js';

/** Secrets that infra/firesplit.yml names by the last part of their name. */
export interface NamedSecrets {
  /** What an operator calls it. */
  nameOf(parameter: string): string;
  /**
   * @param page of the docs that says how to set it
   * @throws Error when there is none, or it can't be read in time.
   */
  required(parameter: string, page: string, signal: AbortSignal, freshness: Freshness): Promise<string>;
}

/**
 * SSM SecureStrings under the path `<KIND>_PARAMETER_PREFIX`, or on a laptop the values of `<KIND>_PARAMETERS`, a JSON object.
 *
 * @param example of that object
 */
export function namedSecrets(
  kind: 'WEBHOOK' | 'FORWARD',
  env: Readonly<Record<string, string | undefined>>,
  parameters: Parameters,
  example: object,
): NamedSecrets {
  const [variable, prefix] = [`${kind}_PARAMETERS`, env[`${kind}_PARAMETER_PREFIX`] ?? ''];
  const values = env[variable];
  const known = values ? secretMap(variable, values, example) : undefined;
  const nameOf = (parameter: string) => (known ? `${variable}.${parameter}` : `SSM parameter ${prefix}${parameter}`);
  return {
    nameOf,
    async required(parameter, page, signal, freshness) {
      const value = known ? known[parameter] : await parameters.read(`${prefix}${parameter}`, signal, freshness);
      if (value === undefined) throw new Error(`${nameOf(parameter)} is missing; ${page} says how to set it`);
      return value;
    },
  };
}
