import type { Config } from '../../shared/config/config.js';
import { compilePolicy, type LinePolicy } from '../../shared/config/policy.js';
import { compileRules } from '../../shared/rules/match.js';
import type { Rule } from '../../shared/rules/rule.js';
import { buildCorpus, type CorpusName } from './corpus.js';
import { recordsOf, Transform } from './invocation.js';
import { measure } from './measure.js';
import { manyRules } from './ruleSet.js';

/** What a set of rules adds to the transform's CPU time, all of it: gzip in, gzip out. */
export interface RuleSetResult {
  readonly corpus: CorpusName;
  readonly set: string;
  readonly rules: number;
  /** Of the transform, with these rules. */
  readonly nsPerLine: number;
  /** By the transform's time without any rule. */
  readonly ratio: number;
}

export async function measureRules(
  config: Config,
  defaults: readonly Rule[],
  gzipLevel: number,
  rawBytes: number,
  runs: number,
): Promise<RuleSetResult[]> {
  const onAccess = defaults.filter(({ on }) => on.includes('access'));
  return [
    ...(await measureSets('errors and application', { 'the default rules': defaults, 'many rules': manyRules })),
    ...(await measureSets('access', { 'the default rules on access lines': onAccess })),
    ...(await measureSets('access JSON', { 'the default rules on access lines': onAccess })),
    ...(await measureSets('mix', { 'the default rules': defaults })),
  ];

  async function measureSets(
    name: CorpusName,
    sets: Readonly<Record<string, readonly Rule[]>>,
  ): Promise<RuleSetResult[]> {
    const corpus = buildCorpus(name, rawBytes);
    const records = recordsOf(corpus);
    const all: [string, readonly Rule[]][] = [['none', []], ...Object.entries(sets)];
    const policy = (): LinePolicy => compilePolicy(config);
    const candidates = Object.fromEntries(
      all.map(([set, rules]) => {
        const transform = new Transform(policy(), compileRules(rules));
        return [set, () => transform.run(records, gzipLevel)];
      }),
    );
    const costs = await measure(candidates, runs);
    const cpuOf = (set: string) => costs[set]?.cpu ?? Number.NaN;
    return all.map(([set, rules]) => ({
      corpus: name,
      set,
      rules: rules.length,
      nsPerLine: (cpuOf(set) * 1e6) / corpus.lines,
      ratio: cpuOf(set) / cpuOf('none'),
    }));
  }
}
