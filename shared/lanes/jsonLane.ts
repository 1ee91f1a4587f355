import type { Origin } from '../line/origin.js';
import { FIELDS_START, rowEnd, rowStart } from '../line/rowText.js';
import type { EntryRow } from '../line/schema/index.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { isError, parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { controlCharacter, stringify, unescapeJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import { type Leaf, type ValueKind, valueEnd } from './jsonScan.js';
import { learnShape, type Shape, type ShapeColumn } from './jsonShape.js';
import type { LaneRow, LearningLane } from './lane.js';
import { LaneEntry } from './laneEntry.js';
import { RecentTexts } from './recentTexts.js';
import { RecentTimes } from './recentTimes.js';

/**
 * Reads JSON lines: access lines, and application lines below level error.
 *
 * A program writes the same keys in the same order again and again. The first line of such a shape goes through the
 * full parse and is taken apart by {@link learnShape}; further lines are walked from key to key, and the text between
 * is copied. A shape is trusted after it has given the very row of the full parse {@link TRIALS} times. After that
 * every {@link RETRY}th line goes through the full parse again, and one difference closes its shape for good.
 *
 *     {\"time\":\"16:41\",\"status\":200,\"uri\":\"/a?b=1\"}
 *     └ literal ─┘     └ literal ──┘   └ literal ┘       └ tail
 *
 * A GB of JSON access lines takes 15 s of the transform's own time, and 42 s when the lane reads none; of application
 * lines 33 s instead of 71 s (`npm run bench -- --quick`, Node 20, two cores).
 */
export class JsonLane implements LearningLane {
  private readonly shapes = new WeakMap<Origin, Shape[]>();
  /** Lines that made no shape. */
  private readonly misses = new WeakMap<Origin, number>();
  /** The leaves of the line at hand: {@link shapeOf} fills it, {@link render} reads it. A new array a line costs time. */
  private readonly values: string[] = [];
  private reads = 0;
  /** What repeats is read and searched for secrets once. */
  private readonly texts = new RecentTexts((value) => this.cleanText(value));
  private readonly levels = new RecentTexts(readLevel);
  private readonly durations = new RecentTexts((seconds) => String(toMilliseconds(seconds)));

  constructor(private readonly policy: LinePolicy) {}

  read(text: string, start: number, end: number, origin: Origin): LaneRow | undefined {
    const shape = this.shapeOf(text, start, end, origin);
    if (!shape || shape.trials < TRIALS || ++this.reads % RETRY === 0) return undefined;
    return this.render(shape, origin);
  }

  learn(text: string, start: number, end: number, origin: Origin, ts: number, json: string): void {
    const shape = this.shapeOf(text, start, end, origin);
    if (shape) this.tryShape(shape, origin, ts, json);
    else this.learnFrom(text, start, end, origin);
  }

  private tryShape(shape: Shape, origin: Origin, ts: number, json: string): void {
    const row = this.render(shape, origin);
    if (!row) return;
    if (row.ts === ts && row.json === json) shape.trials++;
    else shape.trials = Number.NEGATIVE_INFINITY;
  }

  private learnFrom(text: string, start: number, end: number, origin: Origin): void {
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

  private render(shape: Shape, origin: Origin): LaneRow | undefined {
    const ts = this.time(this.values[shape.time] as string, (shape.leaves[shape.time] as Leaf).kind);
    if (ts === undefined) return undefined;
    const entry = shape.type === 'app' ? new LaneEntry(ts, origin) : undefined;
    let json = rowStart(ts, origin.binary.columnsJson);
    for (const made of shape.columns) {
      const value = this.values[made.index] as string;
      const rendered = entry ? this.entryColumn(made, value, entry) : this.accessColumn(made, value);
      if (rendered === undefined) return undefined;
      json += made.before;
      json += rendered;
    }
    const fields = this.fields(shape, origin);
    if (fields === undefined) return undefined;
    json = `${json}${shape.columnsEnd}${rowEnd(fields)}`;
    if (!entry) return { type: 'access', ts, json, status: this.status(shape) };
    for (const column of shape.empty) entry[column] = '';
    entry.fieldsColumn = fields;
    return { type: 'app', ts, json, entry: entry as EntryRow };
  }

  private status({ status }: Shape): string {
    return status === undefined ? '' : (this.values[status] as string);
  }

  /**
   * The column `fields`. A field keeps the line's escapes and the record's, since `fields` is JSON within JSON. Undefined
   * when the full parse would write a value otherwise.
   */
  private fields({ type, fields, leaves }: Shape, origin: Origin): string | undefined {
    if (fields.length === 0) return origin.binary.fieldsColumnJson;
    let json = FIELDS_START;
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
        return !controlCharacter.test(value) && !this.mayContainSecret(value);
      case 'word':
        return value === 'true' || value === 'false' || value === 'null';
    }
  }

  /** A value that its column takes as it stands; undefined for any other. */
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
      case 'target':
        return this.target(value);
      case 'status':
        return value;
      case 'number':
        return isCanonical(value) ? value : undefined;
      case 'seconds':
        return this.durations.get(value);
      default:
        return undefined;
    }
  }

  /** A path, and the column `query` behind it where there is one. */
  private target(value: string): string | undefined {
    if (!value.startsWith('/') || this.copy(value, unescaped) === undefined) return undefined;
    const mark = value.indexOf('?');
    if (mark < 0) return value;
    return mark === value.length - 1 ? undefined : `${value.slice(0, mark)}","query":"${value.slice(mark + 1)}`;
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
   * A text as its row has it; undefined for one with a secret. Long texts, such as user agents, repeat: each is searched
   * for secrets once. Short ones are mostly ids, which don't repeat, and are searched quickly.
   */
  private text(value: string): string | undefined {
    return value.length <= SHORT ? this.cleanText(value) : this.texts.get(value);
  }

  private cleanText(value: string): string | undefined {
    if (controlCharacter.test(value)) return undefined;
    const { redactor } = this.policy;
    if (!value.includes('\\')) {
      return this.mayContainSecret(value) && !redactor.isClean(fromBinary(value)) ? undefined : value;
    }
    // The record has escaped the text, and so has the line. Either escaping may hide a secret.
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

/** A text that holds no escape and no control character. */
const unescaped = /^[^\\\u0000-\u001f]*$/;

/** Characters. */
const SHORT = 40;
/** Digits of the shortest card number. */
const CARD = 13;

/** Lines on which a shape must agree with the full parse before it is trusted. */
const TRIALS = 20;
/** One line in so many goes through the full parse again. */
const RETRY = 1000;
const MAX_SHAPES = 64;
/** Learning from a line takes as long as reading dozens: after so many lines in vain, only one in so many is tried. */
const MISSES = 50;

const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const canonical = /^-?(?:0|[1-9]\d{0,14})$/;

/** Whether a number stands as JSON.stringify writes it. */
function isCanonical(value: string): boolean {
  return (canonical.test(value) && value !== '-0') || String(Number(value)) === value;
}
