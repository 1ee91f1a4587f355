import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type ColumnType, type LogType, logTypes, partitionColumns, tables } from '../../shared/line/schema/index.js';
import { athenaMacros } from './athena.js';

/** A query's answer: rows of plain values (numbers, text, booleans, null) in the order of the columns. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The tables `access`, `error` and `app` over the objects of a data folder, as Athena has them over the bucket. */
export interface Database {
  /** @throws what DuckDB says of the SQL. */
  query(sql: string): Promise<QueryResult>;
  close(): void;
}

/**
 * @param data the folder that `firesplit up --data` wrote
 * @throws when there is no such folder
 */
export async function openDatabase(data: string): Promise<Database> {
  if (!existsSync(data)) {
    throw new Error(
      `there is no data folder ${data}; start the stack with \`firesplit up --data ${data}\`, or name another with --data`,
    );
  }
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  // As Athena: UTC, and whole numbers divide to whole numbers.
  await connection.run(`SET TimeZone = 'UTC'; SET integer_division = true`);
  for (const macro of athenaMacros) await connection.run(`CREATE MACRO ${macro}`);
  for (const type of logTypes) {
    const files = join(data, 's3', '*', 'logs', `type=${type}`, '*', '*', '*.json.gz');
    // A glob that matches nothing is an error to DuckDB; a table without rows is none to Athena.
    const { rows } = await run(connection, `SELECT count(*) FROM glob(${quote(files)})`);
    await connection.run(rows[0]?.[0] === 0 ? emptyView(type) : viewOver(type, files));
  }
  return {
    query: (sql) => run(connection, sql),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function emptyView(type: LogType): string {
  const columns = [...columnsOf(type), ...partitionColumns.map((name) => ({ name, type: 'VARCHAR' }))];
  return `CREATE VIEW ${type} AS SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(', ')} WHERE false`;
}

/** Firehose's objects are gzip members one after the other; DuckDB reads them as one file, as Athena does. */
function viewOver(type: LogType, files: string): string {
  const columns = columnsOf(type);
  return `CREATE VIEW ${type} AS SELECT ${[...columns.map(({ name }) => name), ...partitionColumns].join(', ')}
    FROM read_json(${quote(files)}, format = 'newline_delimited', compression = 'gzip', maximum_object_size = 67108864,
      columns = {${columns.map(({ name, type }) => `${name}: '${type}'`).join(', ')}},
      hive_partitioning = true, hive_types = {${partitionColumns.map((name) => `${name}: 'VARCHAR'`).join(', ')}})`;
}

function columnsOf(type: LogType): { name: string; type: string }[] {
  return Object.entries(tables[type]).map(([name, column]) => ({ name, type: duckDbTypes[column.type] }));
}

const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
};

async function run(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes().map(String);
  const rows = reader.getRowsJson().map((row) => row.map((value, index) => plain(value, types[index] ?? '')));
  return { columns: reader.columnNames(), rows };
}

/** DuckDB gives 64-bit integers and decimals as text; those that a number holds exactly are numbers again. */
function plain(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !/^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type)) return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
