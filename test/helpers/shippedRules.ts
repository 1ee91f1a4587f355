import { type ParsedRules, parseRules, readRuleFiles } from '../../shared/rules/language/loadRules.js';

/** The rules that come along. */
export async function shippedRules(): Promise<ParsedRules> {
  return parseRules(await readRuleFiles('infra/rules'));
}
