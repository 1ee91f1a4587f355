import type { RuleType } from '../conditions/index.js';
import type { Severity } from '../conditions/ruleSettings.js';
import type { LogType } from '../line/schema/index.js';
import type { FormatVerdict } from '../treatment/policy.js';
import type { FieldMatcher } from '../where/clause.js';

/** What the pipeline makes of lines, and why. Plain data: it goes into JSON as it is, and holds no secret that a rule takes out. */
export interface Explanation {
  /** The rows of the lines, in the order in which they are written. */
  readonly entries: readonly ExplainedEntry[];
  /** Lines with nothing visible: they are counted, not stored. */
  readonly blankLines: number;
}

export interface ExplainedEntry {
  /** The format that took the line; `plain-text` when none did. */
  readonly format: string;
  /** The formats that had a say, in the order in which they are asked; none for a piece of an entry that was cut. */
  readonly formats: readonly FormatVerdict[];
  /** Lines of text that were joined to the entry. */
  readonly lines: number;
  readonly type: LogType;
  readonly typeReason: TypeReason;
  /** The row as it is stored, or as it would be: columns in their order. */
  readonly columns: readonly ExplainedColumn[];
  /** The members of the column `fields`. */
  readonly fields: readonly ExplainedField[];
  /** What was taken out, by the name of the rule. */
  readonly redacted: readonly { readonly rule: string; readonly count: number }[];
  /** Of an error. */
  readonly fingerprint: ExplainedFingerprint | undefined;
  /** Of the object that it lands in. */
  readonly prefix: string;
  readonly storage: Storage;
  /** The alert rules that look at lines of this type. */
  readonly rules: readonly ExplainedRule[];
}

export type TypeReason =
  | { readonly by: 'collector' | 'line'; readonly key: string }
  /** A service of the configuration. */
  | { readonly by: 'service' }
  | { readonly by: 'format'; readonly format: string }
  | { readonly by: 'level'; readonly level: string }
  | { readonly by: 'stack trace' | 'exception' }
  /** It states neither a level nor an error. */
  | { readonly by: 'nothing' };

export interface ExplainedColumn {
  readonly name: string;
  /** As it is stored. */
  readonly value: string | number;
  readonly from: ColumnSource;
}

/** Where a value comes from. */
export type ColumnSource =
  /** A key of the JSON line, dots between the keys of nested objects. */
  | { readonly kind: 'key'; readonly key: string }
  /**
   * A part of the text: UTF-16 units, the end not included.
   * `written` is how the text has it when the column has it otherwise; absent when a secret was taken out.
   */
  | { readonly kind: 'text'; readonly start: number; readonly end: number; readonly written?: string }
  /** A key of the collector's record. */
  | { readonly kind: 'collector'; readonly key: string; readonly because?: NoOwnTime }
  /** Whoever asks said so: the line came without a collector's record. */
  | { readonly kind: 'given' }
  /** A service of the configuration, by its name or glob. */
  | { readonly kind: 'configuration'; readonly service: string }
  /** When the record reached Firehose. */
  | { readonly kind: 'arrival'; readonly because: NoOwnTime }
  /** Worked out from several parts of the line. */
  | {
      readonly kind: 'derived';
      readonly from: 'the whole line' | 'the stack trace' | 'other columns' | 'an entry that was cut';
    };

/** Why a line's own time does not count: it has none, or one that names no zone. */
export type NoOwnTime = { readonly time: 'none' } | { readonly time: 'without a zone'; readonly written: string };

export interface ExplainedField {
  readonly key: string;
  readonly value: unknown;
  readonly from: 'line' | 'collector' | 'pipeline';
}

export interface ExplainedFingerprint {
  readonly value: string;
  /** What it is the hash of: exception, logger, message and functions of the stack, `#` for what varies. */
  readonly exception: string;
  readonly logger: string;
  readonly message: string;
  readonly frames: readonly string[];
}

export type Storage =
  /** `keep`: the part of such lines that is stored, when a sample rule kept this one. */
  | { readonly kind: 'stored'; readonly keep?: number }
  | { readonly kind: 'sampled out'; readonly rule: string }
  | { readonly kind: 'dropped'; readonly rule: string };

export type ExplainedRule = {
  readonly name: string;
  readonly type: RuleType;
  readonly severity: Severity;
  readonly mode: 'live' | 'shadow';
} & (
  | {
      readonly matches: true;
      /** One window, cooldown and message for each. */
      readonly key: string;
      /** Of a ratio: whether the line is in the part that is counted. */
      readonly counts: boolean;
    }
  | {
      readonly matches: false;
      /** The first condition that does not hold; undefined when the line is not shown to rules at all. */
      readonly failed: FailedCondition | undefined;
    }
);

export type FailedCondition =
  /** `expected` is as the rule file has it; `found` is undefined when the line has no such value. */
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly expected: FieldMatcher;
      readonly found: string | undefined;
    }
  /** None of the alternatives, or what is excluded. */
  | { readonly kind: 'any' | 'not' };
