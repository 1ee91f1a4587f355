import { type Severity, severities } from '../../conditions/ruleSettings.js';
import { sqs } from '../../limits.js';
import type { Group } from '../../text/groupBy.js';
import { type Collection, claimAll, fold, hashOf, namesKeptFor, type PostingDigest } from '../delivery/collection.js';
import { type DigestContent, digestOf } from '../delivery/digest.js';
import { isCritical } from '../delivery/ranking.js';
import type { Alert, GroupMember, SaveTerms } from '../ports.js';
import { alertId } from '../state/ids.js';
import type { Grouping } from './grouping.js';
import { addMembers, memberOf } from './members.js';

/**
 * What is stored of the alerts of one endpoint that have the labels of `group_by` in common. Beside what a collection takes
 * (175 KB), at most 18 KB for the names of the alerts that fire and 20 KB for those that a message names.
 */
export interface GroupState extends Collection {
  /** What its alerts have in common. */
  readonly labels: Readonly<Record<string, string>>;
  /** When the first of its alerts came. */
  readonly began: number;
  /** Messages since it began. */
  readonly told: number;
  /** Of the alerts that people were told of since it began. */
  readonly loudest?: Severity | undefined;
  /** When the oldest alert of `open` came. */
  readonly openSince: number;
  /** The alerts that fire, and that people are told to be over. */
  readonly firing: readonly string[];
  /** Of these the first, for a message to name. */
  readonly members: readonly GroupMember[];
  /** The alerts that it told last, whether they fire or not. */
  readonly known?: readonly string[];
  /** The alert that had a message of its own last: should it come again, it has one again. */
  readonly lead?: string | undefined;
}

export const newGroup: GroupState = {
  labels: {},
  digestAt: 0,
  claim: 0,
  began: 0,
  told: 0,
  openSince: 0,
  firing: [],
  members: [],
};

/** Alerts that fire whose names are kept; of more, the first to come are not waited for. */
const keptFiring = 2000;

/** Alerts that are recognised when more is heard of them. */
const keptKnown = 200;

/** The first pause between two messages of a group; each is twice as long as the one before, up to `group_interval`. */
const firstPause = 60_000;

/** So many alerts of info that nobody was told of don't wait as one does. */
const crowd = 100;

/** The sweep comes once a minute, a little earlier or later. */
const sweepJitter = 10_000;

/** How long alerts that are over wait for those of their group that still fire. */
const overWait = 10 * 60_000;

export interface Joined {
  readonly next: GroupState | undefined;
  /** Has a message of its own: the group has nothing to add to it. */
  readonly lead: readonly Alert[];
  /** The group told of the lead before. */
  readonly known: boolean;
  /** Told by a message of the group. */
  readonly folded: readonly Alert[];
  /** Of no group: nothing critical has begun one. */
  readonly alone: readonly Alert[];
}

/** Takes alerts into a group. Those that are folded are to be marked once the state is saved. */
export function join(stored: GroupState, alerts: readonly Alert[], grouping: Grouping, now: number): Joined {
  const isAfresh = isQuiet(stored, grouping, now);
  const state = isAfresh ? { ...withoutOldNames(stored, now), told: 0, loudest: undefined } : stored;
  const names = new Set(state.firing);
  const isOpen = state.told > 0 || state.open !== undefined || state.posting !== undefined;
  const begins = grouping.by !== undefined || isOpen || alerts.some(isCritical);
  const belongs = (alert: Alert) => begins || (isOver(alert) && names.has(nameOf(alert)));
  const alone = alerts.filter((alert) => !belongs(alert));
  const members = alerts.filter(belongs);
  if (members.length === 0) return { next: undefined, lead: [], known: false, folded: [], alone };

  const joined = begun(withMembers(state, members), members, isAfresh, now);
  const folded = fold({ ...joined, openSince: state.open ? state.openSince : now }, members, now, contentOf);
  const [first, ...others] = members;
  const isFree = !state.open && !state.posting && others.length === 0 && folded !== undefined;
  if (!first || !isFree) return { next: folded, lead: [], known: false, folded: members, alone };
  const lead = attemptOf(first);
  if (state.lead === lead) return { next: undefined, lead: members, known: false, folded: [], alone };
  if (now < (dueOf(folded, grouping) ?? now)) return { next: folded, lead: [], known: false, folded: members, alone };
  return {
    next: { ...afterMessage(joined, digestOf([first])), digestAt: now, lead },
    lead: members,
    known: (state.known ?? []).includes(nameOf(first)),
    folded: [],
    alone,
  };
}

/** Nothing but info was added for twice as long as a message may be waited for, so what starts now starts apart. */
function isQuiet({ open, posting, digestAt, loudest }: GroupState, grouping: Grouping, now: number): boolean {
  const { interval, infoInterval } = grouping;
  const longest = loudest === 'info' ? Math.max(interval, infoInterval) : interval;
  const isEmpty = !open || (loudest !== 'info' && isInfoAlone(open) && !tellsEnd(open));
  return isEmpty && !posting && now >= digestAt + 2 * Math.max(longest, firstPause);
}

function isInfoAlone(open: DigestContent): boolean {
  return loudestOf(open) === 'info';
}

/** Whether it has alerts that are over, or of which nobody knows. */
function tellsEnd({ resolved = 0, silent = 0 }: DigestContent): boolean {
  return resolved + silent > 0;
}

/** From the message before to the next: each time twice as long. What is info alone waits for what is more, or for long. */
function pauseAfter(told: number, open: DigestContent, { interval, infoInterval }: Grouping): number {
  const isCalm = isInfoAlone(open) && !tellsEnd(open) && infoInterval > interval && open.alerts < crowd;
  return isCalm ? infoInterval : Math.min(firstPause * 2 ** (told - 1), interval);
}

/** A group of which more is heard of what it told before goes on, however quiet it was. */
function begun(state: GroupState, alerts: readonly Alert[], isAfresh: boolean, now: number): GroupState {
  const { began, known = [] } = state;
  const names = alerts.map(nameOf);
  if (began === 0 || (isAfresh && !names.every((name) => known.includes(name))))
    return { ...state, began: now, known: names.slice(-keptKnown) };
  return { ...state, known: [...new Set([...known, ...names])].slice(-keptKnown) };
}

function withMembers(state: GroupState, alerts: readonly Alert[]): GroupState {
  const over = new Set(alerts.filter(isOver).map(nameOf));
  const fires = alerts.filter((alert) => !isOver(alert) && alert.settings.resolveAfter !== undefined).map(nameOf);
  const firing = [...new Set([...state.firing, ...fires])].filter((name) => !over.has(name)).slice(-keptFiring);
  const named = addMembers(state.members, alerts.map(memberOf)).filter((each) =>
    firing.includes(hashOf(alertId(each))),
  );
  return { ...state, firing, members: named };
}

function louder(a: Severity | undefined, b: Severity | undefined): Severity | undefined {
  return loudness(a) >= loudness(b) ? a : b;
}

function loudness(severity: Severity | undefined): number {
  return severity === undefined ? -1 : severities.indexOf(severity);
}

function contentOf(alerts: Readonly<Group<Alert>>): DigestContent {
  return { ...digestOf(alerts), members: addMembers([], alerts.map(memberOf)) };
}

function isOver({ notice }: Alert): boolean {
  return notice.kind === 'resolved';
}

function nameOf(alert: Alert): string {
  return hashOf(alertId(alert));
}

/** An alert that is tried again has the same. */
function attemptOf(alert: Alert): string {
  return hashOf(`${alertId(alert)}#${alert.notice.number}`);
}

/** The most severe alert of a message. */
export function loudestOf({ rules }: DigestContent): Severity | undefined {
  return rules
    .filter(({ alerts }) => alerts > 0)
    .reduce<Severity | undefined>((most, { severity }) => louder(most, severity), undefined);
}

/** When a message of the group is to be posted; undefined when there is none. */
function dueOf(state: GroupState, grouping: Grouping): number | undefined {
  const { open, posting, told: before, openSince, digestAt, firing, loudest } = state;
  if (posting) return posting.leaseUntil;
  if (!open) return undefined;
  if (before === 0) return openSince + grouping.wait;
  // It got worse: that can't wait.
  if (open.alerts > 0 && loudness(loudestOf(open)) > loudness(loudest)) return openSince;
  const next = digestAt + Math.max(0, pauseAfter(before, open, grouping) - sweepJitter);
  const tellsOver = open.alerts === 0 || (isInfoAlone(open) && tellsEnd(open));
  return tellsOver && firing.length > 0 ? Math.max(next, openSince + overWait) : next;
}

/** Claims the message of a group, if it is time for one. */
export function claimGroup(
  state: GroupState,
  grouping: Grouping,
  now: number,
): (GroupState & { posting: PostingDigest }) | undefined {
  const due = dueOf(state, grouping);
  return due === undefined || now < due ? undefined : claimAll(state, now);
}

/** The state once a message is posted. The one that says that all are over is the group's last. */
export function afterMessage(state: GroupState, content: DigestContent): GroupState {
  if (content.alerts === 0 && state.firing.length === 0) return { ...state, told: 0, loudest: undefined };
  return { ...state, told: state.told + 1, loudest: louder(state.loudest, loudestOf(content)) };
}

export function groupTerms(state: GroupState, grouping: Grouping, now: number): SaveTerms {
  const at = dueOf(state, grouping);
  return { expires: now + sqs.maxRetention, ...(at === undefined ? {} : { agenda: { name: 'digests', at } }) };
}

/** Names of folded alerts that are no longer needed are not kept. */
function withoutOldNames(state: GroupState, now: number): GroupState {
  return state.folded && now >= state.folded.at + namesKeptFor ? { ...state, folded: undefined } : state;
}
