import { type Measured, type Memory, typeOf } from '../../conditions/index.js';
import type { Firing, IgnoredReason } from '../../conditions/observation.js';
import type { Rule } from '../../rules/language/rule.js';
import { addSpan, joinShown } from '../../signals/tally.js';
import type { AlertState, Cooldown, Delivery, Episode, Held, HoldReason, Notice } from './alertState.js';
import { isCooling, nextCooldown } from './cooldown.js';
import { firingTime, heldUntil, overAt, quietFrom } from './due.js';
import { firingNotice, heldNotice, resolvedNotice, withFiring, withHeld } from './notice.js';
import { outOfShadow } from './shadow.js';

/**
 * How long one invocation may take to post a message before another one may post it instead. It is longer than functions/alert
 * can run (30 s), so the invocation of a lease that is over has ended; and shorter than SQS hides a message (210 s).
 */
export const leaseTime = 60_000;

/** How long the sweep leaves a message alone that may not be posted yet. */
export const holdPause = 60_000;

/** `next` is to be saved, except where it says otherwise, before anything is posted. */
export type Decision =
  | {
      readonly action: 'notify';
      readonly reason: 'first' | 'cooldown over' | 'hold over' | 'retry unsent' | 'resolved';
      readonly notice: Notice;
      /** What to `settle` once it was posted, or could not be. */
      readonly claim: number;
      readonly next: AlertState;
    }
  | {
      readonly action: 'suppress';
      readonly reason: 'in cooldown' | 'being sent' | HoldReason['by'];
      /** In shadow mode: the notice that would have been posted, for the log. */
      readonly notice?: Notice;
      readonly next: AlertState;
    }
  /**
   * Another invocation is posting the message, or it was refused a moment ago. The batch must come back: if the other
   * invocation dies, the batch posts the message; and its own lines may not be counted yet. Nothing has to be saved.
   */
  | { readonly action: 'wait'; readonly reason: 'being sent' | 'refused'; readonly next: AlertState }
  | {
      readonly action: 'none';
      readonly reason: 'already counted' | 'counted' | 'given up' | 'not due' | IgnoredReason;
      /** Undefined when there is nothing to save. */
      readonly next: AlertState | undefined;
    };

type Notify = Decision & { action: 'notify' };
type Suppress = Decision & { action: 'suppress' };
type Pending = Delivery & { status: 'pending' };

/**
 * Decides what happens to a key whose lines are counted: a notice, or none for now.
 *
 * @param firing the condition holds, for the lines just counted or for there being none.
 */
export function notifyOrHold(
  state: AlertState,
  rule: Rule,
  now: number,
  firing: Firing<Measured> | undefined,
  hold: HoldReason | undefined,
): Decision {
  const isShadow = rule.mode === 'shadow' || hold?.by === 'shadow';
  if (!isShadow) return decideLive(outOfShadow(state), rule, now, firing, hold);

  const decision = decideLive(state, rule, now, firing, hold?.by === 'shadow' ? undefined : hold);
  if (decision.action !== 'notify') return decision;
  const { notice, next } = decision;
  return { action: 'suppress', reason: 'shadow', notice, next: { ...asSent(next, notice), shadow: true } };
}

/** The state after the notice was posted. */
export function asSent(state: AlertState, { kind }: Notice): AlertState {
  return { ...state, delivery: { status: 'idle' }, ...(kind === 'resolved' ? { episode: undefined } : {}) };
}

function decideLive(
  state: AlertState,
  rule: Rule,
  now: number,
  firing: Firing<Measured> | undefined,
  hold: HoldReason | undefined,
): Decision {
  if (firing) return decideFiring(state, rule, now, firing, hold);
  const { delivery } = state;
  if (delivery.status === 'pending') {
    if (now < delivery.leaseUntil) return { action: 'none', reason: 'counted', next: state };
    return hold ? putOff(state, now, hold) : retry(state, now, delivery);
  }
  if (now >= overAt(state, rule)) return hold ? putOff(state, now, hold) : resolve(state, now);
  if (state.held && now >= heldUntil(state, rule)) {
    if (!hold) return tellHeld(state, rule, now, state.held);
    return hold.by === 'only if firing' && now >= quietFrom(state, rule) ? giveUp(state) : putOff(state, now, hold);
  }
  return { action: 'none', reason: 'counted', next: state };
}

function decideFiring(
  state: AlertState,
  rule: Rule,
  now: number,
  firing: Firing<Measured>,
  hold: HoldReason | undefined,
): Decision {
  const { delivery } = state;
  const isLeased = delivery.status === 'pending' && now < delivery.leaseUntil;
  // It fires again before "it is over" was posted, so that notice is dropped.
  const unresolved = isLeased ? state : withoutResolved(state);
  const fired: AlertState = { ...unresolved, firedAt: now, notBefore: undefined };

  if (hold?.by === 'only if firing') return putOff(holdForOther(fired, rule, now, firing, hold), now, hold);
  if (hold) return putOff(holdBack(fired, firing, hold), now, hold);
  if (!isLeased && fired.delivery.status === 'pending') return retry(fired, now, fired.delivery, firing);
  if (isCooling(state, rule, now)) return { action: 'suppress', reason: 'in cooldown', next: holdBack(fired, firing) };
  if (isLeased) {
    // The message is tried again later, perhaps in an hour, and will count these lines as well.
    if (delivery.refusals > 0) return { action: 'suppress', reason: 'being sent', next: holdBack(fired, firing) };
    return { action: 'wait', reason: 'being sent', next: state };
  }
  const lines = firing.tally.count + (state.held?.count ?? 0);
  if (lines === 0 && !typeOf(rule).missing) return { action: 'none', reason: 'counted', next: fired };
  const notice = withHeld(firingNotice(state.claim + 1, firing), fired.held);
  const reason = state.cooldown ? 'cooldown over' : 'first';
  return notify(reason, fired, now, notice, { cooldown: nextCooldown(state, rule, now) });
}

/** Posts a notice again that may not have been posted, together with the lines that came since. */
function retry(state: AlertState, now: number, { notice, refusals }: Pending, firing?: Firing<Measured>): Notify {
  const grown = withHeld(firing ? withFiring(notice, firing) : notice, state.held);
  const doublings = state.cooldown?.doublings ?? 0;
  const cooldown = notice.kind === 'firing' ? { start: now, doublings } : state.cooldown;
  return notify('retry unsent', state, now, grown, { cooldown, refusals });
}

function resolve(state: AlertState, now: number): Decision {
  const { episode, cooldown } = state;
  if (!episode) return { action: 'none', reason: 'counted', next: state };
  return notify('resolved', state, now, resolvedNotice(state.claim + 1, state, episode), { cooldown });
}

/**
 * Misses a key no longer. Whoever was told that it is missed, and expects to hear when that is over, hears that it won't be.
 *
 * @param forgotten what is remembered of such a key
 */
export function giveUpKey(
  stored: AlertState,
  rule: Rule,
  now: number,
  forgotten: Memory,
  hold: HoldReason | undefined,
): Decision {
  const state = rule.mode === 'live' ? outOfShadow(stored) : stored;
  const { episode, cooldown } = state;
  if (!episode || rule.resolveAfter === undefined || rule.mode === 'shadow') {
    return { action: 'none', reason: 'given up', next: { ...state, memory: forgotten, episode: undefined } };
  }
  if (hold) return putOff(state, now, hold);
  const notice = resolvedNotice(state.claim + 1, state, episode);
  const ending = { as: 'given up', since: notice.last } as const;
  return notify('resolved', { ...state, memory: forgotten }, now, { ...notice, ending }, { cooldown });
}

/** Lines that were held back, and that no later line brought out. */
function tellHeld(state: AlertState, rule: Rule, now: number, held: Held): Decision {
  const { firedAt = 0, episode } = state;
  const notice = heldNotice(state.claim + 1, state, held);
  const decision = notify('hold over', state, now, notice, { cooldown: nextCooldown(state, rule, now) });
  // What is over by now is told once: nobody has to hear of it again.
  const isOver = rule.resolveAfter !== undefined && now >= firedAt + rule.resolveAfter;
  return isOver ? { ...decision, next: { ...decision.next, episode } } : decision;
}

/** The claim: the invocation that saves it may post. */
function notify(
  reason: Notify['reason'],
  state: AlertState,
  now: number,
  told: Notice,
  { cooldown, refusals = 0 }: { cooldown: Cooldown | undefined; refusals?: number },
): Notify {
  const claim = state.claim + 1;
  const { since } = state;
  const notice: Notice = since === undefined ? told : { ...told, since };
  const next: AlertState = {
    ...state,
    claim,
    delivery: { status: 'pending', notice, leaseUntil: now + leaseTime, refusals, ...untoldSince(state) },
    cooldown,
    episode: notice.kind === 'firing' ? withNotice(state, notice) : state.episode,
    held: undefined,
    notBefore: undefined,
  };
  return { action: 'notify', reason, notice, claim, next };
}

/** A first attempt that failed has ended its lease, or it is over by itself. */
function untoldSince({ delivery }: AlertState): { readonly since?: number } {
  return delivery.status === 'idle' ? {} : { since: delivery.since ?? delivery.leaseUntil };
}

function withNotice({ episode, delivery }: AlertState, { first, last, measured, count }: Notice): Episode {
  // A notice that is tried again counts the lines of the attempt before.
  const counted = delivery.status === 'pending' && delivery.notice.kind === 'firing' ? delivery.notice.count : 0;
  return {
    ...episode,
    first: Math.min(first, episode?.first ?? first),
    last: Math.max(last, episode?.last ?? last),
    count: (episode?.count ?? 0) - (episode ? counted : 0) + count,
    measured,
  };
}

/** Keeps the lines for the next message. */
function holdBack(state: AlertState, { tally, measured }: Firing<Measured>, hold?: HoldReason): AlertState {
  const span = addSpan(tally, state.held);
  if (span.count === 0) return state;
  const shown = joinShown(tally, state.held ?? {});
  return { ...state, held: { ...span, ...shown, measured, heldBy: hold ?? state.held?.heldBy } };
}

/** Keeps the lines for when another rule fires, each for no longer than two that fire together may be apart. */
function holdForOther(
  state: AlertState,
  rule: Rule,
  now: number,
  firing: Firing<Measured>,
  hold: HoldReason,
): AlertState {
  const { waitsFrom = now } = state.held ?? {};
  const isOld = now >= waitsFrom + firingTime(rule);
  const next = holdBack(isOld ? { ...state, held: undefined } : state, firing, hold);
  return next.held ? { ...next, held: { ...next.held, waitsFrom: isOld ? now : waitsFrom } } : next;
}

/** The rule that these lines had to wait for did not fire for as long as it takes to be over: they are no part of it. */
function giveUp(state: AlertState): Decision {
  return { action: 'none', reason: 'given up', next: { ...state, held: undefined, notBefore: undefined } };
}

/** Makes the sweep look at other keys first; what waits for another rule is looked at by the next one. */
function putOff(state: AlertState, now: number, { by }: HoldReason): Suppress {
  const pause = by === 'only if firing' ? holdPause / 2 : holdPause;
  return { action: 'suppress', reason: by, next: { ...state, notBefore: now + pause } };
}

/** Drops a resolved notice that was not posted; the lines that it counted are held back again. */
function withoutResolved(state: AlertState): AlertState {
  const { delivery, held } = state;
  if (delivery.status === 'idle' || delivery.notice.kind === 'firing') return state;
  const { notice } = delivery;
  const unsent = addSpan(notice, held);
  const heldBy = held?.heldBy ?? notice.heldBy;
  return {
    ...state,
    delivery: { status: 'idle' },
    held: unsent.count === 0 ? undefined : { ...held, ...unsent, heldBy },
  };
}
