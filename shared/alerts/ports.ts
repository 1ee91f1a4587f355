import type { Rule } from '../rules/language/rule.js';
import type { SignalQueue } from '../signals/signalQueue.js';
import type { Notice } from './state/alertState.js';

/** Names what is remembered together: one rule and one of its keys. */
export interface AlertId {
  readonly rule: string;
  readonly key: string;
}

/** What people are told of one rule and key. */
export interface Alert extends AlertId {
  readonly settings: Rule;
  readonly notice: Notice;
}

/** What many alerts at once come to. */
export interface Digest {
  /** The claim that it began with. A repeat has the same number, and tells at least as much. */
  readonly number: number;
  readonly alerts: number;
  /** Alerts that it says to be over, beside those; absent when there are none. */
  readonly resolved?: number;
  readonly lines: number;
  /** Event times of the first and last line. */
  readonly first: number;
  readonly last: number;
  /** The rules, those with the most alerts first. */
  readonly rules: readonly {
    readonly rule: string;
    readonly alerts: number;
    readonly lines: number;
    /** The loudest keys, at most 5. */
    readonly keys: readonly DigestKey[];
  }[];
}

export interface DigestKey {
  readonly key: string;
  readonly lines: number;
  readonly sample?: string;
}

/** One message on its way to a route. */
export type Post =
  | { readonly kind: 'alert'; readonly route: string; readonly alert: Alert }
  | { readonly kind: 'digest'; readonly route: string; readonly digest: Digest };

export type PostResult =
  | { readonly result: 'sent' }
  /** Slack asks for a pause of `retryAfter` milliseconds for this webhook. */
  | { readonly result: 'throttled'; readonly retryAfter: number }
  /** Down or not reached: a later attempt may succeed. */
  | { readonly result: 'unavailable'; readonly reason: string }
  /** The message or the channel was refused: an operator has to act. */
  | { readonly result: 'refused'; readonly reason: string };

/** The way to people. When to go it is for shared/alerts/delivery/deliver.ts to say. */
export interface Notifier {
  /** One attempt, at once; it ends within {@link longestPost}. Never throws. */
  post(post: Post): Promise<PostResult>;
  /**
   * The route whose webhook has the messages of a route: itself, or the one that it falls back to. What goes to one webhook
   * shares its pace and its digest. Never throws: where it can't be told, it is the route itself.
   */
  webhookOf(route: string): Promise<string>;
}

/** Milliseconds. */
export const longestPost = 10_000;

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Resolves when it is that late, at once if it already is. */
  sleepUntil(time: number): Promise<void>;
}

/** Alerts that nobody is told of for a while, because somebody said so. */
export interface Silence {
  readonly id: string;
  /** Label and value, in which `*` stands for any text. An alert is silenced when all of them fit its labels. */
  readonly matchers: Readonly<Record<string, string>>;
  /** ms since the epoch. */
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
}

/** Lists of ids by time: the alerts and the routes that the sweep has to look at and when, and until when silences hold. */
export type Agenda = 'sweep' | 'digests' | 'silences';

/** Where the state of alerts, routes and silences is kept: DynamoDB, or memory in tests and simulations. */
export interface StateStore {
  /** What was saved last, by whomever. */
  load(id: string): Promise<Stored | undefined>;
  /**
   * What this process knows to have been stored under an id, without a look; a store may know none. It may be out of date:
   * what is saved upon it is refused then, and only what is saved may be decided upon it.
   */
  recall?(id: string): Stored | undefined;
  /**
   * Saves only if the stored version is still `expected` (undefined: if nothing is stored).
   *
   * @returns false when somebody else saved in the meantime; nothing has changed then.
   */
  save(id: string, value: unknown, expected: number | undefined, terms: SaveTerms): Promise<boolean>;
  /** Nothing happens when nothing is stored. */
  remove(id: string): Promise<void>;
  /** Ids on an agenda from one time (ms since the epoch, inclusive) to another, earliest first; seconds behind the latest saves. */
  agenda(agenda: Agenda, from: number, to: number, limit: number): Promise<string[]>;
  /** Everything whose id begins with `prefix`: reads the whole table, so for tools alone. */
  scan(prefix: string): AsyncIterable<Stored & { readonly id: string }>;
}

export interface SaveTerms {
  /** ms since the epoch, after which it may be forgotten. */
  readonly expires: number;
  /** Puts it on an agenda, and takes it off any other. Without it, it is on none. */
  readonly agenda?: { readonly name: Agenda; readonly at: number };
}

/** What alerts are raised with. */
export interface AlertPorts {
  readonly store: StateStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  /** Those that hold, as far as known: `recentSilences` of shared/alerts/state/silences.ts. */
  readonly silences: () => Promise<readonly Silence[]>;
  /** ms since the epoch. By then all is done, or left to others: it is not begun when it may not end in time. */
  readonly deadline: number;
}

/** What the sweep needs beside that. */
export interface SweepPorts extends AlertPorts {
  readonly queue: SignalQueue;
  /** Batches that the queue did not take from the transform. */
  readonly refused: RefusedBatches;
}

/** The transform's objects under `signals/` in the bucket, each a batch. */
export interface RefusedBatches {
  /** Their names, no more than `limit`. */
  list(limit: number): Promise<readonly string[]>;
  /** Its text; undefined when it is gone. */
  read(name: string): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}
