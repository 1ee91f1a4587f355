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
  const shown = result.columnTypes().map((type) => showAs(String(type)));
  for await (const rows of result.yieldRowsJson()) {
    yield rows.map((row) => row.map((value, index) => (value === null ? null : shown[index]?.(value))));
  }
}

/** How values of a type of DuckDB are shown, as Athena shows them. */
function showAs(type: string): (value: unknown) => unknown {
  if (type.endsWith('[]')) {
    const element = showAs(type.slice(0, -2));
    return (value) => (Array.isArray(value) ? value.map((each) => (each === null ? null : element(each))) : value);
  }
  if (type.startsWith('MAP(')) return asObject;
  if (/^(U?BIGINT|U?HUGEINT|DECIMAL)/.test(type)) return asNumber;
  if (type === 'TIMESTAMP') return (value) => withMilliseconds(String(value));
  return (value) => value;
}

/** DuckDB gives 64-bit integers and decimals as text; those that a number holds exactly are numbers again. */
function asNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
}

/** DuckDB gives a map as a list of `{ key, value }`. */
function asObject(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.map((entry: { key: unknown; value: unknown }) => [String(entry.key), entry.value]));
}

/** DuckDB leaves zeros at the end out. */
function withMilliseconds(time: string): string {
  const [whole = '', fraction = ''] = time.split('.');
  return `${whole}.${fraction.padEnd(3, '0')}`;
}
