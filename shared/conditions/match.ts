import { lateIn } from '../signals/late.js';
import { tallyOf } from '../signals/tally.js';
import type { ConditionType } from './conditionType.js';

/** One line is enough: there is nothing to set, to remember or to measure. */
export const match: ConditionType<Nothing, Nothing, Nothing, Nothing> = {
  settings: () => ({}),
  observe: (_rule, _memory, signals, now) => ({
    outcome: 'counted',
    memory: {},
    firing: { tally: { ...tallyOf(signals), ...lateIn(signals, now) }, measured: {} },
  }),
  remembered: () => 0,
  memoryBytes: () => 2,
  words: () => undefined,
  example: () => ({ measured: {}, lines: 1 }),
};

type Nothing = Readonly<Record<never, never>>;
