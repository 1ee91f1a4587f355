import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { viewSql } from '../../shared/athena/views.js';
import {
  type ColumnType,
  type LogType,
  landedPartitions,
  logTypes,
  storedTables,
} from '../../shared/line/schema/index.js';
import { type Answer, allRows, type Row } from './answer.js';
import { registerAthenaFunctions } from './athenaFunctions.js';
import { type Catalog, translate } from './dialect/index.js';
import { athenaMacros } from './dialect/macros.js';
import { type SqlType, typeOfDuckDb } from './dialect/types.js';
import { answerOf } from './duckdb.js';
import { lockedOptions, lockTo } from './lock.js';
import { ReadableCopies } from './misread.js';

/** The views `access`, `error` and `app` over the objects of a data folder, as Athena has them over the bucket. */
export interface Database {
  /** @throws SqlError for what Athena would refuse, and what DuckDB says besides */
  ask(sql: string): Promise<Answer>;
  /** The same with all rows at once, for answers that are known to be short. */
  query(sql: string): Promise<{ readonly columns: readonly string[]; readonly rows: readonly Row[] }>;
  /** Ends a query that runs; it fails. */
  interrupt(): void;
  close(): void;
}

/**
 * @param data the folder that `firesplit up --data` wrote
 * @param unlocked whether queries are DuckDB's own SQL, which may open other files, write and load extensions
 * @throws when there is no such folder
 */
export async function openDatabase(data: string, { unlocked = false } = {}): Promise<Database> {
  if (!existsSync(data)) {
    throw new Error(
      `there is no data folder ${data}; start the stack with \`firesplit up --data ${data}\`, or name another with --data`,
    );
  }
  const instance = await DuckDBInstance.create(':memory:', unlocked ? {} : lockedOptions);
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  registerAthenaFunctions(connection);
  for (const macro of athenaMacros) await connection.run(`CREATE MACRO ${macro}`);
  const objects = resolve(data, 's3');
  const copies = new ReadableCopies();
  for (const type of logTypes) {
    const pattern = join(objects, '*', 'logs', `type=${type}`, 'arrived=*', '*.json.gz');
    const found = await allRows(await answerOf(connection, `SELECT file FROM glob(${quote(pattern)})`));
    const files = found.map(([file]) => copies.of(String(file)));
    // A glob that matches nothing is an error to DuckDB; a table without rows is none to Athena.
    await connection.run(files.length === 0 ? emptyTable(type) : tableOver(type, files));
  }
  const stored = await catalogOf(connection);
  for (const type of logTypes) {
    await connection.run(`CREATE VIEW ${type} AS ${translate(viewSql(type), stored).sql}`);
  }
  const catalog = await catalogOf(connection);
  if (!unlocked) await connection.run(lockTo([objects, ...(copies.folder === undefined ? [] : [copies.folder])]));
  const ask = (sql: string) =>
    unlocked ? answerOf(connection, sql) : answerOf(connection, translate(sql, catalog).sql, { questionsOnly: true });
  return {
    ask,
    async query(sql) {
      const answer = await ask(sql);
      return { columns: answer.columns, rows: await allRows(answer) };
    },
    interrupt: () => connection.interrupt(),
    close() {
      connection.closeSync();
      instance.closeSync();
      copies.remove();
    },
  };
}

/** The tables as DuckDB has them. */
async function catalogOf(connection: DuckDBConnection): Promise<Catalog> {
  const columns = await allRows(
    await answerOf(
      connection,
      `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index`,
    ),
  );
  const catalog = new Map<string, { name: string; type: SqlType }[]>();
  for (const [table, name, type] of columns) {
    const known = catalog.get(String(table)) ?? [];
    catalog.set(String(table), [...known, { name: String(name), type: typeOfDuckDb(String(type)) }]);
  }
  return catalog;
}

function emptyTable(type: LogType): string {
  const columns = [...columnsOf(type), ...landedPartitions.map((name) => ({ name, type: 'VARCHAR' }))];
  return `CREATE VIEW ${type}_landed AS SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(', ')} WHERE false`;
}

/** Firehose's objects are gzip members one after the other; DuckDB reads them as one file, as Athena does. */
function tableOver(type: LogType, files: readonly string[]): string {
  const columns = columnsOf(type);
  return `CREATE VIEW ${type}_landed AS SELECT ${[...columns.map(({ name }) => name), ...landedPartitions].join(', ')}
    FROM read_json([${files.map(quote).join(', ')}], format = 'newline_delimited', compression = 'gzip', maximum_object_size = 67108864,
      columns = {${columns.map(({ name, type }) => `${name}: '${type}'`).join(', ')}},
      hive_partitioning = true, hive_types = {${landedPartitions.map((name) => `${name}: 'VARCHAR'`).join(', ')}})`;
}

function columnsOf(type: LogType): { name: string; type: string }[] {
  return Object.entries(storedTables[type]).map(([name, column]) => ({ name, type: duckDbTypes[column.type] }));
}

const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  int: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
};

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
