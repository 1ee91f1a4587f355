/** How loud an alert is; the order is from quiet to loud. */
export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

type Scalar = string | number | boolean;

/** A test on one column or one path into `fields`. A bare scalar means equality, a list means one of. */
export type FieldMatcher =
  | Scalar
  | readonly Scalar[]
  | {
      readonly contains?: string;
      readonly regex?: string;
      readonly gt?: number;
      readonly gte?: number;
      readonly lt?: number;
      readonly lte?: number;
      readonly exists?: boolean;
      readonly not?: FieldMatcher;
    };

/** `Array.isArray` alone does not narrow a readonly array out of a union. */
export function isList(matcher: FieldMatcher): matcher is readonly Scalar[] {
  return Array.isArray(matcher);
}

/** Every named field must match. */
export type Where = Readonly<Record<string, FieldMatcher>>;

/** A rule as `infra/rules/*.yml` states it, after validation and with defaults filled in. */
export interface Rule {
  /** Unique, kebab-case; part of the state's key, so renaming a rule starts it afresh. */
  readonly name: string;
  readonly type: 'match';
  /** Which tables' rows it looks at. */
  readonly on: readonly ('error' | 'app')[];
  readonly where: Where;
  /** Columns (or paths into `fields`) whose values make the key: one cooldown for each key. */
  readonly by: readonly string[];
  readonly severity: Severity;
  /** Headline of the message; `{column}` is replaced by the key's or the first sample's value. */
  readonly title: string;
  /** A link to what to do about it. */
  readonly runbook?: string;
  /** Milliseconds during which further matches of the same key are counted but not told. */
  readonly cooldown: number;
}

/** A rule as a file states it, once its shape has been checked: defaults not yet filled in. */
export type StatedRule = Pick<Rule, 'name' | 'where' | 'severity' | 'title'> &
  Partial<Pick<Rule, 'type' | 'on' | 'by' | 'runbook'>> & {
    /** A duration such as `15m`. */
    readonly cooldown?: string;
  };
