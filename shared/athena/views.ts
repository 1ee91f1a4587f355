import { type Columns, type ColumnType, type LogType, storedTables, viewColumns } from '../line/schema/index.js';

/**
 * The views `access`, `error` and `app`, which people query. A line lands as JSON by the hour of its arrival, in `access_landed`; whoever
 * makes Parquet of closed hours, in `access_parquet`, moves the boundary between the two. `dt` and `hour` are the event's in both.
 *
 * The SQL is Trino's, which DuckDB runs as well with the macros of local/query.
 *
 * @param boundary the first hour of arrival that is still read as it landed, `2026-11-22-16`; without one all of it is
 */
export function viewSql(type: LogType, boundary?: string): string {
  const landed = `SELECT ${landedColumns(type).join(', ')} FROM ${type}_landed`;
  if (boundary === undefined) return landed;
  const parquet = `SELECT ${parquetColumns(type).join(', ')} FROM ${type}_parquet`;
  return `${parquet} WHERE arrived < '${boundary}' UNION ALL ${landed} WHERE arrived >= '${boundary}'`;
}

function landedColumns(type: LogType): string[] {
  const [day, hour] = [`date_format(ts, '%Y-%m-%d') AS dt`, `date_format(ts, '%H') AS hour`];
  return [...Object.keys(storedTables[type]), typeColumn(type), 'arrived', day, hour];
}

function parquetColumns(type: LogType): string[] {
  return [...Object.keys(storedTables[type]), typeColumn(type), 'arrived', 'dt', 'hour'];
}

/** Both tables have it as a partition, which would be one more column to read. */
function typeColumn(type: LogType): string {
  return `CAST('${type}' AS varchar) AS type`;
}

/** The columns of a view, in order. */
export function columnsOfView(type: LogType): Columns {
  return { ...storedTables[type], ...viewColumns };
}

/**
 * What Athena keeps of a view, as JSON: base64 of it, between comment signs, is the ViewOriginalText of a Glue table.
 *
 * @param database that the tables are in
 */
export function viewDefinition(type: LogType, database: string, boundary?: string): string {
  const columns = Object.entries(columnsOfView(type));
  return JSON.stringify({
    originalSql: viewSql(type, boundary),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(([name, column]) => ({ name, type: trinoTypes[column.type] })),
  });
}

/** Athena's timestamps have milliseconds. */
const trinoTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'timestamp(3)',
  string: 'varchar',
  int: 'integer',
  bigint: 'bigint',
  double: 'double',
};
