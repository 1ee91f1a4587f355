import type { Measured, Memory } from '../../conditions/index.js';
import type { Shown, Span, Tally } from '../../signals/tally.js';

/**
 * What is remembered of one rule and key, as JSON: in one item with what other rules remember of the key (keyStates.ts), or in one of its own
 * while it is large.
 *
 * At worst: 5 KB of batch ids (while Slack is away; mostly two or three ids), 5 KB of a message under way (three samples of 500
 * characters, labels), 2 KB of samples, as many of lines that are held back, and the buckets of its window: at most 12 + lateness / bucket width, twice 12 for a
 * spike, of 90 bytes each, so 3 KB with a lateness of 2 minutes; 300 bytes of what its windows had before. The most frequent values are
 * 2 KB each in the window (twice), in what is held back and in the message. A cardinality rule has 2 KB of sketch in each bucket with more
 * than a hundred different values: up to 75 KB, or 200 KB with a long lateness. No rule is accepted whose condition might remember more than
 * half of what an item may hold (shared/rules/language/memorySize.ts). A route that was not told while others were is owed up to three
 * notices: 12 KB for each of at most 10 routes. A key that is rarely seen has a few hundred bytes.
 */
export interface AlertState {
  /** The values of the rule's `by` columns. */
  readonly labels: Readonly<Record<string, string>>;
  /** When the key was first heard of, within what is remembered, ms since the epoch; absent in what was stored before it was kept. */
  readonly since?: number | undefined;
  /** Numbers the attempts to tell people; the same for as long as one attempt is under way. */
  readonly claim: number;
  readonly delivery: Delivery;
  /** By route, what it has not been told while another one was; nothing when absent. */
  readonly owed?: Readonly<Record<string, Owed>> | undefined;
  /** That of the last message; none before the first. */
  readonly cooldown?: Cooldown | undefined;
  /** When the condition was last seen to hold, ms since the epoch. */
  readonly firedAt?: number | undefined;
  /** What people were told, and not yet that it is over. */
  readonly episode?: Episode | undefined;
  /** Lines that nobody has been told of. */
  readonly held?: Held | undefined;
  /** The last message went to the log alone: its cooldown and episode are none to a rule that is live. */
  readonly shadow?: true | undefined;
  /** When it was found that a silence until this is over had come to its end: so has each that is no younger, ms since the epoch. */
  readonly silenceOver?: number | undefined;
  /** Nobody may be told for now: when the sweep is to look again. */
  readonly notBefore?: number | undefined;
  /** The newest that was heard of, of a rule that goes by such: older ones change nothing. */
  readonly stateChange?: StateChange | undefined;
  /** The batches that were counted and may not be done with, oldest first (batchLedger.ts). */
  readonly batches: readonly string[];
  /** What the rule's condition goes by. */
  readonly memory: Memory;
}

export type Delivery =
  | { readonly status: 'idle' }
  /** Claimed, and not known to have been posted. After `leaseUntil` whoever comes by may post it. */
  | {
      readonly status: 'pending';
      readonly notice: Notice;
      readonly leaseUntil: number;
      /** How often in a row Slack refused it for good: each time the next attempt is later. */
      readonly refusals: number;
      /** Since when it could not be told, ms since the epoch; absent in the first attempt. */
      readonly since?: number | undefined;
    };

/**
 * What a route has not been told: it was down, muted or refused it, and the other routes of the alert didn't wait for it.
 */
export interface Owed {
  /** In the order in which they are told: at least one, at most three. */
  readonly notices: readonly Notice[];
  /** When the sweep is to try the first of them, ms since the epoch. */
  readonly at: number;
  /** Until `at` only the invocation that claimed it may post the first. */
  readonly isPosting: boolean;
  /** How often in a row it was refused for good. */
  readonly refusals: number;
  /** When it was not told first. */
  readonly since: number;
  /** The notice that was added last: should it be claimed again, its lines are counted already. Absent in what was stored before. */
  readonly added?: Pick<Notice, 'number' | 'count' | 'suppressed'>;
}

/** Of something that says itself when it begins to ring and when that is over. */
export interface StateChange {
  /** When it changed, ms since the epoch. */
  readonly at: number;
  readonly isOver: boolean;
}

/** The end follows from the rule as it stands, so a shortened cooldown counts at once. */
export interface Cooldown {
  /** When the message was claimed, ms since the epoch. */
  readonly start: number;
  /** How many messages went before it without as long a quiet in between. */
  readonly doublings: number;
}

/** From the first line that people were told of to the last one, by event time. */
export interface Episode {
  readonly first: number;
  readonly last: number;
  /** Lines that people were told of; absent in what was stored before they were counted. */
  readonly count?: number;
  readonly measured: Measured;
  /** The routes that hear that it is over; those that the rule has now when absent. */
  readonly routes?: readonly string[] | undefined;
}

/** What is shown is of these lines, the newest first. */
export interface Held extends Span, Partial<Shown> {
  /** What the rule's condition measured last. */
  readonly measured?: Measured;
  /** Why, when it was not the cooldown alone. */
  readonly heldBy?: HoldReason | undefined;
  /** Of lines that wait for another rule to fire: since when, on the clock. */
  readonly waitsFrom?: number;
}

/** What one message tells. `count` is all of its lines, and `suppressed` those of them that were held back before. */
export interface Notice extends Tally {
  /** `resolved`: it is over, or an absent key is back. Its span is that of all lines people were told of, its `count` those they were not. */
  readonly kind: 'firing' | 'resolved';
  /** The claim that it began with. A repeat has the same number, and tells at least as much. */
  readonly number: number;
  readonly suppressed: number;
  /** Why lines were held back, when it was not the cooldown alone. */
  readonly heldBy?: HoldReason;
  /** What the rule's condition measured. */
  readonly measured: Measured;
  /** When the key was first heard of: long before `first` where it is no news. */
  readonly since?: number;
  /** Of a resolved one: the lines that people were told of. */
  readonly told?: number;
  /** Of `resolved`: how it ended, when nobody knows that it is over; absent when it is. */
  readonly ending?: Ending;
}

/**
 * `silent`: whatever it was about logs nothing at all since then. `given up`: a key that was missed for so long that it is not
 * missed any more. ms since the epoch.
 */
export interface Ending {
  readonly as: 'silent' | 'given up';
  readonly since: number;
}

/** Why nobody is told for now. */
export type HoldReason =
  | { readonly by: 'mute' }
  | { readonly by: 'silence'; readonly silence: string; readonly why: string }
  | { readonly by: 'unless firing'; readonly rule: string }
  | { readonly by: 'only if firing'; readonly rule: string }
  /** Neither new lines nor their absence can be told: the stream is silent, or all that arrives is late. */
  | { readonly by: 'no lines' }
  | { readonly by: 'shadow' };
