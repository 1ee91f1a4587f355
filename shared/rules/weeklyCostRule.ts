import type { Rule } from './language/rule.js';

const HOUR = 3_600_000;

/**
 * What the stored lines cost, once a week: shared/cost/weeklyMessage.ts makes its signals. No rule of a file has this name: theirs
 * hold no colon.
 */
export const weeklyCostRule: Rule & { readonly type: 'match' } = {
  name: 'firesplit:weekly-cost',
  type: 'match',
  // Of all tables, but no query for them: `firesplit cost --lines` asks it.
  on: [],
  where: {},
  // A key of its own: what is remembered of it is not beside the stream's, which is saved all the time.
  by: ['report'],
  severity: 'info',
  title: 'Stored lines cost {dollars_a_day} a day',
  text: 'At list prices, by what another GB of such lines would add to the bill. `firesplit cost --lines --athena` shows more of them.',
  runbook: 'docs/cost.md#every-week',
  lateness: 5 * 60_000,
  cooldown: HOUR,
  maxCooldown: HOUR,
  unlessFiring: [],
  mute: [],
  mode: 'live',
};
