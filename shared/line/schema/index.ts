import { accessColumns } from './access.js';
import type { Columns } from './column.js';
import { placeColumns } from './common.js';
import { entryColumns } from './entry.js';

export type { AccessRow } from './access.js';
export type { Column, Columns, ColumnType } from './column.js';
export { landedPartitions, viewColumns } from './common.js';
export type { EntryRow } from './entry.js';

/** A access lines, B error lines, C application lines. */
export const logTypes = ['access', 'error', 'app'] as const;
export type LogType = (typeof logTypes)[number];

/** The columns that lines fill, by table and in order: the one source of the row types and of all that is derived below. */
export const tables: Readonly<Record<LogType, Columns>> = {
  access: accessColumns,
  error: entryColumns,
  app: entryColumns,
};

/** The columns of stored rows, by table and in order: the source of the Glue tables, the views and docs/tables.md. */
export const storedTables: Readonly<Record<LogType, Columns>> = {
  access: { ...accessColumns, ...placeColumns },
  error: { ...entryColumns, ...placeColumns },
  app: { ...entryColumns, ...placeColumns },
};
