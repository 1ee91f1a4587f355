import { type Partition, partitionHour } from '../partition.js';
import type { Redactor } from '../redact/redactor.js';
import { entryRow, type Row, renderFields, renderRow, toRow } from '../row.js';
import type { EntryRow, LogType } from '../schema/index.js';
import { AccessLane } from './accessLane.js';
import { decodeRecord } from './decode.js';
import { openEnvelope, unwrapLog } from './envelope.js';
import { type LogEvent, Origin, unknownOrigin } from './event.js';
import { EnvelopeTemplates } from './template.js';

/** A record as Firehose hands it to the transform; base64 `data`, arrival in ms since the epoch. */
export interface IncomingRecord {
  readonly recordId: string;
  readonly approximateArrivalTimestamp: number;
  readonly data: string;
}

/** What became of a record. */
export type ReadRecord = { readonly recordId: string } & (
  | /** Its lines went to the sink. */ { readonly kind: 'lines'; readonly bytes: number }
  /** A partition that an earlier invocation put back on the stream: passed through untouched. */
  | { readonly kind: 'partition'; readonly partition: Partition; readonly data: string; readonly bytes: number }
  /** Nothing could be read: Firehose keeps the original under `failed/`. */
  | { readonly kind: 'failed'; readonly reason: string }
);

/** Takes what a record holds, line by line. */
export interface LineSink {
  /**
   * @param hour the partition's, see partitionHour
   * @param json one line of NDJSON, without its line break
   */
  row(type: LogType, hour: number, json: string): void;
  /** The same row for the rules to look at. */
  entry(type: 'error' | 'app', row: EntryRow): void;
  /** A line with nothing in it: counted, not stored. */
  blank(): void;
}

/** Decodes a record and gives each of its log lines to the sink as a row. Never throws. */
export function readRecord(record: IncomingRecord, sink: LineSink, redactor: Redactor): ReadRecord {
  const { recordId, approximateArrivalTimestamp: arrival } = record;
  const decoded = decodeRecord(record.data);
  if (decoded.kind === 'undecodable') return { recordId, kind: 'failed', reason: decoded.reason };
  if (decoded.kind === 'partition') {
    return { recordId, kind: 'partition', partition: decoded.partition, data: record.data, bytes: decoded.data.length };
  }
  readLines(decoded.text, { arrival, sink, redactor });
  return { recordId, kind: 'lines', bytes: decoded.bytes };
}

interface Reading {
  /** ms since the epoch */
  readonly arrival: number;
  readonly sink: LineSink;
  readonly redactor: Redactor;
}

/** An aggregate ends in a blank line of its own, which is no log line: empty lines are passed over here. */
function readLines(text: string, reading: Reading): void {
  // JSON allows no control character in a string; a record with one is read the careful way.
  const isClean = !control.test(text);
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline;
    const end = next > start && text.charCodeAt(next - 1) === CARRIAGE_RETURN ? next - 1 : next;
    if (end > start) readLine(text, start, end, isClean, reading);
    start = next + 1;
  }
}

const CARRIAGE_RETURN = 13;
const control = /[\u0000-\u0009\u000b-\u001f]/;

function readLine(text: string, start: number, end: number, isClean: boolean, reading: Reading): void {
  const { arrival, sink, redactor } = reading;
  const known = templates.find(text, start, end);
  if (known) {
    const { template, logEnd } = known;
    const logStart = start + template.headLength;
    if (
      isClean &&
      lane.read(text, logStart, logEnd, template.origin) &&
      !redactor.mayContainSecret(text, logStart, logEnd)
    ) {
      sink.row('access', partitionHour(lane.ts, arrival), lane.json);
      return;
    }
    const log = unescapeJson(text.slice(logStart, logEnd));
    if (log !== undefined) {
      store({ log: unwrapLog(log), time: template.time(text, end), origin: template.origin }, reading);
      return;
    }
  }
  const line = text.slice(start, end);
  const events = open(line).map((event) => ({ ...event, origin: redactOrigin(event.origin, redactor) }));
  if (events.length === 1 && events[0]) templates.learn(line, events[0]);
  for (const event of events) store(event, reading);
}

const lane = new AccessLane();

/** Kept for the life of the function: the next invocation has lines of the same containers. */
const templates = new EnvelopeTemplates();

/** The text of a JSON string literal, given without its quotes; undefined when it is none. */
function unescapeJson(literal: string): string | undefined {
  if (!needsUnescape.test(literal)) return literal;
  try {
    return JSON.parse(`"${literal}"`) as string;
  } catch {
    return undefined;
  }
}

/** A quote, a backslash, or a control character, which JSON does not allow as it is. */
const needsUnescape = /["\\\u0000-\u001f]/;

function open(line: string): readonly LogEvent[] {
  try {
    return openEnvelope(line);
  } catch {
    // Nested deeper than the engine's stack: the line itself is the event.
    return [{ log: line, time: undefined, origin: unknownOrigin }];
  }
}

/** The same origin when nothing in it was redacted. */
function redactOrigin(origin: Origin, redactor: Redactor): Origin {
  const { service, source, task, cluster, extra } = origin;
  const columns = { service, source, task, cluster };
  const clean = redactor.redactRow(columns, extra);
  const isSame =
    clean === extra &&
    columns.service === service &&
    columns.source === source &&
    columns.task === task &&
    columns.cluster === cluster;
  return isSame ? origin : new Origin(columns, clean);
}

function store(event: LogEvent, { arrival, sink, redactor }: Reading): void {
  if (typeof event.log === 'string' && !visible.test(event.log)) {
    sink.blank();
    return;
  }
  try {
    storeRow(toRow(event, arrival, redactor), arrival, sink);
  } catch {
    // What can't be put into JSON again (an object nested thousands deep) is stored as the text it was.
    const message = typeof event.log === 'string' ? event.log : '[an object nested too deep to print]';
    const columns = { message };
    redactor.redactRow(columns, []);
    storeRow({ type: 'app', columns, fields: [], ts: event.time ?? arrival, origin: event.origin }, arrival, sink);
  }
}

const visible = /\S/;

function storeRow(row: Row, arrival: number, sink: LineSink): void {
  const fields = renderFields(row);
  sink.row(row.type, partitionHour(row.ts, arrival), renderRow(row, fields));
  if (row.type !== 'access') sink.entry(row.type, entryRow(row, fields));
}
