import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../functions/adapters/duckDbSql.js';
import { sqlOf, viewSql } from '../../shared/athena/views.js';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import { viewIn } from '../glue/tableFile.js';
import { type Answer, allRows, type Row } from './answer.js';
import { registerAthenaFunctions } from './athenaFunctions.js';
import { type Catalog, translate } from './dialect/index.js';
import { athenaMacros } from './dialect/macros.js';
import { type SqlType, typeOfDuckDb } from './dialect/types.js';
import { answerOf } from './duckdb.js';
import { lockedOptions, lockTo } from './lock.js';
import { ReadableCopies } from './misread.js';
import { storedTablesIn } from './storedTables.js';

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
  // Before the files are listed: a boundary that moves meanwhile would leave out what landed, whose Parquet is not listed.
  const definitions = new Map<LogType, string | undefined>();
  for (const type of logTypes) definitions.set(type, await viewIn(data, type));
  const objects = resolve(data, 's3');
  const copies = new ReadableCopies();
  for (const type of logTypes) {
    for (const { name, pattern, over, empty } of storedTablesIn(objects, type)) {
      const found = await allRows(await answerOf(connection, `SELECT file FROM glob(${quote(pattern)})`));
      const files = found.map(([file]) => copies.of(String(file)));
      // A list of no files is an error to DuckDB; a table without rows is none to Athena.
      await connection.run(`CREATE VIEW ${name} AS ${files.length === 0 ? empty : over(files)}`);
    }
  }
  const stored = await catalogOf(connection);
  for (const type of logTypes) {
    // As compaction has defined it, if it has: where the view's boundary is only that knows.
    const definition = definitions.get(type);
    const sql = definition === undefined ? viewSql(type) : sqlOf(definition);
    await connection.run(`CREATE VIEW ${type} AS ${translate(sql, stored).sql}`);
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
