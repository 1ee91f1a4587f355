import { type Columns, type ColumnType, type LogType, storedTables, viewColumns } from '../line/schema/index.js';

/**
 * The views `access`, `error` and `app`, which people query. A line lands as JSON by the hour of its arrival, in `access_landed`; compaction
 * makes Parquet of closed hours, in `access_parquet`, and moves the boundary between the two. `dt` and `hour` are the event's in both.
 *
 * The SQL is Trino's, which DuckDB runs as well with the macros of local/query.
 *
 * @param compacted how far; without it nothing is Parquet
 */
export function viewSql(type: LogType, compacted?: Compacted): string {
  const landed = `SELECT ${landedColumns(type, compacted?.retentionDays).join(', ')} FROM ${type}_landed`;
  if (compacted === undefined) return landed;
  const { boundary } = compacted;
  const parquet = `SELECT ${parquetColumns(type).join(', ')} FROM ${type}_parquet`;
  return `${parquet} WHERE arrived < '${boundary}' UNION ALL ${landed} WHERE arrived >= '${boundary}'`;
}

interface Compacted {
  /** The first hour of arrival that is still read as it landed: `2026-11-22-16`. */
  readonly boundary: string;
  /** How many days an event may lie before its arrival and be filed under its own day, see {@link eventDay}. */
  readonly retentionDays: number;
}

function landedColumns(type: LogType, retentionDays: number | undefined): string[] {
  const [day, hour] = [`${eventDay(retentionDays)} AS dt`, `date_format(ts, '%H') AS hour`];
  return [...Object.keys(storedTables[type]), typeColumn(type), 'arrived', day, hour];
}

/**
 * The day that a row is filed under once it is Parquet: that of its event. Days that no clock should show, before the
 * retention or later than the day after the arrival, have no partition; such rows are filed under the day they arrived.
 */
function eventDay(retentionDays: number | undefined): string {
  if (retentionDays === undefined) return `date_format(ts, '%Y-%m-%d')`;
  const arrival = 'CAST(substr(arrived, 1, 10) AS date)';
  const isFiled = `ts >= ${arrival} - INTERVAL '${retentionDays}' DAY AND ts < ${arrival} + INTERVAL '2' DAY`;
  return `CASE WHEN ${isFiled} THEN date_format(ts, '%Y-%m-%d') ELSE substr(arrived, 1, 10) END`;
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
 * What Athena keeps of a view, as JSON.
 *
 * @param database that the tables are in
 */
export function viewDefinition(type: LogType, database: string, compacted: Compacted): string {
  const columns = Object.entries(columnsOfView(type));
  return JSON.stringify({
    originalSql: viewSql(type, compacted),
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
