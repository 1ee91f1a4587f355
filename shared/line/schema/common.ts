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

/** The last column that a line fills. */
export const fieldsColumn = {
  fields: {
    type: 'string',
    doc: 'JSON object with whatever else the line and its FireLens record had; null when nothing is left.',
  },
} as const satisfies Columns;

/** Where a line came from: which record of the stream, and where in it. They end every row, and no line has a say in them. */
export const placeColumns = {
  record: {
    type: 'string',
    doc: 'Names the record of the stream that it came in: the hour (5 hexadecimal digits, since the epoch) and 96 bits as base64url. The same when the record is sent again, where its content proves that.',
  },
  line: { type: 'int', doc: 'Its number in that record, from 1: the order of lines of the same `ts`.' },
  lines: { type: 'int', doc: 'How many lines of the log were joined into the row; null for one.' },
} as const satisfies Columns;

/** Partition columns of what landed, in the order they stand in an S3 prefix; all strings. */
export const landedPartitions = ['type', 'arrived'] as const;

/** Columns that the views work out beside those of a row; all strings. */
export const viewColumns = {
  type: { type: 'string', doc: '`access`, `error` or `app`: the table.' },
  arrived: { type: 'string', doc: 'Hour in which it reached the stream, UTC: `2026-11-22-16`.' },
  dt: { type: 'string', doc: 'Day of the event, by `ts`, UTC: `2026-11-22`.' },
  hour: { type: 'string', doc: 'Hour of the event, by `ts`, UTC: `00` to `23`.' },
} as const satisfies Columns;
