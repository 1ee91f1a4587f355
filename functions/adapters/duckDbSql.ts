import { type CompactionJob, otherDays } from '../../shared/compact/engine.js';
import { otherHours, sharedDigits, sharedHours } from '../../shared/compact/indexes.js';
import { type ColumnType, type LogType, storedTables } from '../../shared/line/schema/index.js';

/** The statements of a compaction, in the order in which they are run. */

/** Table `landed`: the rows as they are, with what decides where each goes. A line that is no JSON is a row of nulls, as in Athena. */
export function landedTable({ type, days, recordHours }: CompactionJob, folder: string): string {
  return `CREATE TABLE landed AS
    SELECT ${columnsOf(type).join(', ')}, arrived, strftime(ts, '%H') AS hour,
      CASE WHEN strftime(ts, '%Y-%m-%d') BETWEEN ${quote(days.first)} AND ${quote(days.last)}
        THEN strftime(ts, '%Y-%m-%d') ELSE ${quote(otherDays)} END AS day,
      CASE WHEN NOT regexp_full_match(left(record, 5), '[0-9a-f]{5}') THEN ${quote(otherHours)}
        WHEN left(record, 5) BETWEEN ${quote(recordHours.first)} AND ${quote(recordHours.last)} THEN left(record, 5)
        WHEN left(record, ${sharedDigits}) BETWEEN ${quote(sharedHours.first)} AND ${quote(sharedHours.last)}
        THEN left(record, ${sharedDigits}) WHEN record IS NOT NULL THEN ${quote(otherHours)} END AS record_index,
      try_cast(nullif(regexp_extract(fields, '^\\{"part":(\\d+)', 1), '') AS INTEGER) AS part
    FROM read_json(${quote(`${folder}/*/*`)}, format = 'newline_delimited', ignore_errors = true,
      maximum_object_size = 67108864, columns = {${Object.entries(storedTables[type])
        .map(([name, { type }]) => `${name}: '${duckDbTypes[type]}'`)
        .join(', ')}},
      hive_partitioning = true, hive_types = {arrived: 'VARCHAR'})`;
}

export const rowCount = 'SELECT count(*) FROM landed';

/** Rows of which nothing could be read. */
export function unreadableCount(type: LogType): string {
  const isNull = columnsOf(type).map((name) => `${name} IS NULL`);
  return `SELECT count(*) FROM landed WHERE ${isNull.join(' AND ')}`;
}

/** The indexes that the rows belong to. */
export const indexNames = 'SELECT DISTINCT record_index FROM landed WHERE record_index IS NOT NULL ORDER BY 1';

export const dayNames = 'SELECT DISTINCT day FROM landed ORDER BY day';

/**
 * Table `known`: identities that earlier jobs wrote, of records that are here again. Of a record that is not, only its name is read.
 *
 * @param earlier a pattern of their indexes' names
 */
export function identities(earlier: string | undefined): string {
  const none = 'SELECT NULL::VARCHAR AS record, NULL::INTEGER AS line, NULL::INTEGER AS lines, NULL::INTEGER AS part';
  if (earlier === undefined) return `CREATE TABLE known AS ${none} WHERE false`;
  return `CREATE TABLE known AS
    SELECT record, unnest(identities, recursive := true)
    FROM read_parquet(${quote(earlier)}) WHERE record IN (SELECT record FROM landed)`;
}

/**
 * Takes rows out of `landed` that are known, and of each identity all but the one that arrived first. Rows that state no record
 * all stay. Mostly there is nothing to take out, and the others are not copied for it.
 */
export function dropDuplicates(type: LogType): string {
  const same = ['landed.record = other.record', ...identity.slice(1).map(isSame)].join(' AND ');
  return `
    DELETE FROM landed WHERE rowid IN (SELECT landed.rowid FROM landed, known AS other WHERE ${same});
    CREATE TABLE repeated AS
      SELECT ${identity.join(', ')} FROM landed WHERE record IS NOT NULL GROUP BY ALL HAVING count(*) > 1;
    DELETE FROM landed WHERE rowid IN (
      SELECT id FROM (
        SELECT landed.rowid AS id, row_number() OVER (
          PARTITION BY ${identity.map(ofLanded).join(', ')}
          ORDER BY ${['arrived', ...columnsOf(type)].map(ofLanded).join(', ')}) AS number
        FROM landed, repeated AS other WHERE ${same})
      WHERE number > 1)`;
}

function isSame(name: string): string {
  return `landed.${name} IS NOT DISTINCT FROM other.${name}`;
}

function ofLanded(name: string): string {
  return `landed.${name}`;
}

/** In an order that leaves nothing open, so that the same rows are the same bytes. Row groups of an hour and of a service can be passed over. */
export function writeDay(type: LogType, day: string, file: string): string {
  const columns = columnsOf(type);
  // Where there is no partition that says it.
  const dt = day === otherDays ? `, strftime(ts, '%Y-%m-%d') AS dt` : '';
  return `COPY (
      SELECT ${columns.map((name) => (name === 'ts' ? 'ts::TIMESTAMP_MS AS ts' : name)).join(', ')}, arrived, hour${dt}
      FROM landed WHERE day = ${quote(day)}
      ORDER BY hour, service, ts, ${identity.join(', ')}, CASE WHEN record IS NULL THEN hash(${columns.join(', ')}, arrived) END)
    TO ${quote(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)`;
}

/**
 * A row for each record, which the next jobs look for, with the identities of its lines, which they mostly don't. Version 2 of
 * Parquet writes numbers that follow each other as their differences; nobody but the next jobs reads these files.
 */
export function writeIndex(index: string, file: string): string {
  const struct = `{${identity.slice(1).map((name) => `${name}: ${name}`)}}`;
  return `COPY (
      SELECT record, list(${struct} ORDER BY line, lines, part) AS identities
      FROM landed WHERE record_index = ${quote(index)} GROUP BY record ORDER BY record)
    TO ${quote(file)} (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)`;
}

const identity = ['record', 'line', 'lines', 'part'];

function columnsOf(type: LogType): string[] {
  return Object.keys(storedTables[type]);
}

/** What each type of column is in DuckDB. */
export const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
};

/** A text as SQL writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
