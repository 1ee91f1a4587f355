import type { Origin } from '../line/origin.js';
import { FIELDS_START, rowEnd, rowStart } from '../line/rowText.js';
import type { EntryRow } from '../line/schema/index.js';
import { isFreeKey } from '../parse/freeKeys.js';
import { mayHoldLine } from '../parse/json/heldLine.js';
import { parseObject } from '../parse/json/object.js';
import { splitTrace } from '../parse/stackTrace.js';
import { parseLoggedDuration, scaleToMilliseconds, toMilliseconds } from '../parse/values/duration.js';
import { isError, parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { controlCharacter, stringify, stringifyText, unescapeBinaryJson, unescapeJson } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import { type Leaf, type ScannedLine, scanLine, type ValueKind } from './jsonScan.js';
import { Lessons, learnShape, NANOSECONDS, type Shape, type ShapeColumn, type StoredLeaf } from './jsonShape.js';
import type { FullRow, LaneRow, LearningLane } from './lane.js';
import { LaneEntry } from './laneEntry.js';
import { RecentTexts } from './recentTexts.js';
import { RecentTimes } from './recentTimes.js';
import { ShapeTree } from './shapeTree.js';
import { Sightings } from './sightings.js';

/**
 * Reads JSON lines: access lines, and application lines below level error.
 *
 * A program writes the same keys in the same order again and again. A line of such a shape goes through the full parse
 * and is taken apart by {@link learnShape}; further lines are walked from key to key, and the text between is copied. A
 * shape is trusted after it has given the very row of the full parse on several lines. After that every {@link RETRY}th line goes through the full parse again, and one difference closes its shape for good.
 *
 *     {\"time\":\"16:41\",\"status\":200,\"uri\":\"/a?b=1\"}
 *     └ literal ─┘     └ literal ──┘   └ literal ┘       └ tail
 *
 * A GB of JSON access lines takes 15 s of the transform's own time, and 42 s when the lane reads none; of application
 * lines 33 s instead of 71 s (`npm run bench -- --quick`, Node 20, two cores).
 */
export class JsonLane implements LearningLane {
  private learnedOf = new WeakMap<Origin, Learned>();
  /** What is learned from one container holds for all that are treated alike: by {@link treatmentOf}. */
  private readonly byTreatment = new Map<string, Learned>();
  /** Shapes, of all treatments. */
  private shapes = 0;
  /** The leaves of the line at hand: the tree fills it, {@link render} reads it. A new array a line costs time. */
  private values: string[] = [];
  /** The rules that replaced values of the line at hand: they count when its row is taken. */
  private readonly covered: string[] = [];
  private reads = 0;
  private lessonsLeft = MAX_LESSONS;
  /** What repeats is read and searched for secrets once. */
  private readonly texts = new RecentTexts((value) => this.cleanText(value));
  private readonly levels = new RecentTexts(readLevel);
  private readonly durations = new RecentTexts((seconds) => String(toMilliseconds(seconds)));
  private readonly freeKeys = new RecentTexts(isFreeKey);

  constructor(private readonly policy: LinePolicy) {}

  read(text: string, start: number, end: number, origin: Origin, time: number): LaneRow | undefined {
    const shape = this.learned(origin).shapes.find(text, start, end, this.values);
    if (!shape || shape.trials > 0 || ++this.reads % RETRY === 0) return undefined;
    const row = this.render(shape, origin, time);
    if (row) for (const rule of this.covered) this.policy.redactor.countCovered(rule);
    return row;
  }

  begin(): void {
    this.lessonsLeft = MAX_LESSONS;
  }

  learn(text: string, start: number, end: number, origin: Origin, time: number, { ts, json }: FullRow): void {
    if (end - start > LONGEST_LINE) return;
    const { shapes, sightings, lessons } = this.learned(origin);
    const gives = (shape: Shape) => {
      const row = this.render(shape, origin, time);
      return row && row.ts === ts && row.json === json;
    };
    const known = shapes.find(text, start, end, this.values);
    if (known) {
      const isRight = gives(known);
      if (isRight !== undefined) known.trials = isRight ? known.trials - 1 : Number.POSITIVE_INFINITY;
      return;
    }
    const line = scanLine(text, start, end);
    if (!line || line.leaves.length > MAX_LEAVES || !sightings.isDue(line)) return;
    this.lessonsLeft -= line.leaves.length;
    if (this.lessonsLeft < 0) return;
    this.values = [...line.values];
    const shape = this.learnLine(text.slice(start, end), line, origin, lessons, gives);
    if (!shape || !shapes.add(shape)) return;
    sightings.forget(line);
    if (++this.shapes >= MAX_SHAPES) this.forget();
  }

  /** By what is known of other shapes, or else of this line alone: the shape that gives its very row. */
  private learnLine(
    escaped: string,
    line: ScannedLine,
    origin: Origin,
    lessons: Lessons,
    isRight: (shape: Shape) => boolean | undefined,
  ): Shape | undefined {
    const object = parseObject(JSON.parse(`"${fromBinary(escaped)}"`) as string);
    if (!object) return undefined;
    for (const each of [lessons, new Lessons()]) {
      const shape = learnShape(line, object, origin, this.policy, each);
      if (shape && isRight(shape)) return shape;
    }
    return undefined;
  }

  private learned(origin: Origin): Learned {
    const known = this.learnedOf.get(origin);
    if (known) return known;
    const treatment = treatmentOf(origin, this.policy);
    const learned = this.byTreatment.get(treatment) ?? this.startLearning(treatment);
    this.learnedOf.set(origin, learned);
    return learned;
  }

  private startLearning(treatment: string): Learned {
    if (this.byTreatment.size >= MAX_TREATMENTS) this.forget();
    const learned = { shapes: new ShapeTree(), sightings: new Sightings(), lessons: new Lessons() };
    this.byTreatment.set(treatment, learned);
    return learned;
  }

  private forget(): void {
    this.learnedOf = new WeakMap();
    this.byTreatment.clear();
    this.shapes = 0;
  }

  private render(shape: Shape, origin: Origin, time: number): LaneRow | undefined {
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
    json = `${json}${shape.columnsEnd}${rowEnd(fields)}`;
    if (!entry) return { type: 'access', ts, json, status: this.status(shape) };
    for (const [column, value] of shape.constants) entry[column] = value;
    entry.fieldsColumn = fields;
    return { type: 'app', ts, json, entry: entry as EntryRow };
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

/** What was learned from lines of one treatment. */
interface Learned {
  readonly shapes: ShapeTree;
  readonly sightings: Sightings;
  readonly lessons: Lessons;
}

/** Lines of containers for which this is equal become equal rows, but for what the containers are called. */
function treatmentOf(origin: Origin, policy: LinePolicy): string {
  const { type } = policy.parse({ message: 'which type' }, origin);
  return JSON.stringify([type, ...origin.extra.map(([key]) => key)]);
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

/** Values of a line that may be learned from: each is asked what it decides, by a full parse of the line without it. */
const MAX_LEAVES = 100;
/** Characters. Longer ones, and what is learned from them, cost memory that the few of them don't earn. */
const LONGEST_LINE = 16_384;
/**
 * Values that are asked in one invocation, for an eighth to a seventh of a millisecond each: 1,000 shapes of eight keys
 * are learned at once, and those of a hostile invocation cost a few seconds.
 */
const MAX_LESSONS = 30_000;

/** One line in so many goes through the full parse again. */
const RETRY = 1000;
/** A shape of ten keys takes 3 kB, one of thirty 4 kB: all together 16 MB. When there are more, all are forgotten and learned anew. */
const MAX_SHAPES = 4096;
/** Treatments differ by what collectors say and by types that the configuration fixes: a few are usual. */
const MAX_TREATMENTS = 256;

const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const canonical = /^-?(?:0|[1-9]\d{0,14})$/;
const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A number as JSON.stringify writes it; undefined for one whose digits the full parse may keep. */
function numberText(value: string): string | undefined {
  if (canonical.test(value) && value !== '-0') return value;
  return value.length < LONG && decimal.test(value) ? String(Number(value)) : undefined;
}
