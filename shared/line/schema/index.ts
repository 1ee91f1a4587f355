import { accessColumns } from './access.js';
import type { Columns } from './column.js';
import { entryColumns } from './entry.js';

export type { AccessRow } from './access.js';
export type { Column, Columns, ColumnType } from './column.js';
export { partitionColumns } from './common.js';
export type { EntryRow } from './entry.js';

/** A access lines, B error lines, C application lines. */
export const logTypes = ['access', 'error', 'app'] as const;
export type LogType = (typeof logTypes)[number];

/** The columns of each table, in order: the one source of the row types, the Glue tables, the DuckDB views and docs/tables.md. */
export const tables: Readonly<Record<LogType, Columns>> = {
  access: accessColumns,
  error: entryColumns,
  app: entryColumns,
};
