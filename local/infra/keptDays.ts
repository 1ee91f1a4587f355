import type { KeptDays } from '../meter/usage.js';
import type { Infra } from './infra.js';

/**
 * How long the bucket keeps what is stored, by its lifecycle rules.
 *
 * @throws Error when there is no rule for a kind of objects
 */
export function keptDays(infra: Infra): KeptDays {
  const { LifecycleConfiguration: lifecycle } = infra.resource('LogsBucket').properties;
  const rules: readonly LifecycleRule[] = Object(lifecycle).Rules ?? [];
  const days = (prefix: string) => {
    const found = Number(rules.find(({ Prefix }) => Prefix === prefix)?.ExpirationInDays);
    if (!(found > 0)) throw new Error(`LogsBucket of the infra files has no lifecycle rule that expires ${prefix}.`);
    return found;
  };
  return { landed: days('logs/'), parquet: days('parquet/'), indexes: days('compact/index/') };
}

interface LifecycleRule {
  readonly Prefix?: unknown;
  readonly ExpirationInDays?: unknown;
}
