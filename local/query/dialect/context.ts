import type { Scope } from './scope.js';
import { SqlError } from './sqlError.js';
import type { Expression, Query } from './syntax.js';
import type { Typed } from './typed.js';
import type { SqlType } from './types.js';

/** A query in DuckDB's SQL, and the columns of its answer. */
export interface Translated {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

/** What those need who translate a part of a query. */
export interface Context {
  readonly sql: string;
  readonly scope: Scope;
  expression(value: Expression, scope: Scope): Typed;
  query(query: Query, outer: Scope): Translated;
}

/** @throws SqlError at this part */
export function refuse(context: Context, { at }: { readonly at: number }, what: string, remedy?: string): never {
  throw new SqlError(context.sql, at, what, remedy);
}
