import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import duckdb from '@duckdb/node-api';
import type { Answer, Row } from './answer.js';

/**
 * @param questionsOnly whether statements that do something, such as COPY, are refused
 * @throws what DuckDB says of the SQL
 */
export async function answerOf(
  connection: DuckDBConnection,
  sql: string,
  { questionsOnly = false } = {},
): Promise<Answer> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Error(`${statements.count} statements; ask one question at a time`);
  const statement = await statements.prepare(0);
  if (questionsOnly && !questions.includes(statement.statementType)) {
    throw new Error('this statement is no question: only SELECT and EXPLAIN run here');
  }
  const result = await statement.stream();
  return { columns: result.columnNames(), rows: plainRows(result) };
}

const questions: readonly number[] = [duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN];

async function* plainRows(result: DuckDBResult): AsyncGenerator<readonly Row[]> {
  const types = result.columnTypes().map(String);
  for await (const rows of result.yieldRowsJson()) {
    yield rows.map((row) => row.map((value, index) => plain(value, types[index] ?? '')));
  }
}

/** DuckDB gives 64-bit integers and decimals as text; those that a number holds exactly are numbers again. */
function plain(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !/^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type)) return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
}
