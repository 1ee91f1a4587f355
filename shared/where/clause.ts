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
      /** The address lies in one of these blocks, such as `10.0.0.0/8` or `2001:db8::/32`. */
      readonly cidr?: string | readonly string[];
      readonly not?: FieldMatcher;
      readonly any?: readonly FieldMatcher[];
      readonly all?: readonly FieldMatcher[];
    };

/** `Array.isArray` alone does not narrow a readonly array out of a union. */
export function isList(matcher: FieldMatcher): matcher is readonly Scalar[] {
  return Array.isArray(matcher);
}

/**
 * Every named column must match, and so must the combinations: `any` (one of these), `all` and `not`, which are names of
 * no column. {@link partsOf} tells the two apart.
 */
export interface Where {
  readonly [name: string]: FieldMatcher | Where | readonly Where[];
}

/** The names in a where-clause that are those of no column. */
export const combinations: ReadonlySet<string> = new Set(['any', 'all', 'not']);

export interface WhereParts {
  readonly columns: readonly (readonly [name: string, matcher: FieldMatcher])[];
  readonly any: readonly Where[] | undefined;
  readonly all: readonly Where[];
  readonly not: Where | undefined;
}

/** A where-clause taken apart; its shape has been checked. */
export function partsOf({ any, all, not, ...columns }: Where): WhereParts {
  return {
    columns: Object.entries(columns) as [string, FieldMatcher][],
    any: any as readonly Where[] | undefined,
    all: (all ?? []) as readonly Where[],
    not: not as Where | undefined,
  };
}
