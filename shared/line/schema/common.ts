import type { Columns } from './column.js';

/** The columns that every table starts with. */
export const commonColumns = {
  ts: {
    type: 'timestamp',
    doc: 'Event time, UTC, to the millisecond: the time the line itself states with a zone, else the time the collector read it.',
  },
  service: { type: 'string', doc: 'Who logged it: the container name of the FireLens record.' },
  source: { type: 'string', doc: '`stdout` or `stderr`, as the container wrote it.' },
  task: { type: 'string', doc: 'ECS task id: the last part of the task ARN.' },
  cluster: { type: 'string', doc: 'ECS cluster.' },
} as const satisfies Columns;

/** The last column of every table. */
export const fieldsColumn = {
  fields: {
    type: 'string',
    doc: 'JSON object with whatever else the line and its FireLens record had; null when nothing is left.',
  },
} as const satisfies Columns;

/** Partition columns, in the order they stand in an S3 prefix; all strings. */
export const partitionColumns = ['type', 'dt', 'hour'] as const;
