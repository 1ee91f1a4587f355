import { otherKey } from '../signals/alertKey.js';
import { lateIn } from '../signals/late.js';
import type { Signal } from '../signals/signal.js';
import { tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { counted, utcText } from '../text/wording.js';
import type { ConditionType } from './conditionType.js';
import type { Newcomers } from './newcomers.js';
import type { Observation } from './observation.js';
import { isFresh, newestOf, spanOf } from './times.js';

/** A key that was not seen for `remember` before these lines. */
export const newKey: ConditionType<StatedNew, New, Memory, Measured> = {
  durations: { remember: ['1m', '90d'], learn: ['0s', '30d'] },
  settings: ({ remember = '30d', learn = '0s', burst = 5 }) => ({
    remember: milliseconds(remember),
    learn: milliseconds(learn),
    burst,
  }),
  problems: ({ learn }, rule) => {
    if (rule.learn <= rule.remember) return [];
    const message = `what is learned for ${learn} would be forgotten after ${formatDuration(rule.remember)}; make "learn" shorter, or "remember" longer`;
    return [{ path: ['learn'], message }];
  },

  observe: observeNew,
  remembered: ({ remember }) => remember,
  // Of each newcomer 11 characters of a hash and a time.
  memoryBytes: ({ burst }) => 100 + 32 * burst,
  // Or else nobody would ever hear of it.
  knownOnceTold: true,

  words: ({ before, keys }, { remember }) => {
    if (keys !== undefined)
      return `${counted(keys, 'more new key')}: not seen in the ${formatDuration(remember)} before`;
    return before === undefined
      ? `new: not seen in the ${formatDuration(remember)} before`
      : `new again: not seen since ${utcText(before)}`;
  },
  example: () => ({ measured: {}, lines: 1 }),
};

interface StatedNew {
  readonly remember?: string;
  readonly learn?: string;
  readonly burst?: number;
}

interface New {
  readonly remember: number;
  /** For how long after it was first looked at by the rule a key is remembered and not told; none when 0. */
  readonly learn: number;
  /** How many keys of a group are told singly within an hour (newcomers.ts). */
  readonly burst: number;
}

export interface Memory {
  /** Event time of the newest line. */
  readonly lastSeen: number;
  /** Of the key that stands for several of its group. */
  readonly newcomers?: Newcomers;
}

/** When the key was seen before, if ever within what is remembered. */
interface Measured {
  readonly before?: number;
  /** How many new keys are told together, of those that are. */
  readonly keys?: number;
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
    return { outcome: 'counted', memory: { ...memory, lastSeen }, firing: { tally, measured } };
  }
  if (isFresh(memory.lastSeen, lastSeen, remember)) return { outcome: 'ignored', reason: 'known' };
  return { outcome: 'noted', memory: { ...memory, lastSeen } };
}
