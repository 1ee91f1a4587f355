import { invocation } from '../bounds.js';
import { EntryJoiner, type TextLine } from '../join/entryJoiner.js';
import { AccessLane } from '../lanes/accessLane.js';
import { JsonLane } from '../lanes/jsonLane.js';
import type { Lane, LearningLane } from '../lanes/lane.js';
import { NginxErrorLane } from '../lanes/nginxErrorLane.js';
import { TextLane } from '../lanes/textLane.js';
import { type LogEvent, unknownOrigin } from '../line/origin.js';
import type { Partition } from '../line/partition.js';
import type { Place } from '../line/place.js';
import type { PlacedEvent } from '../line/placedEvent.js';
import { fromBinary } from '../text/binary.js';
import { unescapeBinaryJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import { canaryEvent, readCanary } from './canary.js';
import { Clocks } from './clocks.js';
import { type Decoded, decodeRecord } from './decode.js';
import { openEnvelope, saysMoreThanItsLine, unwrapLog } from './envelope.js';
import { EnvelopeTemplates, type OpenedRecord } from './envelopeTemplate.js';
import { openHeldText } from './heldText.js';
import { openOtlp } from './otlp.js';
import { PartialLines } from './partials.js';
import { recordName } from './recordName.js';
import { type LineSink, RowWriter, staysWhole, type WrittenRow } from './rowWriter.js';

export type { AccessSink, LineSink } from './rowWriter.js';

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

/**
 * Reads records into rows. One reader serves all invocations of a function: it remembers what the records of each
 * container look like.
 */
export class RecordReader {
  private readonly templates = new EnvelopeTemplates();
  private readonly clocks = new Clocks();
  private readonly lanes: Lanes;

  /** @param labelKeys keys by which the label of a partition that was put back is known to be ours */
  constructor(
    private readonly policy: LinePolicy,
    private readonly labelKeys: readonly string[] = [],
  ) {
    this.lanes = {
      combined: new AccessLane(policy.redactor),
      json: new JsonLane(policy),
      nginxError: new NginxErrorLane(policy),
      text: new TextLane(policy),
    };
  }

  /**
   * Starts an invocation, whose rows go to the sink.
   *
   * @param spent what other readings of the same invocation have read
   */
  begin(sink: LineSink, spent?: Spent): Reading {
    if (!spent) {
      this.lanes.json.begin();
      this.lanes.text.begin();
    }
    const writer = new RowWriter(sink, this.policy, this.clocks);
    return new Reading(sink, writer, this.policy, this.templates, this.lanes, this.labelKeys, spent ?? noneSpent());
  }
}

/** What the records of an invocation have come to so far: bytes that they inflate to, and lines. */
export interface Spent {
  bytes: number;
  lines: number;
}

function noneSpent(): Spent {
  return { bytes: 0, lines: 0 };
}

/** By how their lines look. */
interface Lanes {
  readonly combined: Lane;
  readonly json: LearningLane;
  readonly nginxError: NginxErrorLane;
  readonly text: TextLane;
}

/** One invocation: entries and lines that are spread over several of its records are joined. */
export class Reading {
  private readonly partials = new PartialLines();
  private readonly joiner: EntryJoiner;
  /** The record that is being read, and how many events were opened in it. */
  private record = '';
  private line = 0;
  private linesByLane = 0;

  constructor(
    private readonly sink: LineSink,
    private readonly writer: RowWriter,
    private readonly policy: LinePolicy,
    private readonly templates: EnvelopeTemplates,
    private readonly lanes: Lanes,
    private readonly labelKeys: readonly string[],
    readonly spent: Spent,
  ) {
    this.joiner = new EntryJoiner({
      entry: (event, arrival) => this.writeEntry(event, arrival),
      blank: () => this.sink.blank(),
      isAccess: ({ log, origin }) =>
        !this.lanes.nginxError.recognises(log, origin) && this.policy.isAccess(log, origin),
    });
  }

  /**
   * Decodes a record and gives each of its log lines to the sink as a row. Never throws: a record that can't be read fails
   * alone, and so does one that would keep its neighbours waiting.
   */
  read(record: IncomingRecord): ReadRecord {
    return this.readDecoded(record, decodeRecord(record.data, this.labelKeys));
  }

  /** The same for a record that is decoded already. */
  readDecoded({ recordId, approximateArrivalTimestamp, data }: IncomingRecord, decoded: Decoded): ReadRecord {
    try {
      if (decoded.kind === 'undecodable') return { recordId, kind: 'failed', reason: decoded.reason };
      const bytes = decoded.data.length;
      if (decoded.kind === 'partition')
        return { recordId, kind: 'partition', partition: decoded.partition, data, bytes };
      if (!this.hasRoom(bytes)) return { recordId, kind: 'failed', reason: fullInvocation };
      // A replay must not date lines without a time to when it put them back.
      const arrival = decoded.identity?.time ?? approximateArrivalTimestamp;
      this.writer.arrivesNow = decoded.identity === undefined;
      this.record = recordName(decoded, recordId, arrival);
      this.line = 0;
      this.readChunks(decoded.data, arrival);
      return { recordId, kind: 'lines', bytes };
    } catch (error) {
      return { recordId, kind: 'failed', reason: `it could not be read: ${error}` };
    }
  }

  /** Gives the sink what waited for more: parts of split lines, and the entry of each stream. */
  end(): void {
    for (const { event, arrival } of this.partials.rest()) {
      try {
        this.take(this.treated(event), arrival, String(event.log));
      } catch {
        this.writer.writeText(event, arrival, String(event.log));
      }
    }
    this.joiner.end();
  }

  /** How many lines a lane has read: each takes a fraction of the time of the full parse. */
  get laneLines(): number {
    return this.linesByLane;
  }

  /** How many lines, blank ones among them, belong to the row of a line before them. */
  get joinedLines(): number {
    return this.joiner.joined;
  }

  private nextPlace(): Place {
    return { record: this.record, line: ++this.line, lines: 1 };
  }

  private hasRoom(bytes: number): boolean {
    const { spent } = this;
    spent.bytes += bytes;
    return spent.bytes <= invocation.maxInflatedBytes && spent.lines <= invocation.maxLines;
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
    this.spent.lines++;
    const place = this.nextPlace();
    try {
      const opened = this.templates.open(text, start, end);
      if (!opened || !this.readOpened(text, opened, place, arrival)) {
        this.readFully(text.slice(start, end), place, arrival);
      }
    } catch {
      // Whatever its collector said of it could not be read: the line is kept as it came.
      this.writer.writeText(
        { time: undefined, origin: unknownOrigin, place },
        arrival,
        fromBinary(text.slice(start, end)),
      );
    }
  }

  /** @param place of the first event; an envelope may hold several */
  private readFully(line: string, place: Place, arrival: number): void {
    const events = open(fromBinary(line));
    for (const [index, opened] of events.entries()) {
      const event = { ...opened, place: index === 0 ? place : this.nextPlace() };
      const canary = readCanary(event);
      if (canary) {
        this.sink.canary?.(canary);
        this.writer.write(
          this.treated({ ...event, ...canaryEvent(event, canary, arrival) }),
          arrival,
          fromBinary(line),
        );
        continue;
      }
      const whole = this.partials.add(event, arrival);
      if (!whole) continue;
      const treated = this.treated(whole);
      // The parts of a split line differ in more than line and time: they make no template.
      if (whole === event && events.length === 1 && !event.isCut) this.templates.learn(line, treated);
      const held = openHeldText(whole);
      this.take(held ? this.treated(held) : treated, arrival, fromBinary(line));
    }
  }

  /** The policy goes by the origin that it has given: only a whole line has the one that stays. */
  private treated(event: PlacedEvent): PlacedEvent {
    return { ...event, origin: this.policy.origin(event.origin) };
  }

  /** Reads the line of a record that follows a template; false for one that has to be parsed in full. */
  private readOpened(text: string, opened: OpenedRecord, place: Place, arrival: number): boolean {
    const { origin, logStart, logEnd, time } = opened;
    const isJson = text.charCodeAt(logStart) === BRACE;
    const isPlain = !this.joiner.awaitsRest(origin) && this.policy.isPlain(origin, text, logStart, logEnd);
    const lane = isJson ? this.lanes.json : this.lanes.combined;
    // What its row says of a line that has no time itself: the full parse goes by the same.
    const read = time ?? arrival;
    const row = isPlain ? lane.read(text, logStart, logEnd, origin, read) : undefined;
    if (row) {
      this.linesByLane++;
      this.writer.writeLaneRow(row, place, origin, time, arrival);
      return true;
    }
    const log = unescapeBinaryJson(text.slice(logStart, logEnd));
    if (log === undefined || (!visible.test(log) && saysMoreThanItsLine(origin.extra))) return false;
    // What its runtime says belongs to its origin, which the policy has to see.
    if (isJson && openHeldText({ log, time, origin, place })) return false;
    const written = this.take({ log: unwrapLog(log), time, origin, place }, arrival, log);
    if (isJson && isPlain && written && written.type !== 'error') {
      this.lanes.json.learn(text, logStart, logEnd, origin, read, written);
    }
    return true;
  }

  /** A line of text may continue an entry, or go on in the next line; anything else is an entry by itself. */
  private take(event: PlacedEvent, arrival: number, line: string): WrittenRow | undefined {
    if (isPart(event) || (this.joiner.awaitsRest(event.origin) && hasText(event))) {
      this.joiner.add(event, arrival);
      return undefined;
    }
    const records = openOtlp(event);
    if (records) {
      for (const [index, each] of records.entries()) {
        const place = index === 0 ? event.place : this.nextPlace();
        this.take(this.treated({ ...each, place }), arrival, line);
      }
      return undefined;
    }
    if (!isText(event)) return this.writer.write(event, arrival, line);
    if (visible.test(event.log)) this.joiner.add(event, arrival);
    else this.joiner.addBlank(event.origin);
    return undefined;
  }

  /** Lines that were joined, those that may continue what came before and those that may be cut are left to the full parse. */
  private writeEntry(event: TextLine, arrival: number): void {
    const { log, origin, place, isContinuation } = event;
    const read = event.time ?? arrival;
    const { nginxError, text } = this.lanes;
    const isPlain = !isContinuation && staysWhole(log);
    const row = isPlain ? (nginxError.read(log, origin, read) ?? text.read(log, origin, read)) : undefined;
    if (row) {
      this.linesByLane++;
      this.writer.writeLaneRow(row, place, origin, event.time, arrival);
      return;
    }
    const written = this.writer.write(event, arrival, log);
    if (written && isPlain) text.learn(log, origin, read, written);
  }
}

/** Of a line that its runtime cut, whatever the part looks like. */
function isPart(event: PlacedEvent): event is TextLine {
  return event.isCut === true && hasText(event);
}

function isText(event: PlacedEvent): event is TextLine {
  return hasText(event) && !jsonObject.test(event.log);
}

function hasText(event: PlacedEvent): event is TextLine {
  return typeof event.log === 'string';
}

/** Space and byte order marks may stand around it. */
const jsonObject = /^[\s\ufeff]*\{[\s\S]*\}\s*$/;

const fullInvocation =
  'the records before it in the same invocation hold as much as one invocation reads; send less at a time, or lower the buffer size of the transformation';

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
