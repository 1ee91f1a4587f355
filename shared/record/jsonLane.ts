import type { LinePolicy } from '../config/policy.js';
import { stringify, unescapeJson } from '../json.js';
import { toMilliseconds } from '../parse/duration.js';
import { isError, parseLevel } from '../parse/level.js';
import { formatTimestamp, parseTime } from '../parse/time.js';
import type { EntryRow } from '../schema/index.js';
import { control } from './accessLane.js';
import { fromBinary, toBinary } from './binary.js';
import { detach } from './detach.js';
import type { Origin } from './event.js';
import { type Leaf, learnShape, type Role, type Shape, type ValueKind, valueEnd } from './jsonShape.js';
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
    const isApp = shape.type === 'app';
    const { service, source, task, cluster } = origin;
    const entry = new LaneEntry(service, source, task, cluster);
    let json = '';
    let ts: number | undefined;
    this.status = '';
    for (const { index, column, role } of shape.columns) {
      const value = index < 0 ? '' : (this.values[index] as string);
      if (role === 'time') {
        ts = this.time(value, (shape.leaves[index] as Leaf).kind);
        continue;
      }
      const rendered = isApp ? this.entryColumn(role, column, value, entry) : this.accessColumn(role, column, value);
      if (rendered === undefined) return false;
      json += rendered;
    }
    if (ts === undefined) return false;
    const fields = this.fields(shape, isApp);
    if (fields === undefined) return false;
    const tail = fields === '' ? origin.binary.fieldsColumnJson : fieldsColumn(fields, origin);
    this.ts = ts;
    this.type = shape.type;
    this.json = `{"ts":"${formatTimestamp(ts)}"${origin.binary.columnsJson}${json}${tail}}`;
    entry.ts = ts;
    entry.fieldsColumn = tail;
    this.entry = entry as EntryRow;
    return true;
  }

  /** What goes to `fields` keeps both escapings; a value that would be written otherwise is left to the general way. */
  private fields({ fields, leaves }: Shape, isApp: boolean): string | undefined {
    let json = '';
    for (const piece of fields) {
      if (typeof piece === 'string') {
        json += piece;
        continue;
      }
      const value = this.values[piece] as string;
      if (!this.isField(value, (leaves[piece] as Leaf).kind, isApp)) return undefined;
      json += value;
    }
    return json;
  }

  private isField(value: string, kind: ValueKind, isApp: boolean): boolean {
    switch (kind) {
      case 'text':
        return isApp ? this.isCopy(value) : !value.includes('\\') && this.text(value) === value;
      case 'number':
        return isCanonical(value) && (value.length < CARD || !this.mayContainSecret(value));
      case 'array':
        return !control.test(value) && !this.mayContainSecret(value);
      case 'word':
        return value === 'true' || value === 'false' || value === 'null';
    }
  }

  /** Messages don't repeat as access lines' values do. */
  private isCopy(value: string): boolean {
    return !escaped.test(value) && !this.mayContainSecret(value);
  }

  private mayContainSecret(value: string): boolean {
    return this.policy.redactor.mayContainSecret(value, 0, value.length);
  }

  private entryColumn(role: Role, column: string, value: string, entry: LaneEntry): string | undefined {
    let text = value;
    if (role === 'level') {
      const level = this.level(value);
      if (level === undefined) return undefined;
      text = level;
    } else if (role === 'text') {
      if (!this.isCopy(value) || value === '-' || ids[column]?.test(value) === false) return undefined;
    } else if (role !== 'empty') return undefined;
    entry[column] = fromBinary(text);
    return `,"${column}":"${text}"`;
  }

  private accessColumn(role: Role, column: string, value: string): string | undefined {
    switch (role) {
      case 'empty':
        return `,"${column}":""`;
      case 'text': {
        const text = this.text(value);
        if (text === undefined || text === '-' || usual[column]?.test(text) === false) return undefined;
        return `,"${column}":"${text}"`;
      }
      case 'method':
        return methods.has(value) ? `,"method":"${value}"` : undefined;
      case 'target': {
        if (!value.startsWith('/') || !this.isCopy(value)) return undefined;
        const mark = value.indexOf('?');
        if (mark < 0) return `,"path":"${value}"`;
        return mark === value.length - 1
          ? undefined
          : `,"path":"${value.slice(0, mark)}","query":"${value.slice(mark + 1)}"`;
      }
      case 'status':
        if (!status.test(value)) return undefined;
        this.status = value;
        return `,"status":${value}`;
      case 'number':
        return (column === 'bytes' ? whole : decimal).test(value) && isCanonical(value)
          ? `,"${column}":${value}`
          : undefined;
      case 'seconds':
        return decimal.test(value) ? `,"${column}":${toMilliseconds(value)}` : undefined;
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
    const ts = escaped.test(value) ? undefined : parseTime(value);
    if (ts === undefined) return undefined;
    last.text = detach(value);
    last.ts = ts;
    return ts;
  }

  private readonly levels = new Map<string, string | undefined>();

  /** The level that a value names; undefined for an error, whose row has more to it. */
  private level(value: string): string | undefined {
    if (this.levels.has(value)) return this.levels.get(value);
    const level = parseLevel(/^\d+$/.test(value) ? Number(value) : value);
    const usable = isError(level) ? undefined : level;
    if (this.levels.size < 100) this.levels.set(detach(value), usable);
    return usable;
  }

  private readonly texts = new Map<string, string | undefined>();

  /**
   * A text as its row has it; undefined for one with a secret. Long ones, user agents and the like, repeat: each is
   * looked through once. Short ones, ids above all, are soon looked through and don't repeat.
   */
  private text(value: string): string | undefined {
    if (value.length <= SHORT) return this.cleanText(value);
    let text = this.texts.get(value);
    if (text === undefined && !this.texts.has(value)) {
      text = this.cleanText(value);
      if (this.texts.size >= 5000) this.texts.clear();
      this.texts.set(detach(value), text === undefined ? undefined : detach(text));
    }
    return text;
  }

  private cleanText(value: string): string | undefined {
    if (control.test(value)) return undefined;
    const { redactor } = this.policy;
    const maySecret = this.mayContainSecret(value);
    if (!value.includes('\\')) return maySecret && !redactor.isClean(fromBinary(value)) ? undefined : value;
    // One escaping is the record's, the other the line's own.
    const line = unescapeJson(fromBinary(value));
    const plain = line === undefined ? undefined : unescapeJson(line);
    if (plain === undefined) return undefined;
    return maySecret && !redactor.isClean(plain) ? undefined : toBinary(stringify(plain).slice(1, -1));
  }
}

/** An escape, or what JSON allows in no string. */
const escaped = /[\\\u0000-\u001f]/;

/** Characters. */
const SHORT = 40;
/** Digits of the shortest card number. */
const CARD = 13;

/** An EntryRow whose `fields` are put together when a rule asks for them. */
class LaneEntry {
  [column: string]: unknown;
  ts = 0;
  fieldsColumn = '';

  constructor(
    readonly service: string | undefined,
    readonly source: string | undefined,
    readonly task: string | undefined,
    readonly cluster: string | undefined,
  ) {}

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
const status = /^[1-5]\d\d$/;
/** Values that the general way does more to are left to it: an address with a port, an id of zeros. */
const usual: Readonly<Record<string, RegExp>> = {
  client_ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/,
  host: /^[a-z\d.-]+$/,
  protocol: /^HTTP\/\d(?:\.\d)?$/,
};
/** Ids that parseTraceId takes; a longer trace id may be a header. */
const ids: Readonly<Record<string, RegExp>> = {
  trace_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  span_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  request_id: /^(?!(?:(?:0x)?0+|<null>)$)[!-~]{1,256}$/,
};
const whole = /^\d{1,15}$/;
const decimal = /^\d{1,9}(?:\.\d{1,6})?$/;
const canonical = /^-?(?:0|[1-9]\d{0,14})$/;

/** Whether a number stands as JSON.stringify writes it. */
function isCanonical(value: string): boolean {
  return (canonical.test(value) && value !== '-0') || String(Number(value)) === value;
}

function fieldsColumn(own: string, origin: Origin): string {
  const collector = origin.binary.fieldsColumnJson;
  return collector === '' ? `,"fields":"{${own}}"` : collector.replace('"{', () => `"{${own},`);
}
