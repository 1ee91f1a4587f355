import { slack, sqs } from '../../limits.js';
import type { Alert, PostResult, SaveTerms } from '../ports.js';
import { type Collection, claimAll, namesKeptFor, type PostingDigest } from './collection.js';
import { isCritical } from './ranking.js';

/** What is stored for one endpoint: its pace, which all instances keep together, and its digest of what there was no room for. */
export interface EndpointState extends Collection {
  /** The last slot that was taken: when its message is posted, ms since the epoch. */
  readonly slot: number;
  /** The slots that single alerts took in the last minute. */
  readonly singles: readonly number[];
  /** Those that were for critical alerts alone; none when absent. */
  readonly criticals?: readonly number[];
  /** Nothing is posted before this time: the destination asked for a pause, or did not answer. */
  readonly pausedUntil: number;
  /** How often in a row the destination was unavailable. */
  readonly failures: number;
}

export const newEndpoint: EndpointState = {
  slot: 0,
  singles: [],
  pausedUntil: 0,
  failures: 0,
  digestAt: 0,
  claim: 0,
};

/**
 * How late after its slot a message may still be posted; after that it takes another slot. Slots are so far apart that two
 * messages are never closer than Slack allows. Other destinations have the same pace.
 */
export const punctuality = 250;
const slotInterval = slack.minInterval + punctuality;

const MINUTE = 60_000;

/** Pauses after the destination was unavailable: twice as long each time. */
const backOff = { first: 1000, longest: 30_000 } as const;

/** The shortest time between two digests: a little less than between two sweeps, so that each sweep may post one. */
const digestPause = 50_000;

export type Slot =
  | { readonly slot: 'taken'; readonly at: number; readonly next: EndpointState }
  /** This minute has had all the single alerts that it may have. */
  | { readonly slot: 'full' }
  /** The next free slot is later than the caller can wait. */
  | { readonly slot: 'too late'; readonly at: number };

/** How many single alerts a minute may have, and as many critical ones beside them: nothing less takes their slots. */
export interface Allowance {
  readonly perMinute: number;
  readonly isCritical: boolean;
}

/**
 * Takes the next time at which a message may be posted.
 *
 * @param latest the last time at which the caller can still post.
 * @param allowance for a single alert, which is counted: a critical one among those that have slots of their own, or among the
 * others once there are no more of these.
 * @param missed the slot that a message was too late for: if it was counted, it counts as the one that is taken now.
 */
export function takeSlot(
  state: EndpointState,
  now: number,
  latest: number,
  allowance?: Allowance,
  missed?: number,
): Slot {
  const at = Math.max(now, state.slot + slotInterval, state.pausedUntil);
  const counting = (slots: readonly number[] = []) =>
    ofLastMinute(
      slots.map((slot) => (slot === missed ? at : slot)),
      at,
    );
  const lists = { singles: counting(state.singles), criticals: counting(state.criticals) };
  const list = allowance && missed === undefined ? listFor(lists, allowance) : undefined;
  if (list === 'full') return { slot: 'full' };
  if (at > latest) return { slot: 'too late', at };
  const folded = state.folded && now < state.folded.at + namesKeptFor ? state.folded : undefined;
  const counted = list === undefined ? lists : { ...lists, [list]: [...lists[list], at] };
  return { slot: 'taken', at, next: { ...state, slot: at, ...counted, folded } };
}

/** Splits alerts, in the order in which they are to be posted, into those that this minute has room for and the rest. */
export function splitByRoom<A extends Alert>(
  { singles, criticals }: EndpointState,
  alerts: readonly A[],
  now: number,
  perMinute: number,
): { readonly single: A[]; readonly rest: A[] } {
  const lists = { singles: ofLastMinute(singles, now), criticals: ofLastMinute(criticals, now) };
  const [single, rest]: [A[], A[]] = [[], []];
  for (const alert of alerts) {
    const list = listFor(lists, { perMinute, isCritical: isCritical(alert) });
    if (list !== 'full') lists[list].push(now);
    (list === 'full' ? rest : single).push(alert);
  }
  return { single, rest };
}

function listFor(
  { singles, criticals }: { readonly singles: readonly number[]; readonly criticals: readonly number[] },
  { perMinute, isCritical }: Allowance,
): 'singles' | 'criticals' | 'full' {
  if (isCritical && criticals.length < perMinute) return 'criticals';
  return singles.length < perMinute ? 'singles' : 'full';
}

function ofLastMinute(slots: readonly number[] = [], now: number): number[] {
  return slots.filter((slot) => slot > now - MINUTE - punctuality);
}

/** The state after an attempt to post; undefined when there is nothing to save. */
export function afterPost(
  state: EndpointState,
  { result, ...answer }: PostResult,
  now: number,
): EndpointState | undefined {
  switch (result) {
    case 'sent':
      return state.failures > 0 ? { ...state, failures: 0 } : undefined;
    case 'refused':
      return undefined;
    case 'throttled':
      return pause(state, now + ('retryAfter' in answer ? answer.retryAfter : 0), state.failures);
    case 'unavailable':
      return pause(state, now + Math.min(backOff.first * 2 ** state.failures, backOff.longest), state.failures + 1);
  }
}

function pause(state: EndpointState, until: number, failures: number): EndpointState {
  return { ...state, pausedUntil: Math.max(until, state.pausedUntil), failures };
}

/** Claims the digest, and adds to it an earlier one that may not have been posted; undefined when it is not time for one. */
export function claimDigest(
  state: EndpointState,
  now: number,
): (EndpointState & { posting: PostingDigest }) | undefined {
  const due = digestDue(state);
  return due === undefined || now < due ? undefined : claimAll(state, now);
}

/** When the sweep has to look at the digest; undefined when there is none. */
function digestDue({ open, posting, digestAt, pausedUntil }: EndpointState): number | undefined {
  if (posting) return Math.max(posting.leaseUntil, pausedUntil);
  return open && Math.max(digestAt + digestPause, pausedUntil);
}

export function endpointTerms(state: EndpointState, now: number): SaveTerms {
  const at = digestDue(state);
  return { expires: now + sqs.maxRetention, ...(at === undefined ? {} : { agenda: { name: 'digests', at } }) };
}
