import { createHash } from 'node:crypto';
import { slack, sqs } from '../../limits.js';
import type { Alert, Digest, PostResult, SaveTerms } from '../ports.js';
import { pauseAfterRefusal } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { leaseTime } from '../state/notify.js';
import { addDigests, type DigestContent, digestOf } from './digest.js';
import { isCritical } from './ranking.js';

/**
 * What is stored for one endpoint: its pace, which all instances keep together, and its digest. At most 25 KB for the names
 * of folded alerts and, for each of two digests, 75 KB of keys and samples and 100 bytes a rule.
 */
export interface EndpointState {
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
  /** When the last digest was posted. */
  readonly digestAt: number;
  /** The alerts that were folded since the last digest was claimed. */
  readonly open?: DigestContent | undefined;
  /** A digest that was claimed and is not known to have been posted. */
  readonly posting?: PostingDigest | undefined;
  /** Numbers the claims of digests. */
  readonly claim: number;
  /** The alerts that were folded last. An invocation may die after it folded an alert and before it marked it: it is not folded again. */
  readonly folded?: { readonly at: number; readonly names: readonly string[] } | undefined;
}

interface PostingDigest {
  readonly digest: Digest;
  readonly claim: number;
  /** After this time any invocation may post it. */
  readonly leaseUntil: number;
  /** How often in a row it was refused for good. */
  readonly refusals: number;
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

/** How many alerts are folded at a time, and how many names of folded alerts are kept for how long: a batch may come again. */
export const foldSize = 500;
const keptNames = 4 * foldSize;
const namesKeptFor = 15 * MINUTE;

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

/** Puts alerts into the digest, except those that were put there before; undefined when there are no others. */
export function fold(state: EndpointState, alerts: readonly Alert[], now: number): EndpointState | undefined {
  const isKnown = wasFolded(state);
  const [first, ...others] = alerts.filter((alert) => !isKnown(alert));
  if (!first) return undefined;
  const content = digestOf([first, ...others]);
  const names = [...(state.folded?.names ?? []), ...[first, ...others].map(nameOf)].slice(-keptNames);
  return { ...state, open: state.open ? addDigests(state.open, content) : content, folded: { at: now, names } };
}

/** Recognises the alerts that are in a digest already: an invocation folded them and died before it marked them. */
export function wasFolded({ folded }: EndpointState): (alert: Alert) => boolean {
  const names = new Set(folded?.names);
  return (alert) => names.size > 0 && names.has(nameOf(alert));
}

/** An alert that is tried again with more lines has another name. */
function nameOf({ rule, key, notice: { number, count } }: Alert): string {
  return createHash('sha256')
    .update(`${alertId({ rule, key })}#${number}#${count}`)
    .digest('base64url')
    .slice(0, 8);
}

/** Claims the digest, and adds to it an earlier one that may not have been posted; undefined when it is not time for one. */
export function claimDigest(
  state: EndpointState,
  now: number,
): (EndpointState & { posting: PostingDigest }) | undefined {
  const due = digestDue(state);
  const content = unposted(state);
  if (due === undefined || now < due || !content) return undefined;
  const claim = state.claim + 1;
  const digest = { ...content, number: state.posting?.digest.number ?? claim };
  const refusals = state.posting?.refusals ?? 0;
  return { ...state, open: undefined, claim, posting: { digest, claim, leaseUntil: now + leaseTime, refusals } };
}

function unposted({ open, posting }: EndpointState): DigestContent | undefined {
  return open && posting ? addDigests(posting.digest, open) : (posting?.digest ?? open);
}

/** The state after an attempt to post the digest of a claim; undefined when another claim has replaced that one. */
export function settleDigest(
  state: EndpointState,
  claim: number,
  outcome: 'sent' | 'unsent' | 'refused',
  now: number,
): EndpointState | undefined {
  const { posting } = state;
  if (posting?.claim !== claim) return undefined;
  if (outcome === 'sent') return { ...state, posting: undefined, digestAt: now };
  if (outcome === 'unsent') return { ...state, posting: { ...posting, leaseUntil: now } };
  const leaseUntil = now + pauseAfterRefusal(posting.refusals);
  return { ...state, posting: { ...posting, leaseUntil, refusals: posting.refusals + 1 } };
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
