import type { Rule } from './language/rule.js';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/**
 * Tells of a service whose lines have been dated wrongly for some minutes, once a day at most. No rule of a file has this name:
 * theirs hold no colon.
 */
export const clockRule: Rule & { readonly type: 'new' } = {
  name: 'firesplit:clock-off',
  type: 'new',
  // Lines of all tables, but no query for them: what tells them is in no column.
  on: [],
  where: {},
  by: ['service'],
  severity: 'warning',
  title: 'The clock of {service} is off',
  text: 'Its lines are dated minutes from when they arrive, always as far: a clock that is not set, or a time zone that is not stated. Alerts go by when they were read or arrived; in the tables they have the times that they state.',
  runbook: 'docs/runbooks/clock-off.md',
  remember: DAY,
  learn: 0,
  burst: 5,
  lateness: 5 * MINUTE,
  cooldown: HOUR,
  maxCooldown: HOUR,
  unlessFiring: [],
  mute: [],
  mode: 'live',
};
