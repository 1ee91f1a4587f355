import { textOf } from './cast.js';
import type { Context, Translated } from './context.js';
import { translateExpression } from './expression.js';
import { parse } from './parse/index.js';
import { type Tables, translateQuery } from './query.js';
import type { Catalog, Scope } from './scope.js';
import type { Expression } from './syntax.js';
import { quoteName, type Typed } from './typed.js';
import { dayInterval, type SqlType, zonedTimestamp } from './types.js';

export type { Catalog } from './scope.js';

/**
 * A question in Athena's SQL (Trino's), checked as Athena would check it, in DuckDB's SQL. DuckDB has to know
 * `athenaMacros` and `athenaFunctions`.
 *
 * @throws SqlError naming the place and the remedy
 */
export function translate(sql: string, catalog: Catalog): Translated {
  const known = new Map<Expression, Map<Scope, Typed>>();
  const contextOf = (scope: Scope, tables: Tables): Context => ({
    sql,
    scope,
    // Overloads are tried one after the other: what stands within them is translated once.
    expression(value, within) {
      const before = known.get(value)?.get(within);
      if (before) return before;
      const typed = translateExpression(contextOf(within, tables), value);
      known.set(value, (known.get(value) ?? new Map<Scope, Typed>()).set(within, typed));
      return typed;
    },
    query: (query, outer) => translateQuery(contextOf, query, tables, outer),
  });
  const tables: Tables = new Map(
    [...catalog].map(([alias, columns]) => [
      alias,
      { alias, columns: columns.map(({ name, type }) => ({ name, type, sql: quoteName(name) })) },
    ]),
  );
  return shown(translateQuery(contextOf, parse(sql), tables, undefined));
}

/** Moments in their zones and intervals as Trino shows them: DuckDB would show moments in UTC. */
function shown(query: Translated): Translated {
  if (!query.columns.some(isShownOtherwise)) return query;
  const names = query.columns.map((_, at) => `c${at}`);
  const values = query.columns.map(({ name, type }, at) => {
    const value = { sql: names[at] ?? '', type };
    return `${isShownOtherwise(value) ? textOf(value) : value.sql} AS ${quoteName(name)}`;
  });
  return { ...query, sql: `SELECT ${values.join(', ')} FROM (${query.sql}) AS answer(${names.join(', ')})` };
}

function isShownOtherwise({ type }: { readonly type: SqlType }): boolean {
  return type.name === zonedTimestamp.name || type.name === dayInterval.name;
}
