import type { Columns, RowOf } from './column.js';
import { commonColumns, fieldsColumn } from './common.js';

/** Table `access`: one row for each request that a web server, proxy or framework logged. */
export const accessColumns = {
  ...commonColumns,
  client_ip: { type: 'string', doc: 'Address of the client as logged.' },
  method: { type: 'string', doc: 'Request method; null when the request line was not HTTP.' },
  path: {
    type: 'string',
    doc: 'Request target up to `?`, percent-encoding kept; the whole request line when it was not HTTP.',
  },
  query: { type: 'string', doc: 'What follows the first `?`; null without one.' },
  protocol: { type: 'string', doc: 'For example `HTTP/1.1`.' },
  status: { type: 'int', doc: 'Response status.' },
  bytes: { type: 'bigint', doc: 'Bytes of the response body.' },
  duration_ms: { type: 'double', doc: 'Time to serve the request, in milliseconds.' },
  referer: { type: 'string', doc: 'Referer header; null when the log has `-`.' },
  user_agent: { type: 'string', doc: 'User-Agent header; null when the log has `-`.' },
  host: { type: 'string', doc: 'Host the request was for.' },
  request_id: { type: 'string', doc: 'Request id as logged.' },
  ...fieldsColumn,
} as const satisfies Columns;

export type AccessRow = RowOf<typeof accessColumns>;
