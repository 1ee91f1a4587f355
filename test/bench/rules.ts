import type { Config } from '../../shared/config/config.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { buildCorpus, type CorpusName } from './corpus.js';
import { recordsOf, Transform } from './invocation.js';
import { measure } from './measure.js';
import { manyRules } from './ruleSet.js';

/** What a set of rules takes of the transform's CPU time, all of it: gzip in, gzip out. */
export interface RuleSetResult {
  readonly corpus: CorpusName;
  readonly set: string;
  readonly rules: number;
  /** CPU of the transform with the rules, less that of one without. */
  readonly nsPerLine: number;
  /** Of the transform's CPU time, 0 to 1. */
  readonly share: number;
}

export async function measureRules(
  config: Config,
  defaults: readonly Rule[],
  gzipLevel: number,
  rawBytes: number,
  runs: number,
): Promise<RuleSetResult[]> {
  const results: RuleSetResult[] = [];
  for (const name of ['errors and application', 'access', 'access JSON', 'mix'] as const) {
    results.push(await measureSet(name, 'the default rules', defaults));
    if (name === 'errors and application') results.push(await measureSet(name, 'many rules', manyRules));
  }
  return results;

  /** Both are of one process, turn by turn, and the least of each is taken: what others do on the machine is in neither. */
  async function measureSet(name: CorpusName, set: string, rules: readonly Rule[]): Promise<RuleSetResult> {
    const corpus = buildCorpus(name, rawBytes);
    const records = recordsOf(corpus);
    const policy = compilePolicy(config);
    const ruled = new Transform(policy, compileRules(rules));
    const bare = new Transform(policy, compileRules([]));
    const cost = await measure(
      { ruled: () => ruled.run(records, gzipLevel), bare: () => bare.run(records, gzipLevel) },
      runs,
    );
    const inRules = cost.ruled.cpu - cost.bare.cpu;
    return {
      ...{ corpus: name, set, rules: rules.length },
      nsPerLine: (inRules * 1e6) / corpus.lines,
      share: inRules / cost.ruled.cpu,
    };
  }
}
