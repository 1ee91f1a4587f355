import { createHash } from 'node:crypto';
import { slack, sqs } from '../../limits.js';
import type { Alert, Digest, PostResult, SaveTerms } from '../ports.js';
import { pauseAfterRefusal } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { leaseTime } from '../state/notify.js';
import { addDigests, type DigestContent, digestOf } from './digest.js';

/**
 * What is remembered of one webhook: its pace, which all instances keep together, and its digest. At most 25 KB of names of
 * folded alerts and, of each of two digests, 75 KB of keys and samples and 100 bytes for each rule.
 */
export interface RouteState {
  /** When the last message is or was to be posted, ms since the epoch. */
  readonly slot: number;
  /** The same of the alerts that were told one by one in the last minute. */
  readonly singles: readonly number[];
  /** Nothing is posted before: Slack asked for it, or did not answer. */
  readonly pausedUntil: number;
  /** How often in a row Slack was not there. */
  readonly failures: number;
  /** When the last digest was posted. */
  readonly digestAt: number;
  /** What was folded since the last digest was claimed. */
  readonly open?: DigestContent | undefined;
  /** A digest that was claimed and is not known to have been posted. */
  readonly posting?: PostingDigest | undefined;
  /** Numbers the claims of digests. */
  readonly claim: number;
  /** The alerts folded last, so that one whose folder died before it could say so is not folded again. */
  readonly folded?: { readonly at: number; readonly names: readonly string[] } | undefined;
}

interface PostingDigest {
  readonly digest: Digest;
  readonly claim: number;
  /** After it whoever comes by may post it. */
  readonly leaseUntil: number;
  /** How often in a row Slack refused it for good. */
  readonly refusals: number;
}

export const newRoute: RouteState = {
  slot: 0,
  singles: [],
  pausedUntil: 0,
  failures: 0,
  digestAt: 0,
  claim: 0,
};

/**
 * How late after its slot a message may still be posted; after that it takes another slot. Slots lie so far apart that two
 * messages are never closer than Slack allows.
 */
export const punctuality = 250;
const slotInterval = slack.minInterval + punctuality;

const MINUTE = 60_000;

/** Pauses after Slack was not there: twice as long each time. */
const backOff = { first: 1000, longest: 30_000 } as const;

/** From one digest to the next, at least: a little less than from one sweep to the next, so that none is passed over. */
const digestPause = 50_000;

/** Alerts that are folded at a time, and the folded ones whose names are kept for as long as one may come again. */
export const foldSize = 500;
const keptNames = 4 * foldSize;
const namesKeptFor = 15 * MINUTE;

export type Slot =
  | { readonly slot: 'taken'; readonly at: number; readonly next: RouteState }
  /** As many alerts as a minute allows were told one by one. */
  | { readonly slot: 'full' }
  /** It would be too late for the one who asks. */
  | { readonly slot: 'too late'; readonly at: number };

/**
 * Takes the next time at which a message may be posted.
 *
 * @param latest when the message has to be posted, if at all.
 * @param perMinute for an alert that is told by itself, how many of them a minute allows; it is counted among them.
 */
export function takeSlot(state: RouteState, now: number, latest: number, perMinute?: number): Slot {
  const at = Math.max(now, state.slot + slotInterval, state.pausedUntil);
  const singles = state.singles.filter((single) => single > at - MINUTE - punctuality);
  if (perMinute !== undefined && singles.length >= perMinute) return { slot: 'full' };
  if (at > latest) return { slot: 'too late', at };
  const folded = state.folded && now < state.folded.at + namesKeptFor ? state.folded : undefined;
  const counted = perMinute === undefined ? singles : [...singles, at];
  return { slot: 'taken', at, next: { ...state, slot: at, singles: counted, folded } };
}

/** How many more alerts may be told one by one, from now on. */
export function singlesLeft({ singles }: RouteState, now: number, perMinute: number): number {
  return Math.max(0, perMinute - singles.filter((single) => single > now - MINUTE - punctuality).length);
}

/** The route after an attempt to post; undefined when there is nothing to change. */
export function afterPost(state: RouteState, { result, ...answer }: PostResult, now: number): RouteState | undefined {
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

function pause(state: RouteState, until: number, failures: number): RouteState {
  return { ...state, pausedUntil: Math.max(until, state.pausedUntil), failures };
}

/** Puts alerts into the digest, but those that were put there before. */
export function fold(state: RouteState, alerts: readonly Alert[], now: number): RouteState | undefined {
  const isKnown = wasFolded(state);
  const [first, ...others] = alerts.filter((alert) => !isKnown(alert));
  if (!first) return undefined;
  const content = digestOf([first, ...others]);
  const names = [...(state.folded?.names ?? []), ...[first, ...others].map(nameOf)].slice(-keptNames);
  return { ...state, open: state.open ? addDigests(state.open, content) : content, folded: { at: now, names } };
}

/** Tells the alerts that are in a digest: whoever put them there died before they could be marked. */
export function wasFolded({ folded }: RouteState): (alert: Alert) => boolean {
  const names = new Set(folded?.names);
  return (alert) => names.size > 0 && names.has(nameOf(alert));
}

/** A repeat with more lines than its forerunner has another name. */
function nameOf({ rule, key, notice: { number, count } }: Alert): string {
  return createHash('sha256')
    .update(`${alertId({ rule, key })}#${number}#${count}`)
    .digest('base64url')
    .slice(0, 8);
}

/** Claims the digest, together with one that is not known to have been posted; undefined when it is not time for any. */
export function claimDigest(state: RouteState, now: number): (RouteState & { posting: PostingDigest }) | undefined {
  const due = digestDue(state);
  const content = unposted(state);
  if (due === undefined || now < due || !content) return undefined;
  const claim = state.claim + 1;
  const digest = { ...content, number: state.posting?.digest.number ?? claim };
  const refusals = state.posting?.refusals ?? 0;
  return { ...state, open: undefined, claim, posting: { digest, claim, leaseUntil: now + leaseTime, refusals } };
}

function unposted({ open, posting }: RouteState): DigestContent | undefined {
  return open && posting ? addDigests(posting.digest, open) : (posting?.digest ?? open);
}

/** The route after an attempt to post the digest of a claim; undefined when the claim is no longer the current one. */
export function settleDigest(
  state: RouteState,
  claim: number,
  outcome: 'sent' | 'unsent' | 'refused',
  now: number,
): RouteState | undefined {
  const { posting } = state;
  if (posting?.claim !== claim) return undefined;
  if (outcome === 'sent') return { ...state, posting: undefined, digestAt: now };
  if (outcome === 'unsent') return { ...state, posting: { ...posting, leaseUntil: now } };
  const leaseUntil = now + pauseAfterRefusal(posting.refusals);
  return { ...state, posting: { ...posting, leaseUntil, refusals: posting.refusals + 1 } };
}

/** When the sweep has to look at the digest; undefined when there is none. */
function digestDue({ open, posting, digestAt, pausedUntil }: RouteState): number | undefined {
  if (posting) return Math.max(posting.leaseUntil, pausedUntil);
  return open && Math.max(digestAt + digestPause, pausedUntil);
}

export function routeTerms(state: RouteState, now: number): SaveTerms {
  const at = digestDue(state);
  return { expires: now + sqs.maxRetention, ...(at === undefined ? {} : { agenda: { name: 'digests', at } }) };
}
