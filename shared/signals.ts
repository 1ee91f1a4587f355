/** One matched line, as small as an alert needs it. */
export interface Sample {
  /** Event time, ms since the epoch. */
  readonly ts: number;
  readonly service: string;
  readonly level?: string;
  readonly message: string;
}

/** The matches of one rule and key in one minute of event time, within one invocation of the transform. */
export interface Signal {
  readonly rule: string;
  /** The values of the rule's `by` columns, joined; the same for every match that shares a cooldown. */
  readonly key: string;
  /** The same values by column name, to fill the title and to query by. */
  readonly labels: Readonly<Record<string, string>>;
  /** Start of the minute, ms since the epoch. */
  readonly minute: number;
  readonly count: number;
  /** Event times of the first and last match. */
  readonly first: number;
  readonly last: number;
  readonly samples: readonly Sample[];
}

/** What the transform tells functions/alert: one message for a whole invocation. */
export interface SignalBatch {
  readonly version: 1;
  /** Hash of the invocation's record ids: the same on every retry of the invocation, so a batch can be counted once. */
  readonly id: string;
  readonly signals: readonly Signal[];
}
