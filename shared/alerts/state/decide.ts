import { expectedFrom, observe, watchOf } from '../../conditions/condition.js';
import { type Measured, type Memory, typeOf } from '../../conditions/index.js';
import type { NoticedNumbers, Observation } from '../../conditions/observation.js';
import type { Rule } from '../../rules/language/rule.js';
import type { Signal } from '../../signals/signal.js';
import { type Group, isGroup } from '../../text/groupBy.js';
import type { AlertState, HoldReason } from './alertState.js';
import { decidedAt } from './due.js';
import { shortBatch } from './ids.js';
import { asSent, type Decision, giveUpKey, notifyOrHold } from './notify.js';
import { isOutOfDate } from './stateChange.js';

export type { AlertState } from './alertState.js';
export { dueAt, expiryOf, isFiring } from './due.js';
export { type Decision, holdPause, leaseTime } from './notify.js';

/** Pauses after a message was refused for good: twice as long each time, for somebody has to mend the channel first. */
export const refusalPause = { first: 60_000, longest: 3_600_000 } as const;

/** @param refusals how often in a row it was refused before. */
export function pauseAfterRefusal(refusals: number): number {
  return Math.min(refusalPause.first * 2 ** refusals, refusalPause.longest);
}

/**
 * Batches that a key remembers to have counted, at most. It forgets those of which it is known that they are done with: SQS may deliver
 * these again, and they are recognised as a whole (shared/alerts/batchLedger.ts). What stays are the few under way and those that
 * come again, as while Slack is away: 20 receives, 210 s apart, are an hour and more.
 */
export const rememberedBatches = 256;

/** Whether a batch need not be remembered by its keys any more. */
export type IsSettled = (batch: string) => boolean;

/** What one batch holds of a rule and key. */
export interface Part {
  /** The id of the batch: what it was already counted for is not counted again. */
  readonly batch: string;
  /** All its signals of the rule and key. */
  readonly signals: Readonly<Group<Signal>>;
}

/** What a batch shows beside what is decided. */
export interface Noticed {
  readonly noticed?: NoticedNumbers | undefined;
  /** Signals that came too late to count. */
  readonly tooLate?: readonly Signal[] | undefined;
}

/**
 * Decides whether people are told of the lines that batches hold for one rule and key.
 *
 * `next` is to be stored before the message is posted (the claim) and `settle`d after it (the mark), each only if the
 * stored state is still the one decided upon. A crash in between may then repeat a message and never loses one.
 *
 * @param state what is remembered of the rule and key; undefined when nothing is.
 * @param parts the batches, which are counted as if they were one.
 * @param now ms since the epoch.
 * @param hold why nobody may be told at present.
 */
export function decide(
  state: AlertState | undefined,
  rule: Rule,
  parts: Readonly<Group<Part>>,
  now: number,
  hold?: HoldReason,
  isSettled?: IsSettled,
): Decision & Noticed {
  const look = (fresh: Group<string>): Observation<Memory, Measured> => {
    const signals = signalsIn(parts, fresh).filter(({ last }) => !rule.ofStateChanges || !isOutOfDate(last, state));
    if (!isGroup(signals)) return { outcome: 'ignored', reason: 'out of date' };
    return observe(rule, known(state, rule), signals, now);
  };
  return decideOn(state, rule, batchesOf(parts), labelsOf(parts), look, now, hold, isSettled);
}

/** The same for lines that people are told of with those of other keys, or not at all: the key is remembered, and does not fire. */
export function decideQuietly(
  ...[state, rule, parts, now, hold, isSettled]: Parameters<typeof decide>
): Decision & Noticed {
  const look = (fresh: Group<string>) => {
    const seen = observe(rule, known(state, rule), signalsIn(parts, fresh), now);
    return seen.outcome === 'counted' ? ({ outcome: 'noted', memory: seen.memory } as const) : seen;
  };
  return decideOn(state, rule, batchesOf(parts), labelsOf(parts), look, now, hold, isSettled);
}

/** Whether the condition holds because of batches that were not counted yet. */
export function isNews(state: AlertState | undefined, rule: Rule, parts: Readonly<Group<Part>>, now: number): boolean {
  const fresh = uncounted(state, batchesOf(parts));
  if (!isGroup(fresh)) return false;
  const seen = observe(rule, known(state, rule), signalsIn(parts, fresh), now);
  return seen.outcome === 'counted' && seen.firing !== undefined;
}

/**
 * The same for what was seen by other means.
 *
 * @param look is given the batches that were not counted already, and not asked when all were.
 */
export function decideOn(
  state: AlertState | undefined,
  rule: Rule,
  batches: Readonly<Group<string>>,
  labels: AlertState['labels'],
  look: (fresh: Group<string>) => Observation<Memory, Measured>,
  now: number,
  hold?: HoldReason,
  isSettled?: IsSettled,
): Decision & Noticed {
  const fresh = uncounted(state, batches);
  if (!isGroup(fresh)) return decideAgain(state ?? firstState, rule, now, hold);

  const seen = look(fresh);
  const noticed =
    seen.outcome === 'noted'
      ? {}
      : { noticed: seen.outcome === 'counted' ? seen.noticed : undefined, tooLate: seen.tooLate };
  if (seen.outcome === 'ignored') return { action: 'none', reason: seen.reason, next: undefined, ...noticed };
  const counted: AlertState = {
    ...(state ?? firstState),
    labels,
    since: state ? state.since : (seen.firing?.tally.first ?? now),
    memory: seen.memory,
    ...(seen.outcome === 'counted' ? { batches: withBatches(state, rule, fresh, isSettled) } : {}),
    ...(rule.ofStateChanges && seen.firing ? { stateChange: { at: seen.firing.tally.last, isOver: false } } : {}),
  };
  const decision = notifyOrHold(counted, rule, now, seen.firing, hold);
  if (decision.action === 'wait' && state) return { ...decision, next: state };
  return { ...decision, ...noticed };
}

function batchesOf(parts: Readonly<Group<Part>>): Group<string> {
  return parts.map(({ batch }) => batch) as Group<string>;
}

function labelsOf([{ signals }]: Readonly<Group<Part>>): AlertState['labels'] {
  return signals[0].labels;
}

/** The signals of some of the batches; a batch that came twice at once counts once. */
function signalsIn(parts: Readonly<Group<Part>>, batches: Group<string>): Group<Signal> {
  const first = batches.map((id) => parts.find(({ batch }) => batch === id) ?? parts[0]);
  return first.flatMap(({ signals }) => signals) as Group<Signal>;
}

/** Those of the batches, each once, that the key was not counted for. */
function uncounted(state: AlertState | undefined, batches: Readonly<Group<string>>): string[] {
  return [...new Set(batches)].filter((batch) => !state?.batches.includes(shortBatch(batch)));
}

function withBatches(
  state: AlertState | undefined,
  rule: Rule,
  batches: readonly string[],
  isSettled: IsSettled = () => false,
): readonly string[] {
  const open = (state?.batches ?? []).filter((id) => !isSettled(id));
  return [...open, ...batches.map(shortBatch)].slice(-(typeOf(rule).rememberedBatches ?? rememberedBatches));
}

/** What is remembered of the key, but for what counts only once people were told. */
function known(state: AlertState | undefined, rule: Rule): Memory | undefined {
  const isUntold = typeOf(rule).knownOnceTold && state?.held?.heldBy;
  return isUntold ? undefined : state?.memory;
}

/** A batch that was counted comes again: whoever counted it may have died before people were told. */
function decideAgain(state: AlertState, rule: Rule, now: number, hold: HoldReason | undefined): Decision {
  const { delivery } = state;
  if (delivery.status === 'idle') return { action: 'none', reason: 'already counted', next: undefined };
  if (now >= delivery.leaseUntil) return notifyOrHold(state, rule, now, undefined, hold);
  return { action: 'wait', reason: delivery.refusals > 0 ? 'refused' : 'being sent', next: state };
}

/**
 * Decides for the sweep, without new lines: what was not sent is tried again, what became quiet is resolved, and people
 * are told of keys that are missed.
 */
export function due(state: AlertState, rule: Rule, now: number, hold?: HoldReason): Decision {
  // Saved all the same: the agenda it was found on goes by what the rule was.
  if (now < decidedAt(state, rule)) return { action: 'none', reason: 'not due', next: state };
  const watch = watchOf(rule, state.memory, state.labels);
  if (!watch || state.delivery.status === 'pending') return notifyOrHold(state, rule, now, undefined, hold);

  if (now >= watch.forgottenFrom) return giveUpKey(state, rule, now, watch.forget(now), hold);
  if (now < watch.missedFrom) return notifyOrHold(state, rule, now, undefined, hold);
  const { memory, firing } = watch.miss(now);
  const decision = notifyOrHold({ ...state, firedAt: watch.backAt ?? now, memory }, rule, now, firing, hold);
  // What nobody may be told of is still missed, and told when they may.
  const isUntold = decision.action === 'suppress' && decision.reason !== 'shadow' && firing.tally.count > 0;
  return isUntold ? { ...decision, next: { ...decision.next, memory: state.memory, held: state.held } } : decision;
}

/**
 * What it is about says that it is over: the next sweep tells that, if it rings. One that nobody was told of yet, as while its route is muted,
 * is told once when it may be, and is over with that. That it is over is remembered in any case: that it rang before may come later.
 *
 * @param at when it changed, ms since the epoch.
 * @returns undefined when that changes nothing.
 */
export function endAt(
  at: number,
  state: AlertState | undefined,
  rule: Rule,
  labels: AlertState['labels'],
  now: number,
): AlertState | undefined {
  if (isOutOfDate(at, state)) return undefined;
  const ended: AlertState = { ...(state ?? { ...firstState, labels }), stateChange: { at, isOver: true } };
  return state?.episode || state?.held ? { ...ended, firedAt: now - (rule.resolveAfter ?? 0) } : ended;
}

/** The first state of a key that the rule expects, whether it was ever seen or not. */
export function expectKey(rule: Rule, labels: Readonly<Record<string, string>>, now: number): AlertState {
  return { ...firstState, labels, memory: expectedFrom(rule, now) ?? firstState.memory };
}

/**
 * The state after an attempt to post. What was not sent may be tried again at once, what was refused after a pause.
 * Undefined when the attempt is no longer the current one and there is nothing to change.
 */
export function settle(
  state: AlertState,
  claim: number,
  outcome: 'sent' | 'unsent' | 'refused',
  now: number,
): AlertState | undefined {
  const { delivery } = state;
  if (state.claim !== claim || delivery.status === 'idle') return undefined;
  if (outcome === 'sent') return asSent(state, delivery.notice);
  if (outcome === 'unsent') return { ...state, delivery: { ...delivery, leaseUntil: now } };
  const leaseUntil = now + pauseAfterRefusal(delivery.refusals);
  return { ...state, delivery: { ...delivery, leaseUntil, refusals: delivery.refusals + 1 } };
}

const firstState: AlertState = {
  labels: {},
  claim: 0,
  delivery: { status: 'idle' },
  batches: [],
  memory: { type: 'match' },
};
