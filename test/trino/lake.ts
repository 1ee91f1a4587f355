import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { trinoTypes } from '../../shared/athena/views.js';
import { type AccessRow, type EntryRow, type LogType, logTypes, storedTables } from '../../shared/line/schema/index.js';
import { type StoredLine, writeStored } from '../helpers/storedLines.js';
import { askTrino } from './client.js';
import { accessRows, errorRows } from './rows.js';

/** Rows as they landed, where the laptop looks for them. */
export async function fillDataFolder(data: string): Promise<void> {
  await writeStored(data, [...stored('access', accessRows), ...stored('error', errorRows)]);
}

/** Some arrive late. */
function stored(type: LogType, rows: readonly (AccessRow | EntryRow)[]): StoredLine[] {
  return rows.map(({ ts, ...columns }, at) => ({
    type,
    ts,
    arrival: ts + (at % 10 === 0 ? 30 * 3_600_000 : 0),
    columns: { ...columns, record: `r${at >> 4}`, line: (at & 15) + 1 },
  }));
}

/**
 * Trino's tables over the same objects, as Athena has them.
 *
 * @param lake the folder that is the root of Trino's file system
 * @param bucket a folder within it
 */
export async function createTables(url: string, schema: string, lake: string, bucket: string): Promise<void> {
  await must(url, `CREATE SCHEMA ${schema}`);
  for (const type of logTypes) {
    const columns = Object.entries(storedTables[type]).map(([name, column]) => `${name} ${trinoTypes[column.type]}`);
    const create = async (
      name: string,
      place: string,
      format: string,
      others: readonly string[],
      partition?: string,
    ) => {
      await mkdir(join(lake, bucket, place), { recursive: true });
      const all = [...columns, ...[...others, ...(partition ? [partition] : [])].map((other) => `${other} varchar`)];
      const properties = [
        `format = '${format}', external_location = 'local:///${bucket}/${place}'`,
        ...(partition ? [`partitioned_by = ARRAY['${partition}']`] : []),
      ];
      await must(url, `CREATE TABLE ${schema}.${name} (${all.join(', ')}) WITH (${properties.join(', ')})`);
      // Athena projects them.
      if (partition) await must(url, `CALL system.sync_partition_metadata('${schema}', '${name}', 'ADD')`);
    };
    await create(`${type}_landed`, `logs/type=${type}`, 'JSON', [], 'arrived');
    await create(`${type}_parquet`, `parquet/type=${type}`, 'PARQUET', ['arrived', 'hour'], 'dt');
    await create(`${type}_parquet_other`, `parquet/type=${type}/other`, 'PARQUET', ['arrived', 'hour', 'dt']);
  }
}

/** @throws when Trino refuses */
export async function must(url: string, sql: string, schema?: string): Promise<readonly unknown[][]> {
  const answer = await askTrino(url, sql, schema);
  if ('refused' in answer) throw new Error(`${sql}: ${answer.refused}`);
  return answer.rows;
}
