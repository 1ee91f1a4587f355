import { type Columns, type ColumnType, type LogType, storedTables, viewColumns } from '../line/schema/index.js';

/**
 * The views `access`, `error` and `app`, which people query. A line lands as JSON by the hour of its arrival, in `access_landed`; compaction
 * makes Parquet of closed hours and moves the boundary between the two. `dt` and `hour` are the event's in all of it:
 * `access_parquet` has a partition for each day that lines are kept, and `access_parquet_other` has the lines of all other
 * days, of clocks that are wrong and of logs that are older, which are few.
 *
 * The SQL is Trino's, which DuckDB runs as well with the macros of local/query.
 *
 * @param boundary the first hour of arrival that is still read as it landed, `2026-11-22-16`; without one all of it is
 */
export function viewSql(type: LogType, boundary?: string): string {
  const landed = `SELECT ${landedColumns(type).join(', ')} FROM ${type}_landed`;
  if (boundary === undefined) return landed;
  const columns = parquetColumns(type).join(', ');
  const parquet = [`${type}_parquet`, `${type}_parquet_other`].map(
    (table) => `SELECT ${columns} FROM ${table} WHERE arrived < '${boundary}'`,
  );
  return [...parquet, `${landed} WHERE arrived >= '${boundary}'`].join(' UNION ALL ');
}

function landedColumns(type: LogType): string[] {
  const [day, hour] = [`date_format(ts, '%Y-%m-%d') AS dt`, `date_format(ts, '%H') AS hour`];
  return [...Object.keys(storedTables[type]), typeColumn(type), 'arrived', day, hour];
}

function parquetColumns(type: LogType): string[] {
  return [...Object.keys(storedTables[type]), typeColumn(type), 'arrived', 'dt', 'hour'];
}

/** Where it is a partition, that would be one more column to read. */
function typeColumn(type: LogType): string {
  return `CAST('${type}' AS varchar) AS type`;
}

/** The columns of a view, in order. */
export function columnsOfView(type: LogType): Columns {
  return { ...storedTables[type], ...viewColumns };
}

/**
 * What Athena keeps of a view, as JSON.
 *
 * @param database that the tables are in
 */
export function viewDefinition(type: LogType, database: string, boundary: string): string {
  const columns = Object.entries(columnsOfView(type));
  return JSON.stringify({
    originalSql: viewSql(type, boundary),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(([name, column]) => ({ name, type: trinoTypes[column.type] })),
  });
}

/** Athena's timestamps have milliseconds. */
export const trinoTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'timestamp(3)',
  string: 'varchar',
  int: 'integer',
  bigint: 'bigint',
  double: 'double',
};

/** The ViewOriginalText of a Glue table with this definition. */
export function viewText(definition: string): string {
  return `${textStart}${Buffer.from(definition).toString('base64')}${textEnd}`;
}

/** The definition in a ViewOriginalText; '' when it is none. */
export function definitionIn(text: string): string {
  if (!text.startsWith(textStart) || !text.endsWith(textEnd)) return '';
  return Buffer.from(text.slice(textStart.length, -textEnd.length), 'base64').toString();
}

const textStart = '/* Presto View: ';
const textEnd = ' */';

/** The SQL of a definition. */
export function sqlOf(definition: string): string {
  return (JSON.parse(definition) as { readonly originalSql: string }).originalSql;
}
