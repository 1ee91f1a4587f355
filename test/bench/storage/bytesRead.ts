import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { quote } from '../../../functions/adapters/duckDbSql.js';
import { storedTables, viewColumns } from '../../../shared/line/schema/index.js';
import { day, type Question, sqlOf } from './questions.js';

/** What Athena reads of gzipped JSON: every object of the hours of arrival that are asked for, whole. */
export async function landedBytesRead(bucket: string, { arrivedFrom }: Question): Promise<number> {
  const folder = join(bucket, 'logs/type=access');
  let bytes = 0;
  for (const hour of await readdir(folder)) {
    if (hour.slice('arrived='.length) < arrivedFrom) continue;
    for (const name of await readdir(join(folder, hour))) bytes += (await stat(join(folder, hour, name))).size;
  }
  return bytes;
}

/** A column of a row group of a Parquet file, as its footer describes it. */
interface Chunk {
  readonly group: string;
  readonly column: string;
  readonly bytes: number;
  readonly least: string | undefined;
  readonly greatest: string | undefined;
}

/** What is stored of a day's columns. */
export async function chunksOf(bucket: string): Promise<readonly Chunk[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const files = join(bucket, `parquet/type=access/dt=${day}/*.parquet`);
    const reader = await connection.runAndReadAll(
      `SELECT file_name || row_group_id, path_in_schema, total_compressed_size, stats_min_value, stats_max_value
       FROM parquet_metadata(${quote(files)})`,
    );
    const text = (value: unknown) => (value === null ? undefined : String(value));
    return reader.getRows().map(([group, column, bytes, least, greatest]) => ({
      group: String(group),
      column: String(column),
      bytes: Number(bytes),
      least: text(least),
      greatest: text(greatest),
    }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * What Athena reads of Parquet: of each row group whose least and greatest values let it have the ones that are asked for, the
 * columns that the query names, and `arrived`, by which the view passes over what is not yet its own. Footers are not counted.
 */
export function parquetBytesRead(chunks: readonly Chunk[], question: Question): number {
  const passedOver = new Set(
    chunks
      .filter(({ column, least, greatest }) => {
        const value = question.equal[column];
        return (
          value !== undefined && least !== undefined && greatest !== undefined && (value < least || value > greatest)
        );
      })
      .map(({ group }) => group),
  );
  const named = new Set(sqlOf(question).match(/\w+/g));
  const columns = Object.keys({ ...storedTables.access, ...viewColumns }).filter((name) => named.has(name));
  return chunks.reduce(
    (sum, { group, column, bytes }) => sum + (columns.includes(column) && !passedOver.has(group) ? bytes : 0),
    0,
  );
}
