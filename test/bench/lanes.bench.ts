import '../../functions/transform/linearPatterns.js';
import { loadConfig } from '../../shared/config/load.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { measureLanes } from './lanes.js';

/** Started by main.bench.ts: how many lines a lane reads, and what the others cost. */
const { lines, rounds } = JSON.parse(process.argv[2] ?? '') as { readonly lines: number; readonly rounds: number };
const policy = compilePolicy(await loadConfig('infra/firesplit.yml'));
console.log(JSON.stringify(await measureLanes(policy, lines, rounds)));
