import { record } from '../bounds.js';
import type { LaneRow } from '../lanes/lane.js';
import { firehose } from '../limits.js';
import type { ClockOff, JudgedEntry } from '../line/clockOff.js';
import { Origin } from '../line/origin.js';
import type { Place } from '../line/place.js';
import type { PlacedEvent } from '../line/placedEvent.js';
import { entryRow, type Row, renderFields, renderRow } from '../line/row.js';
import { rowEnd } from '../line/rowText.js';
import type { LogType } from '../line/schema/index.js';
import type { Fields } from '../parse/index.js';
import { toBinary } from '../text/binary.js';
import { cut } from '../text/cut.js';
import type { LinePolicy } from '../treatment/policy.js';
import { toRow } from '../treatment/toRow.js';
import type { Canary } from './canary.js';
import type { Clocks, JudgedTime } from './clocks.js';

/** Takes what a record holds, line by line. */
export interface LineSink {
  /**
   * @param json one line of NDJSON, without its line break: a binary string
   * @param service who logged it, when the record says so
   */
  row(type: LogType, json: string, service: string | undefined): void;
  /** The same row for the rules to look at, by the time that they go by. */
  entry(type: 'error' | 'app', row: JudgedEntry): void;
  /** The same row of an access line, as it is stored: there are too many of them for an object each. */
  readonly access?: AccessSink | undefined;
  /** A line with nothing in it: counted, not stored. */
  blank(): void;
  /** A numbered line of a log router, besides its row. */
  canary?(canary: Canary): void;
}

/**
 * @param json what {@link LineSink.row} was given
 * @param ts the time that rules go by
 * @param status what stands in the row's column of that name, '' when there is none; undefined when it has to be looked for
 * @param clockOff when that is not the time of the row
 */
export type AccessSink = (json: string, ts: number, origin: Origin, status?: string, clockOff?: ClockOff) => void;

/** A row as it went to the sink. */
export interface WrittenRow {
  readonly type: LogType;
  readonly ts: number;
  /** The row as an open one (line/rowText.ts): a binary string. */
  readonly json: string;
}

/** Makes rows of events, and gives each to the sink: for its partition and for the rules. */
export class RowWriter {
  /** What arrives now, and not for a second time: of a replay the times of arrival are those of whole objects. */
  arrivesNow = true;

  constructor(
    private readonly sink: LineSink,
    private readonly policy: LinePolicy,
    private readonly clocks: Clocks,
  ) {}

  /**
   * A row that a lane has read.
   *
   * @param time when its collector read it, ms since the epoch
   * @param arrival at Firehose
   */
  writeLaneRow(row: LaneRow, place: Place, origin: Origin, time: number | undefined, arrival: number): void {
    const json = row.json + rowEnd(place);
    this.sink.row(row.type, json, origin.service);
    const judged = this.judge(row.ts, time, arrival, origin);
    if (row.type === 'access') this.showAccess(json, row.ts, origin, row.status, judged);
    else this.sink.entry(row.type, judged ? byTime(row.entry, judged) : row.entry);
  }

  /**
   * Reads an event in full and writes its row, or the rows of its pieces.
   *
   * @param line what is stored when the event can't be put into JSON again: an object nested thousands deep
   * @returns the row, when it is one
   */
  write(event: PlacedEvent, arrival: number, line: string): WrittenRow | undefined {
    const { log } = event;
    try {
      if (typeof log === 'string' && !staysWhole(log)) {
        const pieces = this.cutJoined(log);
        if (pieces.length > 1) {
          this.writePieces(event, arrival, pieces);
          return undefined;
        }
      }
      const row = toRow(event, arrival, this.policy);
      const kept = this.policy.keep(row);
      if (kept.kind === 'stored') return this.writeRow(kept.row, event, arrival);
      if (kept.kind === 'sampled out') {
        const json = toBinary(renderRow(row, renderFields(row))) + rowEnd(event.place);
        this.showAccess(json, row.ts, row.origin, undefined, this.judge(row.ts, event.time, arrival, row.origin));
      }
      return undefined;
    } catch {
      return this.writeText(event, arrival, typeof log === 'string' ? log : line);
    }
  }

  /** Writes a text as it is, with what else its collector said, apart from what nests deeper than the engine's stack. */
  writeText({ time, origin, place }: Omit<PlacedEvent, 'log'>, arrival: number, text: string): WrittenRow {
    const { service, source, task, cluster } = origin;
    const bare = new Origin({ service, source, task, cluster });
    const columns = { message: this.redactText(text) };
    const fields = origin.extra.flatMap((entry) => this.redactedIfShallow(entry));
    return this.writeRow({ type: 'app', columns, fields, ts: time ?? arrival, origin: bare }, { time, place }, arrival);
  }

  private redactedIfShallow(entry: Origin['extra'][number]): Fields {
    return isShallow(entry[1]) ? [...this.policy.redactor.redactRow({}, [entry])] : [];
  }

  /** A single line fits a record as it came; an event of several is cut, so that its row fits one too. */
  private cutJoined(log: string): string[] {
    return log.includes('\n') || Buffer.byteLength(log) > firehose.maxRecordBytes ? cut(this.redactText(log)) : [log];
  }

  /** The first piece is read as the event it starts; all of them say which one they are. */
  private writePieces(event: PlacedEvent, arrival: number, pieces: readonly string[]): void {
    const first = toRow({ ...event, log: pieces[0] ?? '' }, arrival, this.policy);
    const level = 'level' in first.columns ? first.columns.level : undefined;
    for (const [index, message] of pieces.entries()) {
      const fields: Fields = [
        ['part', index + 1],
        ['parts', pieces.length],
      ];
      const columns = level === undefined ? { message } : { level, message };
      const type = first.type === 'error' ? 'error' : 'app';
      this.writeRow({ type, columns, fields, ts: first.ts, origin: event.origin }, event, arrival);
    }
  }

  private redactText(text: string): string {
    const columns = { message: text };
    this.policy.redactor.redactRow(columns, []);
    return columns.message;
  }

  private writeRow(row: Row, { time, place }: Pick<PlacedEvent, 'time' | 'place'>, arrival: number): WrittenRow {
    const fields = renderFields(row);
    const end = rowEnd(place);
    // Put together at once: V8 copies a text that is made of others whenever it is looked at.
    const json = toBinary(renderRow(row, fields) + end);
    this.sink.row(row.type, json, row.origin.service);
    const judged = this.judge(row.ts, time, arrival, row.origin);
    if (row.type === 'access') this.showAccess(json, row.ts, row.origin, undefined, judged);
    else {
      const entry = entryRow(row, fields);
      this.sink.entry(row.type, judged ? byTime(entry, judged) : entry);
    }
    return { type: row.type, ts: row.ts, json: json.slice(0, json.length - end.length) };
  }

  private showAccess(
    json: string,
    ts: number,
    origin: Origin,
    status: string | undefined,
    judged: JudgedTime | undefined,
  ): void {
    if (judged) this.sink.access?.(json, judged.ts, origin, status, judged);
    else this.sink.access?.(json, ts, origin, status);
  }

  private judge(ts: number, time: number | undefined, arrival: number, origin: Origin): JudgedTime | undefined {
    return this.arrivesNow ? this.clocks.judge(ts, time, arrival, origin) : undefined;
  }
}

/** The entry is nobody else's: each line has its own. */
function byTime(entry: JudgedEntry, judged: JudgedTime): JudgedEntry {
  entry.ts = judged.ts;
  entry.clockOff = judged;
  return entry;
}

/** Whether an event is so short that its row fits a record, whatever its characters become. */
export function staysWhole(log: string): boolean {
  return log.length <= record.maxEventBytes / 3;
}

/** Whether a value nests so little that redaction and JSON are far from the end of the engine's stack. */
function isShallow(value: unknown, depth = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

const DEEPEST = 500;
