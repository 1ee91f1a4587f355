import type { Tally } from './tally.js';

/** What one message tells. `count` is all of its lines, and `suppressed` those of them that were held back before. */
export interface Notice extends Tally {
  /** `resolved`: it is over, or an absent key is back. */
  readonly kind: 'firing' | 'resolved';
  /** The claim that it began with. A repeat has the same number, and tells at least as much. */
  readonly number: number;
  readonly suppressed: number;
  /** Why lines were held back, when it was not the cooldown alone. */
  readonly heldBy?: HoldReason;
  /** What the rule's condition measured. */
  readonly measured: Measured;
}

/** Times are ms since the epoch, windows are in the rule. */
export type Measured =
  | { readonly type: 'match' }
  | { readonly type: 'frequency'; readonly count: number }
  | { readonly type: 'spike'; readonly current: number; readonly previous: number }
  /** Of the window: `matched` of `total` lines. */
  | { readonly type: 'ratio'; readonly matched: number; readonly total: number }
  /** When the key was seen before, if ever within what is remembered. */
  | { readonly type: 'new'; readonly before?: number }
  /** `exact` is false when there were so many that they are estimated. */
  | { readonly type: 'cardinality'; readonly distinct: number; readonly exact: boolean }
  /** Undefined when the key was never seen. */
  | { readonly type: 'absence'; readonly lastSeen?: number }
  | { readonly type: 'change'; readonly from: string; readonly to: string };

/** Why nobody is told for now. */
export type HoldReason =
  | { readonly by: 'mute' }
  | { readonly by: 'silence'; readonly silence: string; readonly why: string }
  | { readonly by: 'unless firing'; readonly rule: string }
  | { readonly by: 'shadow' };
