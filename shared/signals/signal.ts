import type { OwnTimes } from './ownTimes.js';

/** One matched line, as small as an alert needs it. */
export interface Sample {
  /** Event time, ms since the epoch. */
  readonly ts: number;
  readonly service: string;
  readonly level?: string;
  /** Of an access line: its method, path and status. */
  readonly message: string;
}

/**
 * The most frequent values of columns, each with the lines that had it at least: by column, the most frequent first.
 * A column that no line had is not in it.
 */
export type Top = Readonly<Record<string, readonly TopValue[]>>;

export type TopValue = readonly [value: string, count: number];

/**
 * The matches of one rule and key in one bucket of event time (see bucketWidth), within one invocation of the transform.
 * Some types of rules add fields of their own: the `sum` of shared/conditions/<type>.ts.
 */
export interface Signal {
  readonly rule: string;
  /** The values of the rule's `by` columns, joined; the same for every match that shares a cooldown. */
  readonly key: string;
  /** The same values by column name, to fill the title and to query by. */
  readonly labels: Readonly<Record<string, string>>;
  /** Start of the bucket, ms since the epoch: a multiple of the rule's bucket width. */
  readonly bucket: number;
  /** Lines that matched `where`; of a ratio, those that matched `of` as well, which may be none. */
  readonly count: number;
  /** Event times of the first and last match. */
  readonly first: number;
  readonly last: number;
  /** Of its lines whose clock is off, which count by another time: the times that they are stored with; absent when there are none. */
  readonly own?: OwnTimes;
  readonly samples: readonly Sample[];
  /** The most frequent values of the columns that tell more of its lines; absent where nobody asks, and in a storm of keys. */
  readonly top?: Top;
}

/** A rule that threw on a line: it was passed over for that line. */
export interface RuleFailure {
  readonly rule: string;
  readonly count: number;
  /** What it said the last time. */
  readonly reason: string;
}

/** What the transform tells functions/alert: one message for a whole invocation, several in a storm of keys. */
export interface SignalBatch {
  readonly version: 1;
  /**
   * Hash of the invocation's record ids: the same on every retry of the invocation, so a batch can be counted once.
   * Messages of one invocation share it; all the signals of a rule and key are in one of them.
   */
  readonly id: string;
  /** How many messages the invocation made; absent in those of a version that did not say so. */
  readonly messages?: number;
  readonly signals: readonly Signal[];
  readonly failures?: readonly RuleFailure[];
  /** The lines are replayed, and nobody is to be told of them: what they would have set off is for the log. */
  readonly shadow?: true;
}
