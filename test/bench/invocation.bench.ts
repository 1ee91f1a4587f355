import { gzipLevel } from '../../functions/transform/environment.js';
import '../../functions/transform/linearPatterns.js';
import { loadConfig } from '../../shared/config/load.js';
import { loadRules } from '../../shared/rules/language/loadRules.js';
import { compileRules } from '../../shared/rules/matching/match.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { buildCorpus } from './corpus.js';
import { Transform } from './invocation.js';
import { type InvocationRequest, measureTransform } from './invocations.js';

/** Started by invocations.ts: one transform beside the baseline. */
const { corpus, rawBytes, runs, withRules } = JSON.parse(process.argv[2] ?? '') as InvocationRequest;
const config = await loadConfig('infra/firesplit.yml');
const rules = withRules ? await loadRules('infra/rules', config.alerts) : [];
const transform = new Transform(compilePolicy(config), compileRules(rules));
console.log(JSON.stringify(await measureTransform(buildCorpus(corpus, rawBytes), transform, gzipLevel, runs)));
