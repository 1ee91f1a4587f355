import { stat } from 'node:fs/promises';
import type { Config } from '../../../shared/config/config.js';
import { loadConfig } from '../../../shared/config/load.js';
import {
  type ParsedRules,
  parseRules,
  RuleFileError,
  readRuleFiles,
} from '../../../shared/rules/language/loadRules.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { nearestWord } from '../../../shared/yaml/nearest.js';

/** What rules are tried with: themselves, and how their lines are read. */
export interface TriedRules {
  readonly rules: readonly Rule[];
  readonly tests: ParsedRules['tests'];
  readonly config: Config;
}

/**
 * Reads a folder of rules that are to be tried.
 *
 * @throws RuleFileError or ConfigError that lists what is wrong with the files
 */
export async function readTriedRules(dir: string, configPath: string): Promise<TriedRules> {
  const found = await stat(dir).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`${dir} is not a folder; name the folder that holds the rule files`);
  const config = await loadConfig(configPath);
  const { rules, tests, problems } = await parseRules(await readRuleFiles(dir), config.alerts);
  if (problems.length > 0) throw new RuleFileError(problems);
  return { rules, tests, config };
}

/**
 * The rules that `--rule` names; all of them without it.
 *
 * @throws Error when there is none of this name
 */
export function chosenRules(rules: readonly Rule[], name: string | undefined): readonly Rule[] {
  if (name === undefined) return rules;
  const rule = rules.find((each) => each.name === name);
  if (rule) return [rule];
  const names = rules.map((each) => each.name);
  const nearest = nearestWord(name, names);
  const advice = nearest ? `did you mean "${nearest}"?` : `the rules are ${names.join(', ') || '(none)'}`;
  throw new Error(`there is no rule "${name}"; ${advice}`);
}
