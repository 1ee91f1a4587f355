import type { Rule } from '../rules/rule.js';
import { addSpan, addTally, type Span, type Tally } from './tally.js';

/**
 * How long one invocation may take to post a message before another one may post it instead. Longer than
 * functions/alert can run (30 s), shorter than SQS hides a message (180 s): whoever finds it over finds a dead claimer.
 */
export const leaseTime = 60_000;

/**
 * Batches that a key remembers to have counted. SQS redelivers by itself within 30 minutes (10 receives, 180 s apart),
 * so this is enough for a key that matches in a batch every 7 s; each costs 17 bytes of every write of a busy key.
 * A redrive from the dead-letter queue may come up to 14 days later, and counts a batch twice only if a key has had
 * this many batches since.
 */
export const rememberedBatches = 256;

/** Hexadecimal digits of a batch id that are remembered: 64 bits, which never collide among a few hundred. */
const rememberedDigits = 16;

/** What one message tells. `count` is all of its matches, and `suppressed` those of them that were held back before. */
export interface Notice extends Tally {
  /** The claim that it began with. A repeat has the same number, and tells at least as much. */
  readonly number: number;
  readonly suppressed: number;
}

/** What is remembered of one rule and key. */
export interface AlertState {
  /** Numbers the attempts to tell people; the same for as long as one attempt is under way. */
  readonly claim: number;
  /** When the last message was claimed, ms since the epoch. The end follows from the rule as it stands, so a shortened cooldown counts at once. */
  readonly cooldownStart: number;
  readonly delivery: Delivery;
  /** Matches since then that nobody has been told of. */
  readonly suppressed?: Span;
  /** The batches counted last, oldest first. */
  readonly batches: readonly string[];
}

type Delivery =
  | { readonly status: 'sent' }
  /** Claimed, and not known to have been posted. After `leaseUntil` whoever comes by may post it. */
  | { readonly status: 'pending'; readonly notice: Notice; readonly leaseUntil: number };

export type Decision =
  | {
      readonly action: 'notify';
      readonly reason: 'first' | 'cooldown over' | 'retry unsent';
      readonly notice: Notice;
      readonly next: AlertState;
    }
  | { readonly action: 'suppress'; readonly reason: 'in cooldown' | 'being sent'; readonly next: AlertState }
  /** Another invocation is posting. Should it die, only a redelivery of this batch would tell, so it must come back. */
  | { readonly action: 'wait'; readonly reason: 'being sent'; readonly next: AlertState }
  | { readonly action: 'none'; readonly reason: 'already counted'; readonly next: AlertState };

/**
 * Decides whether people are told of the matches that one batch holds for one rule and key.
 *
 * `next` is to be stored before the message is posted (the claim) and `settle`d after it (the mark), each only if the
 * stored state is still the one decided upon. A crash in between may then repeat a message and never loses one.
 *
 * @param state what is remembered of the rule and key; undefined when it never matched.
 * @param batch the id of the batch: what it was already counted for is not counted again.
 * @param now ms since the epoch.
 */
export function decide(state: AlertState | undefined, rule: Rule, batch: string, tally: Tally, now: number): Decision {
  const id = batch.slice(0, rememberedDigits);
  if (!state) return notify('first', 1, { ...tally, number: 1, suppressed: 0 }, [id], now);

  const { delivery, suppressed } = state;
  const leased = delivery.status === 'pending' && now < delivery.leaseUntil;
  const claim = state.claim + 1;
  if (state.batches.includes(id)) {
    if (delivery.status === 'sent') return { action: 'none', reason: 'already counted', next: state };
    if (leased) return { action: 'wait', reason: 'being sent', next: state };
    return notify('retry unsent', claim, withHeldBack(delivery.notice, suppressed), state.batches, now);
  }

  const batches = [...state.batches, id].slice(-rememberedBatches);
  if (delivery.status === 'pending' && !leased) {
    const unsent = withHeldBack(delivery.notice, suppressed);
    const notice = { ...unsent, ...addTally(tally, unsent) };
    return notify('retry unsent', claim, notice, batches, now);
  }
  const cooling = now < state.cooldownStart + rule.cooldown;
  if (cooling || leased) {
    const next = { ...state, batches, suppressed: addSpan(tally, suppressed) };
    return { action: 'suppress', reason: cooling ? 'in cooldown' : 'being sent', next };
  }
  const notice = withHeldBack({ ...tally, number: claim, suppressed: 0 }, suppressed);
  return notify('cooldown over', claim, notice, batches, now);
}

/**
 * The state after an attempt to post: marked as sent, or free for the next attempt at once.
 * Undefined when the attempt is no longer the current one and there is nothing to change.
 */
export function settle(state: AlertState, claim: number, sent: boolean): AlertState | undefined {
  const { delivery } = state;
  if (state.claim !== claim || delivery.status === 'sent') return undefined;
  return { ...state, delivery: sent ? { status: 'sent' } : { ...delivery, leaseUntil: 0 } };
}

function notify(
  reason: (Decision & { action: 'notify' })['reason'],
  claim: number,
  notice: Notice,
  batches: readonly string[],
  now: number,
): Decision {
  const delivery = { status: 'pending', notice, leaseUntil: now + leaseTime } as const;
  return { action: 'notify', reason, notice, next: { claim, cooldownStart: now, delivery, batches } };
}

/** A notice together with the matches that nobody has been told of. */
function withHeldBack(notice: Notice, heldBack: Span | undefined): Notice {
  if (!heldBack) return notice;
  return { ...notice, ...addTally(notice, heldBack), suppressed: notice.suppressed + heldBack.count };
}
