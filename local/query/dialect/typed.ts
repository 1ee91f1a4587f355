import { any, common, duckDbType, type SqlType } from './types.js';

/** A value in DuckDB's SQL, with Trino's type. */
export interface Typed {
  readonly sql: string;
  readonly type: SqlType;
}

/** The value as another type, where DuckDB wouldn't make it so by itself. */
export function as({ sql, type }: Typed, to: SqlType): string {
  if (type.name === to.name && type.name !== 'decimal') return sql;
  if (type.name === 'any' || to.name === 'any' || to.name === 'unknown') return sql;
  if (type.name === 'unknown') return `CAST(${sql} AS ${duckDbType(to)})`;
  return type.name === to.name && type.scale === to.scale ? sql : `CAST(${sql} AS ${duckDbType(to)})`;
}

/** A moment as it is shown in its zone: a timestamp without one. */
export function local({ sql, type }: Typed): string {
  return type.name === 'timestamp with time zone' ? `(${sql} AT TIME ZONE ${type.zone ?? "'UTC'"})` : sql;
}

/** Values as the type that all of them become; undefined when there is none. */
export function alike(values: readonly Typed[]): { readonly sqls: string[]; readonly type: SqlType } | undefined {
  let type: SqlType | undefined = values[0]?.type ?? any;
  for (const value of values.slice(1)) type = type && common(type, value.type);
  return type && { sqls: values.map((value) => as(value, type)), type };
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
