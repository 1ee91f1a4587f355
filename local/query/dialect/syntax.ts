/** A question as Trino's grammar takes it, apart. `at` is the offset in the text, for what is to be said about it. */
interface Part {
  readonly at: number;
}

export interface Query extends Part {
  readonly with: readonly Named[];
  readonly body: Body;
  readonly orderBy: readonly SortItem[];
  readonly offset?: Expression | undefined;
  readonly limit?: Expression | undefined;
}

/** `name (columns) AS (query)` */
export interface Named extends Part {
  readonly name: string;
  readonly columns?: readonly string[] | undefined;
  readonly query: Query;
}

export type Body = Part &
  (
    | Select
    | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'set'; readonly operator: string; readonly left: Body; readonly right: Body }
  );

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from?: Relation | undefined;
  readonly where?: Expression | undefined;
  readonly groupBy: readonly Grouping[];
  readonly having?: Expression | undefined;
}

export type SelectItem = Part &
  (
    | { readonly kind: 'all'; readonly relation?: string }
    | { readonly kind: 'value'; readonly value: Expression; readonly alias?: string | undefined }
  );

/** One element of GROUP BY; several sets of expressions with ROLLUP, CUBE and GROUPING SETS. */
export type Grouping =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'sets'; readonly word: string; readonly sets: readonly (readonly Expression[])[] };

export type Relation = Part &
  (
    | { readonly kind: 'table'; readonly name: string }
    | { readonly kind: 'subquery'; readonly query: Query; readonly lateral: boolean }
    | { readonly kind: 'unnest'; readonly values: readonly Expression[]; readonly ordinality: boolean }
    | {
        readonly kind: 'alias';
        readonly of: Relation;
        readonly name: string;
        readonly columns?: readonly string[] | undefined;
      }
    | { readonly kind: 'sample'; readonly of: Relation; readonly method: string; readonly percent: Expression }
    | {
        readonly kind: 'join';
        readonly word: string;
        readonly left: Relation;
        readonly right: Relation;
        readonly on?: Expression | undefined;
        readonly using?: readonly string[] | undefined;
      }
  );

export interface SortItem {
  readonly value: Expression;
  readonly descending: boolean;
  readonly nulls?: 'first' | 'last' | undefined;
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly frame?: Frame | undefined;
}

/** `ROWS BETWEEN 2 PRECEDING AND CURRENT ROW`; without a second bound it reaches to the current row. */
export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly bounds: readonly FrameBound[];
}

export type FrameBound =
  | { readonly from: 'current row' }
  | { readonly from: 'preceding' | 'following'; readonly by: Expression | 'unbounded' };

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly SortItem[];
  readonly filter?: Expression | undefined;
  readonly over?: Window | undefined;
  readonly ignoreNulls: boolean;
}

/** `decimal(10, 2)`, `array(map(varchar, bigint))` */
export interface TypeName extends Part {
  readonly name: string;
  readonly args: readonly (TypeName | number)[];
}

export type Expression = Part &
  (
    | Call
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly type: 'integer' | 'decimal' | 'double'; readonly text: string }
    /** `date '2026-11-22'` */
    | { readonly kind: 'typed'; readonly type: string; readonly value: string }
    | { readonly kind: 'interval'; readonly value: string; readonly unit: string; readonly negative: boolean }
    /** `a` or `a.b` */
    | { readonly kind: 'column'; readonly path: readonly string[] }
    | { readonly kind: 'cast'; readonly value: Expression; readonly to: TypeName; readonly safe: boolean }
    | {
        readonly kind: 'case';
        readonly operand?: Expression | undefined;
        readonly whens: readonly { readonly condition: Expression; readonly result: Expression }[];
        readonly otherwise?: Expression | undefined;
      }
    | { readonly kind: 'unary'; readonly operator: '-' | '+' | 'not'; readonly value: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'between'; readonly value: Expression; readonly low: Expression; readonly high: Expression }
    | { readonly kind: 'in'; readonly value: Expression; readonly among: readonly Expression[] | Query }
    | {
        readonly kind: 'like';
        readonly value: Expression;
        readonly pattern: Expression;
        readonly escapedBy?: Expression | undefined;
      }
    | { readonly kind: 'isNull'; readonly value: Expression }
    | { readonly kind: 'isDistinct'; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'quantified';
        readonly operator: string;
        readonly word: string;
        readonly value: Expression;
        readonly query: Query;
      }
    | { readonly kind: 'exists'; readonly query: Query }
    | { readonly kind: 'subquery'; readonly query: Query }
    | { readonly kind: 'atTimeZone'; readonly value: Expression; readonly zone: Expression }
    | { readonly kind: 'array'; readonly values: readonly Expression[] }
    | { readonly kind: 'row'; readonly values: readonly Expression[] }
    | { readonly kind: 'subscript'; readonly value: Expression; readonly index: Expression }
    | { readonly kind: 'lambda'; readonly names: readonly string[]; readonly body: Expression }
  );
