import { AccessLane } from '../lanes/accessLane.js';
import { JsonLane } from '../lanes/jsonLane.js';
import type { Lane, LaneRow, LearningLane } from '../lanes/lane.js';
import { firehose, record } from '../limits.js';
import { type LogEvent, type Origin, unknownOrigin } from '../line/origin.js';
import { type Partition, partitionHour } from '../line/partition.js';
import { entryRow, type Row, renderFields, renderRow } from '../line/row.js';
import type { EntryRow, LogType } from '../line/schema/index.js';
import type { Fields } from '../parse/index.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { cut } from '../text/cut.js';
import { unescapeJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import { toRow } from '../treatment/toRow.js';
import { decodeRecord } from './decode.js';
import { openEnvelope, unwrapLog } from './envelope.js';
import { EnvelopeTemplates, type OpenedRecord } from './envelopeTemplate.js';
import { openOtlp } from './otlp.js';
import { PartialLines } from './partials.js';

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
   * @param json one line of NDJSON, without its line break: a binary string
   * @param service who logged it, when the record says so
   */
  row(type: LogType, hour: number, json: string, service: string | undefined): void;
  /** The same row for the rules to look at. */
  entry(type: 'error' | 'app', row: EntryRow): void;
  /** The same row of an access line, as it is stored: there are too many of them for an object each. */
  readonly access?: AccessSink | undefined;
  /** A line with nothing in it: counted, not stored. */
  blank(): void;
}

/**
 * @param json what {@link LineSink.row} was given
 * @param status what stands in the row's column of that name, '' when there is none; undefined when it has to be looked for
 */
export type AccessSink = (json: string, ts: number, origin: Origin, status?: string) => void;

/**
 * Reads records into rows. One reader serves all invocations of a function: it remembers what the records of each
 * container look like.
 */
export class RecordReader {
  private readonly templates = new EnvelopeTemplates();
  private readonly lanes: Lanes;

  constructor(private readonly policy: LinePolicy) {
    this.lanes = { combined: new AccessLane(policy.redactor), json: new JsonLane(policy) };
  }

  /** Starts an invocation, whose rows go to the sink. */
  begin(sink: LineSink): Reading {
    return new Reading(sink, this.policy, this.templates, this.lanes);
  }
}

/** By how their lines look. */
interface Lanes {
  readonly combined: Lane;
  readonly json: LearningLane;
}

/** A row as it went to the sink. */
interface Stored {
  readonly type: LogType;
  readonly ts: number;
  readonly json: string;
}

/** One invocation: lines that were split over several of its records are joined. */
export class Reading {
  private readonly partials = new PartialLines();

  constructor(
    private readonly sink: LineSink,
    private readonly policy: LinePolicy,
    private readonly templates: EnvelopeTemplates,
    private readonly lanes: Lanes,
  ) {}

  /** Decodes a record and gives each of its log lines to the sink as a row. Never throws. */
  read({ recordId, approximateArrivalTimestamp: arrival, data }: IncomingRecord): ReadRecord {
    const decoded = decodeRecord(data);
    switch (decoded.kind) {
      case 'undecodable':
        return { recordId, kind: 'failed', reason: decoded.reason };
      case 'partition':
        return { recordId, kind: 'partition', partition: decoded.partition, data, bytes: decoded.data.length };
      case 'text':
        this.readChunks(decoded.data, arrival);
        return { recordId, kind: 'lines', bytes: decoded.data.length };
    }
  }

  /** Gives the sink what waited for further parts in vain. */
  end(): void {
    for (const { event, arrival } of this.partials.rest()) this.store(event, arrival, String(event.log));
  }

  /** Lines are read from short texts, which V8 keeps where memory is used again. */
  private readChunks(data: Buffer, arrival: number): void {
    for (let start = 0; start < data.length; ) {
      const end = data.length - start <= CHUNK ? data.length : lineEnd(data, start + CHUNK);
      this.readLines(data.toString('latin1', start, end), arrival);
      start = end;
    }
  }

  /** An aggregate ends in a blank line of its own, which is no log line: empty lines are passed over here. */
  private readLines(text: string, arrival: number): void {
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const next = newline < 0 ? text.length : newline;
      const end = next > start && text.charCodeAt(next - 1) === CARRIAGE_RETURN ? next - 1 : next;
      if (end > start) this.readLine(text, start, end, arrival);
      start = next + 1;
    }
  }

  private readLine(text: string, start: number, end: number, arrival: number): void {
    const opened = this.templates.open(text, start, end);
    if (opened && this.readOpened(text, opened, arrival)) return;
    const line = text.slice(start, end);
    const events = open(fromBinary(line));
    for (const event of events) {
      const clean = { ...event, origin: this.policy.origin(event.origin) };
      const whole = this.partials.add(clean, arrival);
      // The parts of a split line differ in more than line and time: they make no template.
      if (whole === clean && events.length === 1) this.templates.learn(line, clean);
      if (whole) this.store(whole, arrival, fromBinary(line));
    }
  }

  /** Reads the line of a record that follows a template; false when the line's escapes are broken. */
  private readOpened(text: string, opened: OpenedRecord, arrival: number): boolean {
    const { origin, logStart, logEnd, time } = opened;
    const isJson = text.charCodeAt(logStart) === BRACE;
    const isPlain = this.policy.isPlain(origin, text, logStart, logEnd);
    const lane = isJson ? this.lanes.json : this.lanes.combined;
    const row = isPlain ? lane.read(text, logStart, logEnd, origin) : undefined;
    if (row) {
      this.storeLaneRow(row, arrival, origin);
      return true;
    }
    const log = unescapeJson(fromBinary(text.slice(logStart, logEnd)));
    if (log === undefined) return false;
    const stored = this.store({ log: unwrapLog(log), time, origin }, arrival, log);
    if (isJson && isPlain && stored && stored.type !== 'error') {
      this.lanes.json.learn(text, logStart, logEnd, origin, stored.ts, stored.json);
    }
    return true;
  }

  private storeLaneRow(row: LaneRow, arrival: number, origin: Origin): void {
    this.sink.row(row.type, partitionHour(row.ts, arrival), row.json, origin.service);
    if (row.type === 'app') this.sink.entry(row.type, row.entry);
    else this.sink.access?.(row.json, row.ts, origin, row.status);
  }

  /** @param line what is stored when the event can't be put into JSON again: an object nested thousands deep */
  private store(event: LogEvent, arrival: number, line: string): Stored | undefined {
    const records = openOtlp(event);
    if (records) {
      for (const each of records) this.store({ ...each, origin: this.policy.origin(each.origin) }, arrival, line);
      return undefined;
    }
    const { log } = event;
    if (typeof log === 'string' && !visible.test(log)) {
      this.sink.blank();
      return undefined;
    }
    if (typeof log === 'string' && log.length > record.maxEventBytes / 3) {
      const pieces = this.cutJoined(log);
      if (pieces.length > 1) {
        this.storePieces(event, arrival, pieces);
        return undefined;
      }
    }
    try {
      const row = toRow(event, arrival, this.policy);
      const kept = this.policy.keep(row);
      if (kept.kind === 'stored') return this.storeRow(kept.row, arrival);
      if (kept.kind === 'sampled out')
        this.sink.access?.(toBinary(renderRow(row, renderFields(row))), row.ts, row.origin);
      return undefined;
    } catch {
      return this.storeText(event, arrival, typeof log === 'string' ? log : line);
    }
  }

  /** A single line fits a record as it came; an event of several is cut, so that its row fits one too. */
  private cutJoined(log: string): string[] {
    return log.includes('\n') || Buffer.byteLength(log) > firehose.maxRecordBytes ? cut(this.redactText(log)) : [log];
  }

  /** The first piece is read as the event it starts; all of them say which one they are. */
  private storePieces(event: LogEvent, arrival: number, pieces: readonly string[]): void {
    const first = toRow({ ...event, log: pieces[0] ?? '' }, arrival, this.policy);
    const level = 'level' in first.columns ? first.columns.level : undefined;
    for (const [index, message] of pieces.entries()) {
      const fields: Fields = [
        ['part', index + 1],
        ['parts', pieces.length],
      ];
      const columns = level === undefined ? { message } : { level, message };
      const type = first.type === 'error' ? 'error' : 'app';
      this.storeRow({ type, columns, fields, ts: first.ts, origin: event.origin }, arrival);
    }
  }

  private storeText({ time, origin }: LogEvent, arrival: number, text: string): Stored {
    const columns = { message: this.redactText(text) };
    return this.storeRow({ type: 'app', columns, fields: [], ts: time ?? arrival, origin }, arrival);
  }

  private redactText(text: string): string {
    const columns = { message: text };
    this.policy.redactor.redactRow(columns, []);
    return columns.message;
  }

  private storeRow(row: Row, arrival: number): Stored {
    const fields = renderFields(row);
    const json = toBinary(renderRow(row, fields));
    this.sink.row(row.type, partitionHour(row.ts, arrival), json, row.origin.service);
    if (row.type === 'access') this.sink.access?.(json, row.ts, row.origin);
    else this.sink.entry(row.type, entryRow(row, fields));
    return { type: row.type, ts: row.ts, json };
  }
}

/** Where the line ends that holds the byte at `at`, its line break included. */
function lineEnd(data: Buffer, at: number): number {
  const newline = data.indexOf(LINE_FEED, at);
  return newline < 0 ? data.length : newline + 1;
}

/** Bytes. */
const CHUNK = 16_384;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BRACE = 123;
const visible = /\S/;

function open(line: string): readonly LogEvent[] {
  try {
    return openEnvelope(line);
  } catch {
    // Nested deeper than the engine's stack: the line itself is the event.
    return [{ log: line, time: undefined, origin: unknownOrigin }];
  }
}
