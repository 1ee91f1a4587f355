import { join } from 'node:path';
import { duckDbTypes, quote } from '../../functions/adapters/duckDbSql.js';
import { type LogType, landedPartitions, storedTables } from '../../shared/line/schema/index.js';

/** A table over files, as DuckDB reads it. */
interface StoredTable {
  readonly name: string;
  /** Of its files. */
  readonly pattern: string;
  /** Its rows, in SQL, when there are files. */
  readonly over: (files: readonly string[]) => string;
  /** The same when there are none. */
  readonly empty: string;
}

/**
 * The tables behind a view.
 *
 * @param objects the folder of the buckets
 */
export function storedTablesIn(objects: string, type: LogType): readonly StoredTable[] {
  const parquet = (...path: string[]) => join(objects, '*', 'parquet', `type=${type}`, ...path);
  return [
    landedTable(type, join(objects, '*', 'logs', `type=${type}`, 'arrived=*', '*.json.gz')),
    parquetTable(`${type}_parquet`, type, parquet('dt=*', '*.parquet')),
    parquetTable(`${type}_parquet_other`, type, parquet('other', '*.parquet')),
  ];
}

/** Firehose's objects are gzip members one after the other; DuckDB reads them as one file, as Athena does. */
function landedTable(type: LogType, pattern: string): StoredTable {
  const stored = columnsOf(type);
  const partitions = texts(landedPartitions);
  const columns = [...stored, ...partitions];
  return {
    name: `${type}_landed`,
    pattern,
    over: (files) => `SELECT ${columns.map(({ name }) => name).join(', ')}
      FROM read_json(${listed(files)}, format = 'newline_delimited', compression = 'gzip', maximum_object_size = 67108864,
        columns = {${stored.map(typed).join(', ')}},
        hive_partitioning = true, hive_types = {${partitions.map(typed).join(', ')}})`,
    empty: noRows(columns),
  };
}

/** What compaction made of it. In files of before a column was added it is null. */
function parquetTable(name: string, type: LogType, pattern: string): StoredTable {
  const columns = [...columnsOf(type), ...texts(['arrived', 'hour', 'dt'])];
  return {
    name,
    pattern,
    over: (files) => `SELECT ${columns.map(({ name, type }) => `${name}::${type} AS ${name}`).join(', ')}
      FROM read_parquet(${listed(files)}, union_by_name = true, hive_partitioning = true, hive_types_autocast = false)`,
    empty: noRows(columns),
  };
}

interface TableColumn {
  readonly name: string;
  readonly type: string;
}

function noRows(columns: readonly TableColumn[]): string {
  return `SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(', ')} WHERE false`;
}

function columnsOf(type: LogType): TableColumn[] {
  return Object.entries(storedTables[type]).map(([name, column]) => ({ name, type: duckDbTypes[column.type] }));
}

function texts(names: readonly string[]): TableColumn[] {
  return names.map((name) => ({ name, type: 'VARCHAR' }));
}

function typed({ name, type }: TableColumn): string {
  return `${name}: '${type}'`;
}

function listed(files: readonly string[]): string {
  return `[${files.map(quote).join(', ')}]`;
}
