import type { Signal } from '../signals/signal.js';
import type { Tally } from '../signals/tally.js';

/** What a batch's lines of one rule and key come to. */
export type Observation<Memory, Measured> =
  /** They change nothing, so nothing has to be saved. */
  | { readonly outcome: 'ignored'; readonly reason: IgnoredReason; readonly tooLate?: readonly Signal[] }
  | {
      readonly outcome: 'counted';
      readonly memory: Memory;
      readonly firing?: Firing<Measured> | undefined;
      /** Of a type that looks at numbers. */
      readonly noticed?: NoticedNumbers;
      /** Signals that no open window holds any more: they do not count. */
      readonly tooLate?: readonly Signal[];
    }
  /** Nothing was added up, so the same batch again would come to the same: it need not be remembered. */
  | { readonly outcome: 'noted'; readonly memory: Memory; readonly firing?: undefined };

/** Numbers of a sequence, as one batch changes them. */
export interface NoticedNumbers {
  /** Those that a higher one came before. */
  readonly missing: number;
  /** Those of them that came after all. */
  readonly late: number;
  /** Lines whose number had been seen before. */
  readonly doubled: number;
}

export type IgnoredReason = 'too late' | 'out of date' | 'known' | 'unchanged' | 'several keys';

/** The condition holds. */
export interface Firing<Measured> {
  /** The lines for which it holds that were in no firing before; there may be none. */
  readonly tally: Tally;
  readonly measured: Measured;
}
