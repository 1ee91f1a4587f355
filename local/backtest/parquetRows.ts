import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../functions/adapters/duckDbSql.js';
import { columnKey } from '../../shared/line/rowText.js';
import { type LogType, storedTables } from '../../shared/line/schema/index.js';
import { lockedOptions } from '../query/lock.js';
import { chunkSize, linesIn } from './lines.js';
import { sqlIdentity } from './repeats.js';

/**
 * Reads what compaction wrote. DuckDB writes what is asked for to a file, which is read from there: that takes half the time
 * of handing over each row, and as little memory.
 */
export class ParquetReader {
  private made = 0;

  private constructor(
    private readonly folder: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** @param signal interrupts what DuckDB is asked */
  static async open(signal?: AbortSignal): Promise<ParquetReader> {
    const folder = await mkdtemp(join(tmpdir(), 'firesplit-backtest-'));
    try {
      const instance = await DuckDBInstance.create(':memory:', {
        ...lockedOptions,
        memory_limit: '1GB',
        preserve_insertion_order: 'false',
        temp_directory: join(folder, 'spilled'),
      });
      const connection = await instance.connect();
      signal?.addEventListener('abort', () => connection.interrupt());
      return new ParquetReader(folder, instance, connection);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * The rows of one hour of arrival as a landed object has them, binary strings of JSON, with these columns alone, some at a
   * time and in any order.
   *
   * @param columns in the order of the table; the first is `ts`
   */
  rows(
    files: readonly string[],
    {
      type,
      columns,
      arrived,
    }: { readonly type: LogType; readonly columns: readonly string[]; readonly arrived: string },
  ): AsyncGenerator<readonly string[]> {
    return this.lines(`SELECT ${rowSql(type, columns)} FROM ${over(files)} WHERE arrived = ${quote(arrived)}`);
  }

  /** The identities in files of an index of compaction, as landed rows state theirs. */
  identities(files: readonly string[]): AsyncGenerator<readonly string[]> {
    const each = `SELECT record, unnest(identities, recursive := true) FROM ${over(files)}`;
    return this.lines(`SELECT ${sqlIdentity} FROM (${each})`);
  }

  /** @param question whose answer has one column of texts without line breaks */
  private async *lines(question: string): AsyncGenerator<readonly string[]> {
    const file = join(this.folder, `${++this.made}.txt`);
    try {
      await this.connection.run(`COPY (${question}) TO ${quote(file)} (${asTheyAre})`);
      yield* linesIn(createReadStream(file, { highWaterMark: chunkSize }));
    } finally {
      await rm(file, { force: true });
    }
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** How COPY writes texts with nothing added but line breaks: JSON holds no control character that could stand between columns. */
const asTheyAre = `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01'`;

/** `{"ts":"2026-11-22 16:03:01.250","service":"web",…}`: a column that is null is left out. In files of before a column was added it is null. */
function rowSql(type: LogType, columns: readonly string[]): string {
  const others = columns.slice(1).map((name) => {
    const json = storedTables[type][name]?.type === 'string' ? `to_json(${name})` : name;
    return `${quote(columnKey(name))} || ${json}`;
  });
  return `concat(${[`'{"ts":"'`, `strftime(ts, '%Y-%m-%d %H:%M:%S.%g')`, `'"'`, ...others, `'}'`].join(', ')})`;
}

function over(files: readonly string[]): string {
  return `read_parquet([${files.map(quote).join(', ')}], union_by_name = true, hive_partitioning = false)`;
}
