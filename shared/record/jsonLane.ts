import type { LinePolicy } from '../config/policy.js';
import { stringify } from '../json.js';
import { toMilliseconds } from '../parse/duration.js';
import { type JsonObject, parseObject } from '../parse/keys.js';
import type { Parsed } from '../parse/parsed.js';
import { formatTimestamp, parseTime } from '../parse/time.js';
import { control } from './accessLane.js';
import { detach } from './detach.js';
import type { Origin } from './event.js';

/**
 * Turns JSON access lines, still escaped as they stand in their FireLens records, straight into rows.
 *
 * A server writes the same keys in the same order on every line. The first line of such a shape is read the general
 * way; leaving out its keys one by one shows which column each of them makes. Further lines are then walked from key to
 * key, and the text between is copied, as in the AccessLane. A shape is trusted after it has given the very row of
 * the general way {@link TRIALS} times; now and then it is tried again, and one difference closes it for good.
 *
 * JSON access lines cost a quarter of what they cost the general way: `npm run bench`.
 */
export class JsonLane {
  /** Event time of the line that was read last, ms since the epoch. */
  ts = 0;
  /** Its row. */
  json = '';

  private readonly shapes = new WeakMap<Origin, Shape[]>();
  private readonly values: string[] = [];
  private reads = 0;

  constructor(private readonly policy: LinePolicy) {}

  /**
   * @param text of the record
   * @returns whether the line was read; `ts` and `json` then tell what it says. A line that may hold a secret is not.
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
    if (shapes.length >= MAX_SHAPES) return;
    const members = membersOf(text, start, end);
    const learned = members && learnShape(JSON.parse(`"${text.slice(start, end)}"`), members, origin, this.policy);
    if (learned) shapes.push(learned);
  }

  /** The shape that the line has; its values are then in `values`. */
  private shapeOf(text: string, start: number, end: number, origin: Origin): Shape | undefined {
    for (const shape of this.shapes.get(origin) ?? none) {
      if (this.walk(shape, text, start, end)) return shape;
    }
    return undefined;
  }

  private walk({ members }: Shape, text: string, start: number, end: number): boolean {
    let at = start;
    for (let index = 0; index < members.length; index++) {
      const { literal, isText } = members[index] as ShapeMember;
      const from = at + literal.length;
      if (text.slice(at, from) !== literal) return false;
      at = isText ? textEnd(text, from) : numberEnd(text, from);
      if (at <= from) return false;
      this.values[index] = text.slice(from, at);
    }
    const tail = members.length === 0 ? '' : (members[members.length - 1] as ShapeMember).isText ? `${QUOTE}}` : '}';
    return at + tail.length === end && text.slice(at, end) === tail;
  }

  private render(shape: Shape, origin: Origin): boolean {
    let json = '';
    let ts: number | undefined;
    for (const { index, column, role } of shape.columns) {
      if (role === 'empty') {
        json += `,"${column}":""`;
        continue;
      }
      const value = this.values[index] as string;
      if (role === 'time') {
        ts = this.time(value, (shape.members[index] as ShapeMember).isText);
        continue;
      }
      const rendered = this.column(role, column, value);
      if (rendered === undefined) return false;
      json += rendered;
    }
    if (ts === undefined) return false;
    let fields = '';
    for (const index of shape.fields) {
      const { key, isText } = shape.members[index] as ShapeMember;
      const value = this.values[index] as string;
      // What goes to `fields` keeps both escapings; a text that has any of its own is left to the general way.
      if (isText ? this.text(value) !== value : String(Number(value)) !== value) return false;
      fields += `${fields === '' ? '' : ','}${key}${isText ? `${QUOTE}${value}${QUOTE}` : value}`;
    }
    this.ts = ts;
    const tail = fields === '' ? origin.fieldsColumnJson : fieldsColumn(fields, origin);
    this.json = `{"ts":"${formatTimestamp(ts)}"${origin.columnsJson}${json}${tail}}`;
    return true;
  }

  private column(role: Role, column: string, value: string): string | undefined {
    switch (role) {
      case 'text': {
        const text = this.text(value);
        if (text === undefined || text === '-' || usual[column]?.test(text) === false) return undefined;
        return `,"${column}":"${text}"`;
      }
      case 'method':
        return methods.has(value) ? `,"method":"${value}"` : undefined;
      case 'target': {
        if (!value.startsWith('/') || value.includes('\\') || control.test(value)) return undefined;
        if (this.policy.redactor.mayContainSecret(value, 0, value.length)) return undefined;
        const mark = value.indexOf('?');
        if (mark < 0) return `,"path":"${value}"`;
        return mark === value.length - 1
          ? undefined
          : `,"path":"${value.slice(0, mark)}","query":"${value.slice(mark + 1)}"`;
      }
      case 'status':
        return status.test(value) ? `,"status":${value}` : undefined;
      case 'number':
        return (column === 'bytes' ? whole : decimal).test(value) && String(Number(value)) === value
          ? `,"${column}":${value}`
          : undefined;
      case 'seconds':
        return decimal.test(value) ? `,"${column}":${toMilliseconds(value)}` : undefined;
      default:
        return undefined;
    }
  }

  private readonly lastTime = { text: '', ts: 0 };

  /** Lines of one second come together. */
  private time(value: string, isText: boolean): number | undefined {
    const last = this.lastTime;
    if (value === last.text) return last.ts;
    const ts = value.includes('\\') ? undefined : parseTime(isText ? value : Number(value));
    if (ts === undefined) return undefined;
    last.text = detach(value);
    last.ts = ts;
    return ts;
  }

  private readonly texts = new Map<string, string | undefined>();

  /** A text as its row has it; undefined for one with a secret. User agents and the like repeat: each is looked through once. */
  private text(value: string): string | undefined {
    if (this.texts.has(value)) return this.texts.get(value);
    if (control.test(value)) return undefined;
    const { redactor } = this.policy;
    // One escaping is the record's, the other the line's own.
    const plain = value.includes('\\') ? (JSON.parse(`"${JSON.parse(`"${value}"`)}"`) as string) : undefined;
    const isClean = !redactor.mayContainSecret(value, 0, value.length) || redactor.isClean(plain ?? value);
    const text = !isClean ? undefined : plain === undefined ? value : stringify(plain).slice(1, -1);
    if (this.texts.size >= 5000) this.texts.clear();
    this.texts.set(detach(value), text === value ? detach(value) : text);
    return text;
  }
}

/** Lines on which a shape must agree with the general way before it is trusted. */
const TRIALS = 20;
/** One line in so many is read the general way again. */
const RETRY = 1000;
const MAX_SHAPES = 32;

/** What a key's value becomes. */
type Role = 'text' | 'number' | 'seconds' | 'status' | 'method' | 'target' | 'time' | 'empty';

interface ShapeMember {
  /** The constant text before the value: from the value before it, with the key and an opening quote. */
  readonly literal: string;
  /** `\"key\":`, as the record escapes it. */
  readonly key: string;
  readonly isText: boolean;
}

interface ShapeColumn {
  /** Of the member whose value it is; -1 for a column that is constant. */
  readonly index: number;
  readonly column: string;
  readonly role: Role;
}

interface Shape {
  readonly members: readonly ShapeMember[];
  /** In the order of the row. */
  readonly columns: readonly ShapeColumn[];
  /** Members that go to `fields`, in the order of the line. */
  readonly fields: readonly number[];
  /** How often it agreed with the general way. */
  trials: number;
}

const none: readonly Shape[] = [];
/** A quote of the line, as its record escapes it. */
const QUOTE = '\\"';
const BACKSLASH = 92;
const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const status = /^[1-5]\d\d$/;
/** Values that the general way does more to are left to it: an address with a port, say. */
const usual: Readonly<Record<string, RegExp>> = {
  client_ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/,
  host: /^[a-z\d.-]+$/,
  protocol: /^HTTP\/\d(?:\.\d)?$/,
};
const whole = /^\d{1,15}$/;
const decimal = /^\d{1,9}(?:\.\d{1,6})?$/;

/** Where a text ends, at the backslash before its closing quote; -1 when there is none. */
function textEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= start; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    // One is the record's escape of the quote; the others are pairs, each a backslash of the line.
    if (backslashes % 2 === 0) return -1;
    if (((backslashes - 1) / 2) % 2 === 0) return quote - 1;
  }
  return -1;
}

function numberEnd(text: string, start: number): number {
  let end = start;
  for (
    let code = text.charCodeAt(end);
    (code >= 48 && code <= 57) || code === 46 || code === 45;
    code = text.charCodeAt(end)
  )
    end++;
  return end - start > 16 ? -1 : end;
}

function fieldsColumn(own: string, origin: Origin): string {
  const collector = origin.fieldsColumnJson;
  return collector === '' ? `,"fields":"{${own}}"` : collector.replace('"{', () => `"{${own},`);
}

interface Member extends ShapeMember {
  readonly name: string;
}

/** The members of a flat object of texts and numbers; undefined for any other line. A text that is empty is constant. */
function membersOf(text: string, start: number, end: number): Member[] | undefined {
  const members: Member[] = [];
  let literalStart = start;
  let at = start + 1;
  if (text[start] !== '{' || text[end - 1] !== '}') return undefined;
  for (;;) {
    const keyStart = text.indexOf(QUOTE, at);
    const keyEnd = textEnd(text, keyStart + QUOTE.length);
    if (keyStart < 0 || keyEnd < 0 || keyEnd > end) return undefined;
    const colon = separator(text, keyEnd + QUOTE.length, ':');
    if (colon < 0) return undefined;
    const name = text.slice(keyStart + QUOTE.length, keyEnd);
    const isText = text.startsWith(QUOTE, colon);
    const from = isText ? colon + QUOTE.length : colon;
    const to = isText ? textEnd(text, from) : numberEnd(text, from);
    const isEmpty = isText && text.startsWith(QUOTE, from);
    if (to <= from && !isEmpty) return undefined;
    const next = isEmpty ? from + QUOTE.length : isText ? to + QUOTE.length : to;
    // An empty text is left in the next member's literal.
    if (!isEmpty) {
      members.push({ literal: text.slice(literalStart, from), key: `${QUOTE}${name}${QUOTE}:`, isText, name });
      literalStart = to;
    }
    if (next === end - 1) return isEmpty ? undefined : members;
    at = separator(text, next, ',');
    if (at < 0) return undefined;
  }
}

/** Where the text behind a comma or colon starts, with the blank that some writers put there. */
function separator(text: string, at: number, sign: string): number {
  if (text[at] !== sign) return -1;
  return text[at + 1] === ' ' ? at + 2 : at + 1;
}

/** Finds out which column each member makes by leaving it out. */
function learnShape(line: string, members: readonly Member[], origin: Origin, policy: LinePolicy): Shape | undefined {
  const object = parseObject(line);
  const whole = object && policy.parse(object, origin);
  if (!object || whole?.type !== 'access') return undefined;

  const byColumn = new Map<string, ShapeColumn>();
  const fields: number[] = [];
  for (const [index, { name }] of members.entries()) {
    const role = roleOf(name, object, whole, policy.parse(without(object, name), origin));
    if (role === undefined) return undefined;
    if (role === 'field') fields.push(index);
    else byColumn.set(role.column, { index, ...role });
  }
  const columns: ShapeColumn[] = [...byColumn.values()].filter(({ role }) => role === 'time');
  for (const [column, value] of Object.entries(whole.columns)) {
    // The target makes both.
    if (column === 'query') continue;
    const found = byColumn.get(column);
    if (!found && value !== '') return undefined;
    columns.push(found ?? { index: -1, column, role: 'empty' });
  }
  return { members: members.map(detached), columns, fields, trials: 0 };
}

function roleOf(
  name: string,
  object: JsonObject,
  whole: Parsed,
  rest: Parsed,
): Pick<ShapeColumn, 'column' | 'role'> | 'field' | undefined {
  const value = object[name];
  const columns: Readonly<Record<string, unknown>> = whole.columns;
  if (rest.type !== 'access') {
    // Without it this would be no access line.
    const { method, path, query, status } = columns;
    if (value === status) return { column: 'status', role: 'status' };
    if (value === method) return { column: 'method', role: 'method' };
    return value === (query === undefined ? path : `${path}?${query}`) ? { column: 'path', role: 'target' } : undefined;
  }
  const isField = whole.fields.some(([key, kept]) => key === name && kept === value);
  const left: Readonly<Record<string, unknown>> = rest.columns;
  const changed = Object.keys(columns).filter((column) => columns[column] !== left[column]);
  if (changed.length === 0 && isField) return 'field';
  if (changed.length === 0 && whole.time !== rest.time && parseTime(value) === whole.time)
    return { column: '', role: 'time' };
  const [column, another] = changed;
  if (column === undefined || another !== undefined || isField) return undefined;
  // Nothing in seconds is nothing in milliseconds: another line will tell.
  if (column === 'duration_ms' && value === 0) return undefined;
  if (columns[column] === value && typeof value === 'string') return { column, role: 'text' };
  if (columns[column] === value && (column === 'bytes' || column === 'duration_ms')) return { column, role: 'number' };
  return column === 'duration_ms' && typeof value === 'number' && columns[column] === toMilliseconds(value)
    ? { column, role: 'seconds' }
    : undefined;
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

function detached({ literal, key, isText }: Member): ShapeMember {
  return { literal: detach(literal), key: detach(key), isText };
}
