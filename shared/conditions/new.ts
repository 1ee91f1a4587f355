import { otherKey } from '../signals/alertKey.js';
import { lateIn } from '../signals/late.js';
import type { Signal } from '../signals/signal.js';
import { tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { utcText } from '../text/wording.js';
import type { ConditionType } from './conditionType.js';
import type { Observation } from './observation.js';
import { isFresh, newestOf, spanOf } from './times.js';

/** A key that was not seen for `remember` before these lines. */
export const newKey: ConditionType<StatedNew, New, Memory, Measured> = {
  durations: { remember: ['1m', '90d'] },
  settings: ({ remember = '30d' }) => ({ remember: milliseconds(remember) }),

  observe: observeNew,
  remembered: ({ remember }) => remember,
  memoryBytes: () => 40,
  // Or else nobody would ever hear of it.
  knownOnceTold: true,

  words: ({ before }, { remember }) =>
    before === undefined
      ? `new: not seen in the ${formatDuration(remember)} before`
      : `new again: not seen since ${utcText(before)}`,
  example: () => ({ measured: {}, lines: 1 }),
};

interface StatedNew {
  readonly remember?: string;
}

interface New {
  readonly remember: number;
}

/** Event time of the newest line. */
interface Memory {
  readonly lastSeen: number;
}

/** When the key was seen before, if ever within what is remembered. */
interface Measured {
  readonly before?: number;
}

/** A key that is known costs a write only now and then, to remember that it is still about. */
function observeNew(
  { remember }: New,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  const tally = { ...tallyOf(signals), ...spanOf(signals, now), ...lateIn(signals, now) };
  const lastSeen = Math.max(newestOf(signals, now), memory?.lastSeen ?? 0);
  // Keys that were folded into one can't be told apart, so any of them may be new.
  const isNew = !memory || tally.first - memory.lastSeen > remember || signals[0].key === otherKey;
  if (isNew) {
    const measured = memory ? { before: memory.lastSeen } : {};
    return { outcome: 'counted', memory: { lastSeen }, firing: { tally, measured } };
  }
  if (isFresh(memory.lastSeen, lastSeen, remember)) return { outcome: 'ignored', reason: 'known' };
  return { outcome: 'noted', memory: { lastSeen } };
}
