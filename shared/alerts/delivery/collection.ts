import { createHash } from 'node:crypto';
import type { Group } from '../../text/groupBy.js';
import type { Alert, Digest } from '../ports.js';
import { pauseAfterRefusal } from '../state/decide.js';
import { alertId } from '../state/ids.js';
import { leaseTime } from '../state/notify.js';
import { addDigests, type DigestContent, digestOf } from './digest.js';

/**
 * Alerts that are told in one message: folded one after the other, claimed together, posted and settled. At most 25 KB for the
 * names of folded alerts and, for each of `open` and `posting`, 75 KB of keys and samples and 100 bytes a rule.
 */
export interface Collection {
  /** When the last message was posted. */
  readonly digestAt: number;
  /** The alerts that were folded since the last message was claimed. */
  readonly open?: DigestContent | undefined;
  /** A message that was claimed and is not known to have been posted. */
  readonly posting?: PostingDigest | undefined;
  /** Numbers the claims. */
  readonly claim: number;
  /** The alerts that were folded last. An invocation may die after it folded an alert and before it marked it: it is not folded again. */
  readonly folded?: { readonly at: number; readonly names: readonly string[] } | undefined;
}

export interface PostingDigest {
  readonly digest: Digest;
  readonly claim: number;
  /** When it was claimed first; absent in what was stored before fallbacks were told of it. */
  readonly since?: number;
  /** After this time any invocation may post it. */
  readonly leaseUntil: number;
  /** How often in a row it was refused for good. */
  readonly refusals: number;
}

/** How many alerts are folded at a time, and how many names of folded alerts are kept for how long: a batch may come again. */
export const foldSize = 500;
const keptNames = 4 * foldSize;
export const namesKeptFor = 15 * 60_000;

/** Puts alerts into the collection, except those that were put there before; undefined when there are no others. */
export function fold<C extends Collection>(
  state: C,
  alerts: readonly Alert[],
  now: number,
  contentOf: (alerts: Readonly<Group<Alert>>) => DigestContent = digestOf,
): C | undefined {
  const isKnown = wasFolded(state);
  const [first, ...others] = alerts.filter((alert) => !isKnown(alert));
  if (!first) return undefined;
  const names = [first, ...others].map(foldedName);
  return withNames(withContent(state, contentOf([first, ...others])), names, now);
}

/**
 * Adds what another collection had claimed, except when it was added before.
 *
 * @param from the collection's id. A message that is tried again with more lines is another one.
 */
export function foldContent<C extends Collection>(state: C, from: string, digest: Digest, now: number): C | undefined {
  const { number: _, members: __, ...content } = digest;
  const short = claimedName(from, digest);
  return state.folded?.names.includes(short) ? undefined : withNames(withContent(state, content), [short], now);
}

/** The name by which what another collection had claimed is kept among those of folded alerts. */
export function claimedName(from: string, { number, alerts, resolved = 0, lines }: Digest): string {
  return hashOf(`${from}#${number}#${alerts}#${resolved}#${lines}`);
}

function withContent<C extends Collection>(state: C, content: DigestContent): C {
  return { ...state, open: state.open ? addDigests(state.open, content) : content };
}

function withNames<C extends Collection>(state: C, names: readonly string[], now: number): C {
  return { ...state, folded: { at: now, names: [...(state.folded?.names ?? []), ...names].slice(-keptNames) } };
}

/** Recognises the alerts that were folded already: an invocation folded them and died before it marked them. */
export function wasFolded({ folded }: Collection): (alert: Alert) => boolean {
  const names = new Set(folded?.names);
  return (alert) => names.size > 0 && names.has(foldedName(alert));
}

/** The name by which a folded alert is kept: one that is tried again with more lines has another. */
export function foldedName({ rule, key, notice: { number, count } }: Pick<Alert, 'rule' | 'key' | 'notice'>): string {
  return hashOf(`${alertId({ rule, key })}#${number}#${count}`);
}

/** 48 bits, which never collide among a few thousand. */
export function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 8);
}

/** Claims all that is not known to have been posted; undefined when there is nothing. */
export function claimAll<C extends Collection>(state: C, now: number): (C & { posting: PostingDigest }) | undefined {
  const { open, posting } = state;
  const content = open && posting ? addDigests(posting.digest, open) : (posting?.digest ?? open);
  if (!content) return undefined;
  const claim = state.claim + 1;
  const digest = { ...content, number: posting?.digest.number ?? claim };
  const refusals = posting?.refusals ?? 0;
  const since = posting?.since ?? now;
  return { ...state, open: undefined, claim, posting: { digest, claim, since, leaseUntil: now + leaseTime, refusals } };
}

/** The state after an attempt to post what was claimed; undefined when another claim has replaced that one. */
export function settleDigest<C extends Collection>(
  state: C,
  claim: number,
  outcome: 'sent' | 'unsent' | 'refused',
  now: number,
): C | undefined {
  const { posting } = state;
  if (posting?.claim !== claim) return undefined;
  if (outcome === 'sent') return { ...state, posting: undefined, digestAt: now };
  if (outcome === 'unsent') return { ...state, posting: { ...posting, leaseUntil: now } };
  const leaseUntil = now + pauseAfterRefusal(posting.refusals);
  return { ...state, posting: { ...posting, leaseUntil, refusals: posting.refusals + 1 } };
}
