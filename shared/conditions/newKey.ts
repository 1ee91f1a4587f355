import type { MemoryOf } from '../alerts/state/alertState.js';
import type { Rule } from '../rules/language/rule.js';
import { otherKey } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import { tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { Observation } from './observation.js';
import { isFresh, newestOf, spanOf } from './times.js';

type NewMemory = MemoryOf<'new'>;

/**
 * A key that was not seen for `remember` before these lines. One that is known costs a write only now and then, to remember
 * that it is still about.
 */
export function observeNew(
  { remember }: Extract<Rule, { type: 'new' }>,
  memory: NewMemory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<NewMemory> {
  const tally = { ...tallyOf(signals), ...spanOf(signals, now) };
  const lastSeen = Math.max(newestOf(signals, now), memory?.lastSeen ?? 0);
  // Keys that were folded into one can't be told apart, so any of them may be new.
  const isNew = !memory || tally.first - memory.lastSeen > remember || signals[0].key === otherKey;
  if (isNew) {
    const measured = { type: 'new', ...(memory ? { before: memory.lastSeen } : {}) } as const;
    return { outcome: 'counted', memory: { type: 'new', lastSeen }, firing: { tally, measured } };
  }
  if (isFresh(memory.lastSeen, lastSeen, remember)) return { outcome: 'ignored', reason: 'known' };
  return { outcome: 'noted', memory: { type: 'new', lastSeen } };
}
