import type { Columns, RowOf } from './column.js';
import { commonColumns, fieldsColumn } from './common.js';

/** Tables `error` and `app`: one row for each line (or joined multi-line entry) that is not an access line. */
export const entryColumns = {
  ...commonColumns,
  level: {
    type: 'string',
    doc: 'One of `trace`, `debug`, `info`, `warn`, `error`, `fatal`; null when the line states none.',
  },
  message: { type: 'string', doc: 'The message; the whole line when no format was recognised.' },
  logger: { type: 'string', doc: 'Logger, category or component that wrote it.' },
  exception: { type: 'string', doc: 'Type of the exception, for example `java.lang.IllegalStateException`.' },
  stack: { type: 'string', doc: 'Stack trace as logged.' },
  fingerprint: {
    type: 'string',
    doc: '16 hexadecimal digits, equal for the same error whatever its ids, numbers and quoted values; only on type `error`.',
  },
  trace_id: { type: 'string', doc: 'Trace id as logged.' },
  span_id: { type: 'string', doc: 'Span id as logged.' },
  request_id: { type: 'string', doc: 'Request id as logged.' },
  ...fieldsColumn,
} as const satisfies Columns;

export type EntryRow = RowOf<typeof entryColumns>;
