import { nearestWord } from '../../../shared/yaml/nearest.js';
import type { SqlType } from './types.js';

/** A column that a query may name. */
export interface Column {
  readonly name: string;
  readonly type: SqlType;
  /** What names it to DuckDB. */
  readonly sql: string;
}

/** A table, subquery or the like behind FROM. */
export interface Source {
  readonly alias?: string | undefined;
  readonly columns: readonly Column[];
}

/** The tables, and named queries, with their columns. */
export type Catalog = ReadonlyMap<string, readonly { readonly name: string; readonly type: SqlType }[]>;

/** What names mean at a place of a query. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Of the query around a subquery. */
  readonly outer?: Scope | undefined;
  /** Names that the SELECT gives to its values, which conditions can't use. */
  readonly aliases?: readonly string[];
}

export type Found = { readonly column: Column } | { readonly problem: string; readonly remedy?: string | undefined };

export function find(scope: Scope, path: readonly string[]): Found {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = candidates(at, path);
    if (found.length > 1) {
      return {
        problem: `column ${path.join('.')} is ambiguous`,
        remedy: 'put the name of its table in front: access.ts',
      };
    }
    if (found[0]) return { column: found[0] };
  }
  return { problem: `column ${path.join('.')} cannot be resolved`, remedy: remedyFor(scope, path) };
}

function candidates({ sources }: Scope, path: readonly string[]): Column[] {
  const [name, table] = [path.at(-1), path.at(-2)];
  return sources
    .filter(({ alias }) => table === undefined || alias === table)
    .flatMap(({ columns }) => columns.filter((column) => column.name === name));
}

function remedyFor(scope: Scope, path: readonly string[]): string | undefined {
  const name = path.at(-1) ?? '';
  if (scope.aliases?.includes(name)) {
    return `the name that SELECT gives to a value can only stand in ORDER BY: repeat the value, or write its number in GROUP BY`;
  }
  const known = scope.sources.flatMap(({ columns }) => columns.map((column) => column.name));
  const near = nearestWord(name, known);
  if (near) return `did you mean ${near}?`;
  if (known.includes('fields'))
    return `a field without a column is in fields: json_extract_scalar(fields, '$.${name}')`;
  return known.length > 0 && known.length < 40 ? `there are ${known.join(', ')}` : undefined;
}
