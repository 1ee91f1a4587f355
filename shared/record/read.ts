import { type Partition, partitionHour } from '../partition.js';
import { type Row, toRow } from '../row.js';
import { decodeRecord } from './decode.js';
import { openEnvelope } from './envelope.js';
import { type LogEvent, unknownOrigin } from './event.js';

/** A record as Firehose hands it to the transform; base64 `data`, arrival in ms since the epoch. */
export interface IncomingRecord {
  readonly recordId: string;
  readonly approximateArrivalTimestamp: number;
  readonly data: string;
}

/** What became of a record. */
export type ReadRecord = { readonly recordId: string } /** Its lines went to the sink. */ & (
  | { readonly kind: 'lines'; readonly bytes: number }
  /** A partition that an earlier invocation put back on the stream: passed through untouched. */
  | { readonly kind: 'partition'; readonly partition: Partition; readonly data: string; readonly bytes: number }
  /** Nothing could be read: Firehose keeps the original under `failed/`. */
  | { readonly kind: 'failed'; readonly reason: string }
);

/** Takes what a record holds, line by line. */
export interface LineSink {
  row(row: Row, partitionHour: number): void;
  /** A line with nothing in it: counted, not stored. */
  blank(): void;
}

/** Decodes a record and gives each of its log lines to the sink as a row. Never throws. */
export function readRecord(record: IncomingRecord, sink: LineSink): ReadRecord {
  const { recordId, approximateArrivalTimestamp: arrival } = record;
  const decoded = decodeRecord(record.data);
  if (decoded.kind === 'undecodable') return { recordId, kind: 'failed', reason: decoded.reason };
  if (decoded.kind === 'partition') {
    return { recordId, kind: 'partition', partition: decoded.partition, data: record.data, bytes: decoded.data.length };
  }
  for (const line of lines(decoded.text)) {
    for (const event of eventsOf(line)) {
      if (isBlank(event)) {
        sink.blank();
        continue;
      }
      const row = toRow(event, arrival);
      sink.row(row, partitionHour(row.row.ts, arrival));
    }
  }
  return { recordId, kind: 'lines', bytes: decoded.bytes };
}

/** An aggregate ends in a blank line of its own, which is no log line: empty lines are passed over here. */
function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    let end = newline < 0 ? text.length : newline;
    const next = end + 1;
    if (text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start) end--;
    if (end > start) yield text.slice(start, end);
    start = next;
  }
}

const CARRIAGE_RETURN = 13;

function eventsOf(line: string): readonly LogEvent[] {
  try {
    return openEnvelope(line);
  } catch {
    // Nested deeper than the engine's stack: the line itself is the event.
    return [{ log: line, time: undefined, origin: unknownOrigin }];
  }
}

function isBlank({ log }: LogEvent): boolean {
  return typeof log === 'string' && !visible.test(log);
}

const visible = /\S/;
