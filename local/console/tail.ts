import type { ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { LogType } from '../../shared/line/schema/index.js';
import { isGzip } from '../../shared/record/gzip.js';
import type { StackEmitter, StackEvents } from '../events.js';

/** A row as `GET /tail` sends it: one JSON object in a line. */
export interface TailedRow {
  readonly type: LogType;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Sends each row once it is stored, until the client goes away. */
export function tail(response: ServerResponse, events: StackEmitter): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  let left = 0;
  const send = (object: StackEvents['stored'][0]) => {
    // A client that does not read must not fill the memory: it is told how much it missed.
    if (response.writableLength > maxWaiting) {
      left++;
      return;
    }
    if (left > 0) response.write(`${JSON.stringify({ missed: left })}\n`);
    left = 0;
    for (const line of rowsOf(object)) response.write(line);
  };
  events.on('stored', send);
  response.on('close', () => events.off('stored', send));
}

/** Bytes that may wait for a client. */
const maxWaiting = 16 * 1024 * 1024;

function* rowsOf({ key, data }: StackEvents['stored'][0]): Generator<string> {
  const [, type] = /(?:^|\/)type=(access|error|app)\//.exec(key) ?? [];
  if (type === undefined) return;
  for (const each of data) {
    const text = (isGzip(each) ? gunzipSync(each) : Buffer.from(each)).toString();
    for (const row of text.split('\n')) if (row !== '') yield `{"type":"${type}","row":${row}}\n`;
  }
}
