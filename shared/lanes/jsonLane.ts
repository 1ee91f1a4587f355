import type { Origin } from '../line/origin.js';
import type { EntryRow } from '../line/schema/index.js';
import { formatTimestamp } from '../line/timestamp.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { isError, parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { stringify, unescapeJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import { control } from './accessLane.js';
import { type Leaf, learnShape, type Shape, type ShapeColumn, type ValueKind, valueEnd } from './jsonShape.js';
import { RecentTexts } from './recentTexts.js';
import { RecentTimes } from './recentTimes.js';

/**
 * Turns JSON lines, still escaped as they stand in their FireLens records, straight into rows: access lines, and
 * application lines below level error.
 *
 * A program writes the same keys in the same order again and again. The first line of such a shape is read the general
 * way and taken apart by {@link learnShape}; further lines are walked from key to key, and the text between is
 * copied, as in the AccessLane. A shape is trusted after it has given the very row of the general way {@link TRIALS}
 * times; now and then it is tried again, and one difference closes it for good.
 *
 * A GB of JSON access lines takes 15 s of the transform's own time, and 42 s when Reading.takeLane always answers
 * false; of application lines 33 s instead of 71 s (`npm run bench -- --quick`, Node 20, two cores).
 */
export class JsonLane {
  /** Event time of the line that was read last, ms since the epoch. */
  ts = 0;
  /** Its row. */
  json = '';
  /** The status of an access line, as the row has it; '' when it states none. */
  status = '';
  type: 'access' | 'app' = 'access';
  /** The row as rules see it, of an application line. */
  entry: EntryRow = { ts: 0 };

  private readonly shapes = new WeakMap<Origin, Shape[]>();
  /** Lines that made no shape. */
  private readonly misses = new WeakMap<Origin, number>();
  /** Of the line that was read last. */
  private readonly values: string[] = [];
  private reads = 0;
  /** What repeats is read and looked through once. */
  private readonly texts = new RecentTexts((value) => this.cleanText(value));
  private readonly levels = new RecentTexts(readLevel);
  private readonly durations = new RecentTexts((seconds) => String(toMilliseconds(seconds)));

  constructor(private readonly policy: LinePolicy) {}

  /**
   * @param text of the record
   * @returns whether the line was read; the fields above then tell what it says. A line that may hold a secret is not.
   */
  read(text: string, start: number, end: number, origin: Origin): boolean {
    const shape = this.shapeOf(text, start, end, origin);
    if (!shape || shape.trials < TRIALS || ++this.reads % RETRY === 0) return false;
    return this.render(shape, origin);
  }

  /** Shows the lane what the general way made of a line that it did not read. */
  learn(text: string, start: number, end: number, origin: Origin, ts: number, json: string): void {
    const shape = this.shapeOf(text, start, end, origin);
    if (shape) {
      if (!this.render(shape, origin)) return;
      if (this.ts === ts && this.json === json) shape.trials++;
      else shape.trials = Number.NEGATIVE_INFINITY;
      return;
    }
    const shapes = this.shapes.get(origin) ?? [];
    this.shapes.set(origin, shapes);
    const misses = this.misses.get(origin) ?? 0;
    if (shapes.length >= MAX_SHAPES || (misses > MISSES && misses % MISSES !== 0)) {
      this.misses.set(origin, misses + 1);
      return;
    }
    const learned = learnShape(text, start, end, origin, this.policy);
    if (learned) shapes.push(learned);
    else this.misses.set(origin, misses + 1);
  }

  /** The shape that the line has; its values are then in `values`. The one that was met last is asked first. */
  private shapeOf(text: string, start: number, end: number, origin: Origin): Shape | undefined {
    const shapes = this.shapes.get(origin);
    if (!shapes) return undefined;
    for (let index = 0; index < shapes.length; index++) {
      const shape = shapes[index] as Shape;
      if (!this.walk(shape, text, start, end)) continue;
      if (index > 0) {
        shapes[index] = shapes[index - 1] as Shape;
        shapes[index - 1] = shape;
      }
      return shape;
    }
    return undefined;
  }

  private walk({ leaves, tail }: Shape, text: string, start: number, end: number): boolean {
    let at = start;
    for (let index = 0; index < leaves.length; index++) {
      const { literal, kind } = leaves[index] as Leaf;
      const from = at + literal.length;
      if (text.slice(at, from) !== literal) return false;
      at = valueEnd(kind, text, from);
      if (at <= from) return false;
      this.values[index] = text.slice(from, at);
    }
    return at + tail.length === end && text.slice(at, end) === tail;
  }

  private render(shape: Shape, origin: Origin): boolean {
    const ts = this.time(this.values[shape.time] as string, (shape.leaves[shape.time] as Leaf).kind);
    if (ts === undefined) return false;
    const entry = shape.type === 'app' ? new LaneEntry(ts, origin) : undefined;
    let json = `{"ts":"${formatTimestamp(ts)}"${origin.binary.columnsJson}`;
    this.status = '';
    for (const made of shape.columns) {
      const value = this.values[made.index] as string;
      const rendered = entry ? this.entryColumn(made, value, entry) : this.accessColumn(made, value);
      if (rendered === undefined) return false;
      json += made.before;
      json += rendered;
    }
    const fields = this.fields(shape, origin);
    if (fields === undefined) return false;
    this.ts = ts;
    this.type = shape.type;
    this.json = `${json}${shape.columnsEnd}${fields}}`;
    if (entry) {
      for (const column of shape.empty) entry[column] = '';
      entry.fieldsColumn = fields;
      this.entry = entry as EntryRow;
    }
    return true;
  }

  /** The column `fields`. It keeps both escapings; a value that would be written otherwise is left to the general way. */
  private fields({ type, fields, leaves }: Shape, origin: Origin): string | undefined {
    if (fields.length === 0) return origin.binary.fieldsColumnJson;
    let json = ',"fields":"{';
    for (const piece of fields) {
      if (typeof piece === 'string') {
        json += piece;
        continue;
      }
      const value = this.values[piece] as string;
      if (!this.isField(value, (leaves[piece] as Leaf).kind, type === 'app')) return undefined;
      json += value;
    }
    return json + origin.binary.fieldsRestJson;
  }

  private isField(value: string, kind: ValueKind, isApp: boolean): boolean {
    switch (kind) {
      case 'text':
        return isApp
          ? unescaped.test(value) && !this.mayContainSecret(value)
          : !value.includes('\\') && this.text(value) === value;
      case 'number':
        return isCanonical(value) && (value.length < CARD || !this.mayContainSecret(value));
      case 'array':
        return !control.test(value) && !this.mayContainSecret(value);
      case 'word':
        return value === 'true' || value === 'false' || value === 'null';
    }
  }

  /** A value that a column takes as it stands; undefined for one that it doesn't. */
  private copy(value: string, allowed: RegExp): string | undefined {
    return value === '-' || !allowed.test(value) || this.mayContainSecret(value) ? undefined : value;
  }

  private mayContainSecret(value: string): boolean {
    return this.policy.redactor.mayContainSecret(value, 0, value.length);
  }

  private entryColumn({ role, column, usual }: ShapeColumn, value: string, entry: LaneEntry): string | undefined {
    let text: string | undefined;
    if (role === 'level') text = this.levels.get(value);
    else if (role === 'text') text = this.copy(value, usual ?? unescaped);
    if (text !== undefined) entry[column] = fromBinary(text);
    return text;
  }

  private accessColumn({ role, usual }: ShapeColumn, value: string): string | undefined {
    if (role === 'text') {
      if (usual) return this.copy(value, usual);
      const text = this.text(value);
      return text === '-' ? undefined : text;
    }
    if (usual?.test(value) === false) return undefined;
    switch (role) {
      case 'method':
        return methods.has(value) ? value : undefined;
      case 'target': {
        if (!value.startsWith('/') || this.copy(value, unescaped) === undefined) return undefined;
        const mark = value.indexOf('?');
        if (mark < 0) return value;
        return mark === value.length - 1 ? undefined : `${value.slice(0, mark)}","query":"${value.slice(mark + 1)}`;
      }
      case 'status':
        this.status = value;
        return value;
      case 'number':
        return isCanonical(value) ? value : undefined;
      case 'seconds':
        return this.durations.get(value);
      default:
        return undefined;
    }
  }

  private readonly lastTime = { text: '', ts: 0 };
  private readonly times = new RecentTimes();

  /** Lines of one second come together. */
  private time(value: string, kind: ValueKind): number | undefined {
    if (kind === 'number') return parseTime(Number(value));
    const last = this.lastTime;
    if (value === last.text) return last.ts;
    const recent = this.times.parseUtc(value);
    if (recent !== undefined) return recent;
    const ts = unescaped.test(value) ? parseTime(value) : undefined;
    if (ts === undefined) return undefined;
    last.text = detach(value);
    last.ts = ts;
    return ts;
  }

  /**
   * A text as its row has it; undefined for one with a secret. Long ones, user agents and the like, repeat: each is
   * looked through once. Short ones, ids above all, are soon looked through and don't repeat.
   */
  private text(value: string): string | undefined {
    return value.length <= SHORT ? this.cleanText(value) : this.texts.get(value);
  }

  private cleanText(value: string): string | undefined {
    if (control.test(value)) return undefined;
    const { redactor } = this.policy;
    if (!value.includes('\\')) {
      return this.mayContainSecret(value) && !redactor.isClean(fromBinary(value)) ? undefined : value;
    }
    // One escaping is the record's, the other the line's own. Either may hide a secret.
    const line = unescapeJson(fromBinary(value));
    const plain = line === undefined ? undefined : unescapeJson(line);
    return plain !== undefined && redactor.isClean(plain) ? toBinary(stringify(plain).slice(1, -1)) : undefined;
  }
}

/** The level that a value names; undefined for an error, whose row has more to it. */
function readLevel(value: string): string | undefined {
  const level = parseLevel(/^\d+$/.test(value) ? Number(value) : value);
  return isError(level) ? undefined : level;
}

/** No escape, and nothing that JSON allows in no string. */
const unescaped = /^[^\\\u0000-\u001f]*$/;

/** Characters. */
const SHORT = 40;
/** Digits of the shortest card number. */
const CARD = 13;

/** An EntryRow whose `fields` are put together when a rule asks for them. */
class LaneEntry {
  [column: string]: unknown;
  readonly service: string | undefined;
  readonly source: string | undefined;
  readonly task: string | undefined;
  readonly cluster: string | undefined;
  fieldsColumn = '';

  constructor(
    readonly ts: number,
    { service, source, task, cluster }: Origin,
  ) {
    this.service = service;
    this.source = source;
    this.task = task;
    this.cluster = cluster;
  }

  get fields(): string | undefined {
    return this.fieldsColumn === ''
      ? undefined
      : (JSON.parse(`{${fromBinary(this.fieldsColumn).slice(1)}}`).fields as string);
  }
}

/** Lines on which a shape must agree with the general way before it is trusted. */
const TRIALS = 20;
/** One line in so many is read the general way again. */
const RETRY = 1000;
const MAX_SHAPES = 64;
/** To learn from a line takes as long as to read dozens: after so many in vain, one in so many is tried. */
const MISSES = 50;

const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const canonical = /^-?(?:0|[1-9]\d{0,14})$/;

/** Whether a number stands as JSON.stringify writes it. */
function isCanonical(value: string): boolean {
  return (canonical.test(value) && value !== '-0') || String(Number(value)) === value;
}
