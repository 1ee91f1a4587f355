import type { Config } from '../../shared/config/config.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { buildCorpus, type CorpusName } from './corpus.js';
import { recordsOf, Transform } from './invocation.js';
import { measureOne, median } from './measure.js';
import { manyRules } from './ruleSet.js';

/** What a set of rules takes of the transform's CPU time, all of it: gzip in, gzip out. */
export interface RuleSetResult {
  readonly corpus: CorpusName;
  readonly set: string;
  readonly rules: number;
  /** In the rules. */
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

  /**
   * The time in the rules and that of the whole run are of the same run: between one with rules and one without, a
   * machine that others use changes its speed by more than the rules cost.
   */
  async function measureSet(name: CorpusName, set: string, rules: readonly Rule[]): Promise<RuleSetResult> {
    const corpus = buildCorpus(name, rawBytes);
    const records = recordsOf(corpus);
    const inRules: number[] = [];
    const clock = new Clock();
    const transform = new Transform(compilePolicy(config), compileRules(rules), clock.time);
    const cpu = await measureOne(async () => {
      clock.ms = 0;
      await transform.run(records, gzipLevel);
      inRules.push(clock.ms);
    }, runs);
    const measured = inRules.slice(-runs);
    const share = median(measured.map((ms, run) => ms / (cpu[run] ?? Number.NaN)));
    return { corpus: name, set, rules: rules.length, nsPerLine: (median(measured) * 1e6) / corpus.lines, share };
  }
}

/** Adds up what it times, its own readings included. */
class Clock {
  ms = 0;

  readonly time = <T>(work: () => T): T => {
    const start = performance.now();
    const result = work();
    this.ms += performance.now() - start;
    return result;
  };
}
