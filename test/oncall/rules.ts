import { parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';
import type { Rule } from '../../shared/rules/language/rule.js';

/** The rules that come along, and those that can be had besides. */
export async function rulesOnCall(): Promise<readonly Rule[]> {
  const folders = await Promise.all(['infra/rules', 'infra/optional-rules'].map((folder) => readRuleFiles(folder)));
  return (await parseRules(folders.flat())).rules;
}
