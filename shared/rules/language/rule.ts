import type { LogType } from '../../line/schema/index.js';
import type { Where } from '../../where/clause.js';

/** How loud an alert is; the order is from quiet to loud. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What has to be seen before people are told. Durations are milliseconds of event time. */
export type Condition =
  /** One line is enough. */
  | { readonly type: 'match' }
  /** `threshold` lines of a key in some `window`. */
  | { readonly type: 'frequency'; readonly threshold: number; readonly window: number }
  /**
   * At least `minCount` lines of a key in a window, and `factor` times as many as in the window before it, which counts
   * as `minPrevious` when there were fewer.
   */
  | {
      readonly type: 'spike';
      readonly window: number;
      readonly factor: number;
      readonly minCount: number;
      readonly minPrevious: number;
    }
  /** The part of a key's lines that `of` matches as well is above or below a bound (0 to 1), out of at least `minTotal` in the window. */
  | {
      readonly type: 'ratio';
      readonly of: Where;
      readonly window: number;
      readonly above?: number;
      readonly below?: number;
      readonly minTotal: number;
    }
  /** A key that was not seen for `remember`. */
  | { readonly type: 'new'; readonly remember: number }
  /** More than `above` different values of a column (or `fields.<path>`) in the window. */
  | { readonly type: 'cardinality'; readonly of: string; readonly window: number; readonly above: number }
  /**
   * Nothing from a key for `window`: from one that is expected (by the values of its `by` columns), or that was seen with at
   * least `minCount` lines in a window. A key that is not expected is given up after `forget`.
   */
  | {
      readonly type: 'absence';
      readonly window: number;
      readonly expect: readonly Readonly<Record<string, string>>[];
      readonly minCount: number;
      readonly forget: number;
    }
  /** The value of a column (or `fields.<path>`) is another one than the key had before. */
  | { readonly type: 'change'; readonly of: string };

export type ConditionType = Condition['type'];

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

/** A rule as `infra/rules/*.yml` states it, after validation and with defaults filled in. */
export type Rule = RuleSettings & Condition;

interface RuleSettings {
  /** Unique, kebab-case; part of the state's key, so renaming a rule starts it afresh. */
  readonly name: string;
  /** Which tables' rows it looks at. */
  readonly on: readonly LogType[];
  readonly where: Where;
  /** Columns (or paths into `fields`) whose values make the key: one window, cooldown and message for each key. */
  readonly by: readonly string[];
  readonly severity: Severity;
  /** The name of the Slack webhook to tell; that of the severity when absent. */
  readonly route?: string;
  /** Headline of the message; `{column}` is replaced by the key's or the first sample's value. */
  readonly title: string;
  /** A paragraph below the headline, with the same placeholders. */
  readonly text?: string;
  /** A link to what to do about it. */
  readonly runbook?: string;
  /** Milliseconds during which further matches of the same key are counted but not told. */
  readonly cooldown: number;
  /** Each message of a key that keeps matching doubles its cooldown up to this; equal to `cooldown` for none of that. */
  readonly maxCooldown: number;
  /** Milliseconds of quiet after which people are told that it is over. */
  readonly resolveAfter?: number;
  /** Rules that silence this one while they fire for the same values of the columns they are keyed by. */
  readonly unlessFiring: readonly string[];
  readonly mute: readonly MuteTime[];
  /** `shadow`: evaluated and recorded, and nobody is told. */
  readonly mode: 'live' | 'shadow';
  /** How far behind the newest line of its key, in milliseconds of event time, a line still counts in its window. */
  readonly lateness: number;
}

/** The rule's window, of those that have one; milliseconds of event time. */
export function windowOf(rule: Rule): number | undefined {
  return 'window' in rule ? rule.window : undefined;
}

/**
 * How much event time one signal stands for, in milliseconds. A window slides by twelfths of itself, in whole seconds:
 * short windows need finer steps than minutes, and long ones would take too many of them.
 */
export function bucketWidth(rule: Rule): number {
  const window = windowOf(rule);
  return window === undefined ? MINUTE : Math.max(5 * SECOND, Math.ceil(window / 12 / SECOND) * SECOND);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
