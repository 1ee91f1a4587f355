import { logTypes } from '../line/schema/index.js';
import type { Rule } from './language/rule.js';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

/**
 * Misses lines of anything: the stream is silent, or all that arrives is late. No rule of a file has this name: theirs hold no
 * colon. Rules about absence go by it, too: while it fires, nobody can tell whether a service is silent.
 */
export const streamRule: Rule & { readonly type: 'absence'; readonly step: number } = {
  name: 'firesplit:no-lines',
  type: 'absence',
  on: logTypes,
  where: {},
  by: [],
  severity: 'critical',
  title: 'No new log lines arrive',
  text: 'Neither of one service nor of another: log routers, network, the stream or its transformation are away or far behind, or everything that logs is. Until lines arrive again, no service is called silent, nothing is called over, and what goes wrong is not told.',
  runbook: 'docs/runbooks/no-lines.md',
  window: 10 * MINUTE,
  lateness: 2 * MINUTE,
  // As the buckets of `no-logs`, so that lines are counted once for both.
  step: 75 * SECOND,
  minCount: 100,
  expect: [],
  forget: 7 * DAY,
  // A write of the one state half a minute, however many invocations there are.
  stepsBy: 30 * SECOND,
  cooldown: HOUR,
  maxCooldown: 8 * HOUR,
  resolveAfter: MINUTE,
  unlessFiring: [],
  mute: [],
  mode: 'live',
};
