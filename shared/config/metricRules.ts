import { defaultNames } from '../redact/defaults.js';
import { personalRules } from '../redact/personal.js';
import { unknownWord } from '../yaml/jsonSchema.js';
import { type Problem, parseSource, type SourceFile } from '../yaml/source.js';
import type { Config } from './config.js';

/**
 * Names under `metrics.rules` of a configuration that no rule has: their metrics would never be written.
 *
 * @param file of the configuration, which has no other problem
 * @param alertRules all that there are
 */
export function unknownMetricRules(file: SourceFile, alertRules: readonly { readonly name: string }[]): Problem[] {
  const source = parseSource(file);
  if (source.problems) return [];
  const config = (source.value ?? {}) as Config;
  const known = [...alertRules.map(({ name }) => name), ...ownNames(config)];
  return (config.metrics?.rules ?? []).flatMap((name, index) =>
    known.includes(name)
      ? []
      : [source.place({ path: ['metrics', 'rules', index], message: unknownWord('rule', name, known) })],
  );
}

/** Rules that redact, drop or sample. */
function ownNames({ redact, access }: Config): string[] {
  const stated = [redact?.rules, access?.drop, access?.sample].flatMap((rules = []) => rules.map(({ name }) => name));
  return [...stated, ...defaultNames, ...Object.keys(personalRules)];
}
