import { readFileSync } from 'node:fs';
import type { Rule } from '../../shared/rules/language/rule.js';

/** Set by the build: the rules of infra/rules, validated. Absent when the source runs unbuilt. */
declare const BUILT_RULES: readonly Rule[] | undefined;

/** The rules this function was built with, or those of the JSON file that RULES_FILE names. */
export function deployedRules(): readonly Rule[] {
  const file = process.env.RULES_FILE;
  if (file) return JSON.parse(readFileSync(file, 'utf8')) as Rule[];
  return typeof BUILT_RULES === 'undefined' ? [] : BUILT_RULES;
}
