import type { Origin } from '../line/origin.js';
import { FIELDS_START, rowStart } from '../line/rowText.js';
import type { EntryRow } from '../line/schema/index.js';
import { isFreeKey } from '../parse/freeKeys.js';
import { mayHoldLine } from '../parse/json/heldLine.js';
import { splitTrace } from '../parse/stackTrace.js';
import { parseLoggedDuration, scaleToMilliseconds, toMilliseconds } from '../parse/values/duration.js';
import { isError, parseLevel } from '../parse/values/level.js';
import { RecentTimes } from '../parse/values/recentTimes.js';
import { parseTime } from '../parse/values/time.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { controlCharacter, stringify, stringifyText, unescapeBinaryJson, unescapeJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import type { Leaf, ValueKind } from './jsonScan.js';
import type { Shape, StoredLeaf } from './jsonShape.js';
import type { LaneRow } from './lane.js';
import { LaneEntry } from './laneEntry.js';
import { RecentTexts } from './recentTexts.js';
import type { ShapeColumn } from './shapeColumns.js';
import { NANOSECONDS } from './valueEffect.js';

/** Copies the values of a line whose shape is known into its row. */
export class JsonRenderer {
  /** Of the line at hand. */
  private values: readonly string[] = [];
  /** The rules that replaced values of the line at hand: they count when its row is taken. */
  private readonly covered: string[] = [];
  /** What repeats is read and searched for secrets once. */
  private readonly texts = new RecentTexts((value) => this.cleanText(value));
  private readonly levels = new RecentTexts(readLevel);
  private readonly durations = new RecentTexts((seconds) => String(toMilliseconds(seconds)));
  private readonly freeKeys = new RecentTexts(isFreeKey);

  constructor(private readonly policy: LinePolicy) {}

  /**
   * @param values of the shape's leaves, escaped as they came
   * @returns undefined for a line that the full parse may read otherwise
   */
  render(shape: Shape, values: readonly string[], origin: Origin, time: number): LaneRow | undefined {
    this.values = values;
    const ts = shape.time === undefined ? time : this.time(shape.time, shape);
    if (ts === undefined || !this.areDistinct(shape)) return undefined;
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
    json = `${json}${shape.columnsEnd}${fields}`;
    if (!entry) return { type: 'access', ts, json, status: this.status(shape) };
    for (const [column, value] of shape.constants) entry[column] = value;
    entry.fieldsColumn = fields;
    return { type: 'app', ts, json, entry: entry as EntryRow };
  }

  /** The rules that replaced values of the row that was rendered last count: it is taken. */
  countCovered(): void {
    for (const rule of this.covered) this.policy.redactor.countCovered(rule);
  }

  /** False when it can't be told, since one text is escaped in many ways. */
  private areDistinct({ distinct }: Shape): boolean {
    for (const [index, other] of distinct) {
      const value = this.values[index] as string;
      if (value.includes('\\') || value === this.values[other]) return false;
    }
    return true;
  }

  private status({ status }: Shape): string {
    return status === undefined ? '' : (this.values[status] as string);
  }

  /**
   * The column `fields`. A field keeps the line's escapes and the record's, since `fields` is JSON within JSON. Undefined
   * when the full parse would write a value otherwise.
   */
  private fields({ fields, leaves, ofField }: Shape, origin: Origin): string | undefined {
    this.covered.length = 0;
    if (fields.length === 0) return origin.binary.fieldsColumnJson;
    let json = FIELDS_START;
    for (const piece of fields) {
      if (typeof piece === 'string') {
        json += piece;
        continue;
      }
      const value = this.field(this.values[piece] as string, (leaves[piece] as Leaf).kind, ofField[piece]);
      if (value === undefined) return undefined;
      json += value;
    }
    return json + origin.binary.fieldsRestJson;
  }

  private field(value: string, kind: ValueKind, leaf: StoredLeaf | undefined): string | undefined {
    if (leaf?.isCovered && kind !== 'word') return this.cover(value, kind, leaf.key);
    switch (kind) {
      case 'text':
        return leaf && this.fieldText(value, leaf);
      case 'number':
        return value.length < CARD || !this.mayContainSecret(value) ? numberText(value) : undefined;
      case 'array':
        return !controlCharacter.test(value) && !this.mayContainSecret(value) ? value : undefined;
      case 'word':
        return value === 'true' || value === 'false' || value === 'null' ? value : undefined;
    }
  }

  /** What is stored instead of a value whose key a redaction rule names; undefined when the value has a say. */
  private cover(value: string, kind: ValueKind, key: string): string | undefined {
    if (kind === 'array' || (kind === 'number' && numberText(value) === undefined)) return undefined;
    const plain = kind === 'number' ? Number(value) : plainText(value);
    const covered = plain === undefined ? undefined : this.policy.redactor.coverOf(key, plain);
    if (!covered) return undefined;
    this.covered.push(covered.rule);
    const text = fieldJson(covered.replacement);
    return kind === 'text' ? text : `\\"${text}\\"`;
  }

  /** A text as `fields` has it. Most have no escape and may hold no secret, and stay as they are. */
  private fieldText(value: string, { key, place }: StoredLeaf): string | undefined {
    if (unescaped.test(value) && !this.mayContainSecret(value)) return value;
    const plain = plainText(value);
    // A JSON text may have its own secrets; of several lines may be a stack trace.
    if (plain === undefined || nested.test(plain)) return undefined;
    if (plain.includes('\n') && (key !== place || !this.freeKeys.get(key))) return undefined;
    return this.policy.redactor.isClean(plain, place) ? fieldJson(plain) : undefined;
  }

  /** A value that its column takes as it stands; undefined for any other. */
  private copy(value: string, allowed: RegExp): string | undefined {
    return value === '-' || !allowed.test(value) || this.mayContainSecret(value) ? undefined : value;
  }

  private mayContainSecret(value: string): boolean {
    return this.policy.redactor.mayContainSecret(value, 0, value.length);
  }

  private entryColumn({ role, column, usual }: ShapeColumn, value: string, entry: LaneEntry): string | undefined {
    // Some formats take a line by its logger or message, unless it is blank.
    if (value.trim() === '') return undefined;
    let text: string | undefined;
    if (role === 'level') text = usual?.test(value) === false ? undefined : this.levels.get(value);
    else if (role === 'text')
      text = this.copy(value, usual ?? unescaped) ?? (usual ? undefined : this.entryText(value, column));
    if (text !== undefined) entry[column] = unescapeBinaryJson(text);
    return text;
  }

  /**
   * A text with escapes, or one that only seems to hold a secret. Several lines are left to the full parse when they end in a trace,
   * and so are messages that may hold a line of their own: no such line goes without quotes, which are escaped.
   */
  private entryText(value: string, column: string): string | undefined {
    const plain = plainText(value);
    if (plain === undefined || (plain.includes('\n') && (column !== 'message' || splitTrace(plain)))) return undefined;
    if (column === 'message' && mayHoldLine(plain)) return undefined;
    return this.policy.redactor.isClean(plain, column) ? toBinary(stringify(plain).slice(1, -1)) : undefined;
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
      case 'request':
        return this.request(value);
      case 'status':
        return value;
      case 'number':
        return numberText(value);
      case 'seconds':
        return this.durations.get(value);
      case 'nanoseconds':
        return String(scaleToMilliseconds(Number(value), NANOSECONDS));
      case 'duration':
        return parseLoggedDuration(value)?.toString();
      case 'item':
        return this.onlyItem(value);
      default:
        return undefined;
    }
  }

  /** The text of `[\"…\"]`, an array without any escape; undefined when it has more. */
  private onlyItem(value: string): string | undefined {
    if (!value.startsWith(ITEM_START) || !value.endsWith(ITEM_END)) return undefined;
    const text = value.slice(ITEM_START.length, -ITEM_END.length);
    return text === '-' || text.includes('\\') ? undefined : this.text(text);
  }

  /** A path, and the column `query` behind it where there is one. */
  private target(value: string): string | undefined {
    const target = value.includes('\\') ? this.cleanText(value) : this.copy(value, unescaped);
    if (target === undefined || target.includes('\\') || !target.startsWith('/')) return undefined;
    const mark = target.indexOf('?');
    if (mark < 0) return target;
    return mark === target.length - 1 ? undefined : `${target.slice(0, mark)}","query":"${target.slice(mark + 1)}`;
  }

  /** `GET /a?b=1 HTTP/1.1`, and the columns behind the method. */
  private request(value: string): string | undefined {
    const methodEnd = value.indexOf(' ');
    const targetEnd = value.lastIndexOf(' ');
    const method = value.slice(0, methodEnd);
    const protocol = value.slice(targetEnd + 1);
    if (!methods.has(method) || !httpVersion.test(protocol) || targetEnd <= methodEnd) return undefined;
    const target = this.target(value.slice(methodEnd + 1, targetEnd));
    return target === undefined ? undefined : `${method}","path":"${target}","protocol":"${protocol}`;
  }

  private readonly lastTime = { text: '', ts: 0 };
  private readonly times = new RecentTimes();

  /** Lines of one second come together. */
  private time(index: number, { leaves }: Shape): number | undefined {
    const value = this.values[index] as string;
    // The full parse keeps the digits of a number that a double may not hold.
    if (leaves[index]?.kind === 'number') return parseTime(value.length < LONG ? Number(value) : value);
    const last = this.lastTime;
    if (value === last.text) return last.ts;
    const recent = this.times.parseUtc(value);
    if (recent !== undefined) return recent;
    const plain = unescaped.test(value) ? value : plainText(value);
    const ts = plain === undefined ? undefined : parseTime(plain);
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
    const plain = plainText(value);
    return plain !== undefined && redactor.isClean(plain) ? toBinary(stringify(plain).slice(1, -1)) : undefined;
  }
}

/** A text without the escapes of its line and of its record; undefined for none. */
function plainText(value: string): string | undefined {
  const line = unescapeBinaryJson(value);
  return line === undefined ? undefined : unescapeJson(line);
}

/** A text as it stands in `fields`, without its quotes: JSON within JSON. */
function fieldJson(plain: string): string {
  return toBinary(stringifyText(stringifyText(plain).slice(1, -1)).slice(1, -1));
}

/** The level that a value names; undefined for an error, whose row has more to it. */
function readLevel(value: string): string | undefined {
  const level = parseLevel(/^\d+$/.test(value) ? Number(value) : value);
  return isError(level) ? undefined : level;
}

/** A text that holds no escape and no control character. */
const unescaped = /^[^\\\u0000-\u001f]*$/;

/** How a JSON object or array starts. */
const nested = /^[{[]/;
const httpVersion = /^HTTP\/\d(?:\.\d)?$/;

const ITEM_START = '[\\"';
const ITEM_END = '\\"]';

/** Characters. */
const SHORT = 40;
/** Characters of a number that a double holds for certain, and one more. */
const LONG = 16;
/** Digits of the shortest card number. */
const CARD = 13;

const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const canonical = /^-?(?:0|[1-9]\d{0,14})$/;
const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A number as JSON.stringify writes it; undefined for one whose digits the full parse may keep. */
function numberText(value: string): string | undefined {
  if (canonical.test(value) && value !== '-0') return value;
  return value.length < LONG && decimal.test(value) ? String(Number(value)) : undefined;
}
