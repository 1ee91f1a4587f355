import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { trinoTypes, viewSql } from '../../shared/athena/views.js';
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
 * Trino's tables and views over the same objects, as Athena has them.
 *
 * @param lake the folder that is the root of Trino's file system
 * @param data the data folder, within it
 */
export async function createTables(url: string, lake: string, data: string): Promise<void> {
  await must(url, 'CREATE SCHEMA firesplit');
  for (const type of logTypes) {
    const place = `${data}/s3/logs-bucket/logs/type=${type}`;
    await mkdir(join(lake, place), { recursive: true });
    const columns = Object.entries(storedTables[type]).map(([name, column]) => `${name} ${trinoTypes[column.type]}`);
    const properties = `format = 'JSON', partitioned_by = ARRAY['arrived'], external_location = 'local:///${place}'`;
    await must(url, `CREATE TABLE ${type}_landed (${columns.join(', ')}, arrived varchar) WITH (${properties})`);
    await must(url, `CALL hive.system.sync_partition_metadata('firesplit', '${type}_landed', 'ADD')`);
    await must(url, `CREATE VIEW ${type} AS ${viewSql(type)}`);
  }
}

async function must(url: string, sql: string): Promise<void> {
  const answer = await askTrino(url, sql);
  if ('refused' in answer) throw new Error(`${sql}: ${answer.refused}`);
}
