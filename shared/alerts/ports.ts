import type { Severity } from '../conditions/ruleSettings.js';
import type { Rule } from '../rules/language/rule.js';
import type { Late } from '../signals/late.js';
import type { OwnTimes } from '../signals/ownTimes.js';
import type { SignalBatch } from '../signals/signal.js';
import type { SignalQueue } from '../signals/signalQueue.js';
import type { Ending, Notice } from './state/alertState.js';

/** One rule and one of its keys: an alert is remembered by these two. */
export interface AlertId {
  readonly rule: string;
  readonly key: string;
  /** Of replayed lines that nobody is told of: what they come to is remembered apart. */
  readonly replayed?: true;
}

/** A message about one rule and key. */
export interface Alert extends AlertId {
  readonly settings: Rule;
  readonly notice: Notice;
  /** Where people can silence this key, a secret; absent while no such links are made, and of what is over. */
  readonly silenceUrl?: string | undefined;
  /** Told by a fallback: which route it is, and why the one before it was not told. */
  readonly detour?: Detour | undefined;
}

/** The way of a message to a fallback. */
export interface Detour {
  readonly via: string;
  readonly instead: string;
  readonly reason: string;
}

/** A message about many alerts, which are added up: those of a group, or those that there was no room for one by one. */
export interface Digest {
  /** The claim that it began with. A repeat has the same number, and counts at least as much. */
  readonly number: number;
  /** Alerts that fire. */
  readonly alerts: number;
  /** Alerts that are over, which are not among `alerts`; absent when there are none. */
  readonly resolved?: number;
  /** Alerts that became quiet without being known to be over, among neither; absent when there are none. */
  readonly silent?: number;
  readonly lines: number;
  /** Event times of the first and last line. */
  readonly first: number;
  readonly last: number;
  /** Of the lines whose clock is off: their own times, by which they are stored. */
  readonly own?: OwnTimes;
  /** The rules with alerts that fire first, then by severity and number of lines. */
  readonly rules: readonly {
    readonly rule: string;
    /** Absent in what was stored before rules were sorted by it. */
    readonly severity?: Severity;
    readonly alerts: number;
    readonly lines: number;
    /** The loudest keys, at most 5. */
    readonly keys: readonly DigestKey[];
  }[];
  /** Of a group: the first of its alerts, in order of severity and start, those that are over last. */
  readonly members?: readonly GroupMember[];
  /** Absent for alerts that have nothing in common but that there was no room for them. */
  readonly group?: DigestGroup;
}

/** Alerts that have the labels of `group_by` in common. */
export interface DigestGroup {
  /** The values of these labels, joined; empty when alerts need nothing in common. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When the first of its alerts came, ms since the epoch: the same in all of its messages until it is over. */
  readonly began: number;
  /** How many of its alerts fire by now, those of earlier messages among them. Only those that are told to be over count. */
  readonly firing: number;
  /** Those of earlier messages that fire: the first of them. */
  readonly earlier: readonly GroupMember[];
}

/** The group that an alert is told for in a message of its own. */
export interface Lead extends Pick<DigestGroup, 'key' | 'began'> {
  /** The group has told of the alert before. */
  readonly known: boolean;
}

/** An alert as a message of its group names it. */
export interface GroupMember extends AlertId {
  readonly severity: Severity;
  readonly title: string;
  /** What the rule's condition measured, in words. */
  readonly measured?: string;
  readonly lines: number;
  /** Event times of the first and last line. */
  readonly first: number;
  readonly last: number;
  readonly sample?: string;
  /** Those of its lines that came late; absent when none did. */
  readonly late?: Late;
  readonly over?: true;
  /** Of one that is over: how it ended, when nobody knows that it is. */
  readonly ending?: Ending;
  /** As that of an alert; it is never stored. */
  readonly silenceUrl?: string | undefined;
}

export interface DigestKey {
  readonly key: string;
  readonly lines: number;
  readonly sample?: string;
}

/** One message on its way to an endpoint. `route` is the owner of the endpoint. */
export type Post =
  | {
      readonly kind: 'alert';
      readonly route: string;
      readonly alert: Alert;
      /** The group that it is told for: it has nothing to add to it for now. */
      readonly group?: Lead;
    }
  | { readonly kind: 'digest'; readonly route: string; readonly digest: Digest };

export type PostResult =
  | { readonly result: 'sent' }
  /** The destination asks for a pause of `retryAfter` milliseconds for this endpoint. */
  | { readonly result: 'throttled'; readonly retryAfter: number }
  /** The destination is down or was not reached: a later attempt may succeed. */
  | { readonly result: 'unavailable'; readonly reason: string }
  /** The destination refused the message or the endpoint: an operator has to act. */
  | { readonly result: 'refused'; readonly reason: string };

/** Posts to the endpoints of routes. shared/alerts/delivery/deliver.ts decides when. */
export interface Notifier {
  /** One attempt, at once; it ends within {@link longestPost}. Never throws. */
  post(post: Post): Promise<PostResult>;
  /**
   * The owner of the endpoint that the posts of a route go to: the route itself, or the route that it falls back to. All
   * posts to one endpoint share a pace and a digest. Never throws: while the endpoint can't be read, it is the route itself.
   */
  ownerOf(route: string): Promise<string>;
}

/** How long one attempt to post may take, milliseconds. */
export const longestPost = 10_000;

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Resolves when it is that late, at once if it already is. */
  sleepUntil(time: number): Promise<void>;
}

/** Somebody's order to post nothing about some alerts for a while. */
export interface Silence {
  readonly id: string;
  /** Label and value, in which `*` stands for any text. An alert is silenced when all of them fit its labels. */
  readonly matchers: Readonly<Record<string, string>>;
  /** The one alert that it is about, if it was made by the link in a message: the matchers only show which one. */
  readonly alert?: Pick<AlertId, 'rule' | 'key'>;
  /** It ends once that alert is over, if that comes before `until`. */
  readonly untilResolved?: true;
  /** When it begins to hold, ms since the epoch; absent in one that holds from when it was created. */
  readonly from?: number;
  /** When it ends, ms since the epoch. */
  readonly until: number;
  readonly created: number;
  readonly by: string;
  readonly why: string;
}

/** What is stored under an id. */
export interface Stored {
  readonly value: unknown;
  /** Changes with every save. */
  readonly version: number;
  /** Absent when it is on none. */
  readonly agenda?: Entry;
}

/** That something is on an agenda, and when: ms since the epoch. */
interface Entry {
  readonly name: Agenda;
  readonly at: number;
}

/**
 * Lists of ids by time: the alerts (`sweep`) and the endpoints (`digests`) that the sweep has to look at, by when it has to,
 * and the silences by their ends. Those that hold under a condition beside it are a list of their own (`conditional`): a
 * version that knows of no conditions does not find them there, and tells people rather than hold back too much.
 */
export type Agenda = 'sweep' | 'digests' | 'silences' | 'conditional';

/** Where the state of alerts, endpoints and silences is kept: DynamoDB, or memory in tests and simulations. */
export interface StateStore {
  /** The value that was saved last, by any process. */
  load(id: string): Promise<Stored | undefined>;
  /**
   * What this process knows to have been stored under an id, without a look; a store may know none. It may be out of date:
   * what is saved upon it is refused then, and only what is saved may be decided upon it. After a refusal it is no older than that.
   */
  recall?(id: string): Stored | undefined;
  /**
   * What is stored under some ids (at most {@link dynamodb.maxBatchKeys}), looked up at once; a store may know no such way. Those that
   * have nothing, that can't be read or that there was no room for are left out: `load` says which it is.
   */
  loadAll?(ids: readonly string[]): Promise<ReadonlyMap<string, Stored>>;
  /**
   * Saves only if the stored version is still `expected` (undefined: if nothing is stored).
   *
   * @returns false when somebody else saved in the meantime; nothing has changed then.
   */
  save(id: string, value: unknown, expected: number | undefined, terms: SaveTerms): Promise<boolean>;
  /**
   * Looks at states of one key, and saves what comes of it at once or not at all; a store may know no such way.
   *
   * @param id of one of them.
   * @param work is given a store in which what it saves is stored, as far as it sees. It is called again when somebody else was faster, so
   * nothing may follow from it but what it resolves to.
   */
  together?<T>(id: string, work: (store: StateStore) => Promise<T>): Promise<T>;
  /** Nothing happens when nothing is stored. */
  remove(id: string): Promise<void>;
  /**
   * Ids on an agenda from one time (ms since the epoch, inclusive) to another, earliest first; seconds behind the latest saves.
   * Whoever wants no more of them reads no more: at most a page for each part of an agenda.
   */
  agenda(agenda: Agenda, from: number, to: number): AsyncIterable<string>;
  /** Everything whose id begins with `prefix`: reads the whole table, so for tools alone. */
  scan(prefix: string): AsyncIterable<Stored & { readonly id: string }>;
}

export interface SaveTerms {
  /** ms since the epoch, after which it may be forgotten. */
  readonly expires: number;
  /** Puts it on an agenda, and takes it off any other. Without it, it is on none. */
  readonly agenda?: Entry;
}

/** Which batches are done with: shared/alerts/batchLedger.ts. */
export interface Ledger {
  /** To be called before a message's keys are counted. @returns false when all that it holds was counted and told. */
  open(batch: SignalBatch): Promise<boolean>;
  /** All that the message holds is counted, and told or not to be told. */
  close(batch: SignalBatch): Promise<void>;
  /** Whether the keys of a batch need not remember it any more, as far as is known; what isn't is looked up by `lookUp`. */
  isSettled(batch: string): boolean;
  /** Looks up the batches that keys remember and other instances had: once each, until they are settled. */
  lookUp(): Promise<void>;
}

/** What functions/alert raises alerts with. */
export interface AlertPorts {
  readonly store: StateStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** The silences that hold or are planned, as of the last look: `recentSilences` of shared/alerts/state/silences.ts. */
  readonly silences: () => Promise<readonly Silence[]>;
  /** What this process knows of batches; each call learns it anew when absent. */
  readonly ledger?: Ledger;
  /** The state of the stream as it was at some time in the invocation (state/stream.ts); it is read each time when absent. */
  readonly stream?: () => Promise<Stored | undefined>;
  /** ms since the epoch. Whatever may not end by then is not begun: it is left to the next invocation. */
  readonly deadline: number;
}

/** What functions/sweep needs, which raises alerts as well. */
export interface SweepPorts extends AlertPorts {
  readonly queue: SignalQueue;
  /** Batches that the queue did not take from the transform. */
  readonly refused: RefusedBatches;
}

/** The transform's objects under `signals/` in the bucket, each a batch. */
export interface RefusedBatches {
  /** The names of at most `limit` objects. */
  list(limit: number): Promise<readonly string[]>;
  /** The text of an object; undefined when it is gone. */
  read(name: string): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}
