import type { LogType } from '../line/schema/index.js';
import type { Where } from '../where/clause.js';

/** How loud an alert is; the order is from quiet to loud. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A time of the week when nobody is told: `from` may be later than `to`, which is then on the day after. */
export interface MuteTime {
  /** 0 is Sunday. The days on which it begins; every day when empty. */
  readonly days: readonly number[];
  /** Minutes since midnight, on the clock of the time zone. Both 0 mean the whole day. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
}

/** What a rule of any type says, after validation and with defaults filled in. Durations are milliseconds. */
export interface RuleSettings {
  /** Unique, kebab-case; part of the state's key, so renaming a rule starts it afresh. */
  readonly name: string;
  /** Which tables' rows it looks at. */
  readonly on: readonly LogType[];
  readonly where: Where;
  /** Columns (or paths into `fields`) whose values make the key: one window, cooldown and message for each key. */
  readonly by: readonly string[];
  readonly severity: Severity;
  /** The name of the route to tell, or those of several; by the configuration when absent. */
  readonly route?: string | readonly string[];
  /** Headline of the message; `{column}` is replaced by the key's or the first sample's value. */
  readonly title: string;
  /** A paragraph below the headline, with the same placeholders. */
  readonly text?: string;
  /** A link to what to do about it. */
  readonly runbook?: string;
  /** The page where people query: `{query}` in it is replaced by the query of a message. */
  readonly queryUrl?: string;
  /** How long further matches of the same key are counted but not told. */
  readonly cooldown: number;
  /** Each message of a key that keeps matching doubles its cooldown up to this; equal to `cooldown` for none of that. */
  readonly maxCooldown: number;
  /** After how long a quiet people are told that it is over. */
  readonly resolveAfter?: number;
  /** What it is about says itself when it rings and when that is over: what it said before the newest that was heard of, by event time, does not count. */
  readonly ofStateChanges?: true;
  /** Rules that silence this one while they fire for the same values of the columns they are keyed by. */
  readonly unlessFiring: readonly string[];
  /** Rules that all have to fire for the same values before people are told of this one; none when absent. */
  readonly onlyIfFiring?: readonly string[];
  readonly mute: readonly MuteTime[];
  /** `shadow`: evaluated and recorded, and nobody is told. */
  readonly mode: 'live' | 'shadow';
  /** How far behind the newest line of its key, in event time, a line still counts in its window. */
  readonly lateness: number;
}
