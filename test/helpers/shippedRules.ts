import { type ParsedRules, parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';

/** The rules that come along, and those that can be had besides. */
export async function shippedRules(): Promise<ParsedRules> {
  const folders = await Promise.all(['infra/rules', 'infra/optional-rules'].map((folder) => readRuleFiles(folder)));
  return parseRules(folders.flat());
}
