import type { Origin } from '../line/origin.js';
import type { Parsed } from '../line/parsed.js';
import { type JsonObject, parseObject } from '../parse/json/object.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { detach } from '../text/detach.js';
import type { LinePolicy } from '../treatment/policy.js';
import { arrayEnd } from './jsonArray.js';

/** What a value becomes. */
type Role = 'text' | 'number' | 'seconds' | 'status' | 'method' | 'target' | 'level';

export type ValueKind = 'text' | 'number' | 'word' | 'array';

/** A value of the line, at any depth. */
export interface Leaf {
  /** The constant text before it: from the value before, with its key and an opening quote. */
  readonly literal: string;
  readonly kind: ValueKind;
}

export interface ShapeColumn {
  /** Of the leaf whose value it is. */
  readonly index: number;
  readonly column: string;
  readonly role: Role;
  /** The row's constant text from the value before up to this one: `","message":"`. */
  readonly before: string;
  /** How its values look, without any escape; what looks otherwise is left to the general way. */
  readonly usual: RegExp | undefined;
}

/** The keys of a JSON line in their order, and what becomes of their values. */
export interface Shape {
  readonly type: 'access' | 'app';
  readonly leaves: readonly Leaf[];
  /** What follows the last value. */
  readonly tail: string;
  /** The leaf with the line's time. */
  readonly time: number;
  /** In the order of the row. */
  readonly columns: readonly ShapeColumn[];
  /** Those that are '' in all rows; they stand in the text before the others. */
  readonly empty: readonly string[];
  /** The row's constant text behind the last of them. */
  readonly columnsEnd: string;
  /** `fields` without its braces: constant pieces and, by index, values in turn. */
  readonly fields: readonly (string | number)[];
  /** How often it agreed with the general way. */
  trials: number;
}

/**
 * Learns a shape from a line: each of its keys is left out in turn, which shows what column it makes.
 *
 * @param text of the record; the line stands in it from `start` to `end`, escaped
 * @returns undefined for a line that has more to it than its text can be copied for
 */
export function learnShape(
  text: string,
  start: number,
  end: number,
  origin: Origin,
  policy: LinePolicy,
): Shape | undefined {
  const found = scan(text, start, end);
  const object = found && parseObject(JSON.parse(`"${text.slice(start, end)}"`) as string);
  const whole = object && policy.parse(object, origin);
  if (!found || !whole || whole.type === 'error') return undefined;
  // Its value decides the type, line by line.
  if (Object.hasOwn(object, policy.logTypeField)) return undefined;
  // The keys of a trusted shape are not looked at again.
  const constants = [...found.leaves.map(({ literal }) => literal), found.tail].join(' ');
  if (policy.redactor.mayContainSecret(constants, 0, constants.length)) return undefined;

  const byColumn = new Map<string, Made>();
  let time: number | undefined;
  const fields: (string | number)[] = [];
  const leaveOut = (path: Path) => policy.parse(without(object, path), origin);
  for (const { name, pieces } of found.members) {
    const role = roleOf([name], object, whole, leaveOut([name]));
    if (role === 'field') {
      fields.push(...(fields.length === 0 ? [] : [',']), ...pieces);
      continue;
    }
    if (role === 'empty') continue;
    // A nested object may make a column of each of its values, as long as nothing of it is left over.
    for (const index of pieces.filter((piece) => typeof piece === 'number')) {
      const path = found.paths[index] as Path;
      const made = path.length === 1 ? role : roleOf(path, object, whole, leaveOut(path));
      if (made === undefined || made === 'field' || made === 'empty') return undefined;
      if (made === 'time') time = index;
      else byColumn.set(made.column, { index, ...made });
    }
  }
  const { type } = whole;
  const columns = columnsOf(type, whole.columns, byColumn);
  if (time === undefined || columns === undefined) return undefined;
  const { leaves, tail } = found;
  return { type, leaves, tail, time, ...columns, fields: joined(fields), trials: 0 };
}

/** A column that a value makes. */
type Made = Pick<ShapeColumn, 'index' | 'column' | 'role'>;

function columnsOf(
  type: Shape['type'],
  row: Parsed['columns'],
  byColumn: ReadonlyMap<string, Made>,
): Pick<Shape, 'columns' | 'empty' | 'columnsEnd'> | undefined {
  const columns: ShapeColumn[] = [];
  const empty: string[] = [];
  let constant = '';
  for (const [column, value] of Object.entries(row)) {
    // The target makes both.
    if (column === 'query' && type === 'access') continue;
    const made = byColumn.get(column);
    if (made) {
      const quote = made.role === 'number' || made.role === 'seconds' || made.role === 'status' ? '' : '"';
      const before = detach(`${constant},"${column}":${quote}`);
      columns.push({ ...made, before, usual: usualOf(made.role, column, type) });
      constant = quote;
    } else if (value === '') {
      empty.push(column);
      constant += `,"${column}":""`;
    } else return undefined;
  }
  return { columns, empty, columnsEnd: constant };
}

/** Of values that the general way does more to: an address with a port, an id of zeros, a number that it prints otherwise. */
function usualOf(role: Role, column: string, type: Shape['type']): RegExp | undefined {
  if (role === 'status') return /^[1-5]\d\d$/;
  if (role === 'seconds' || role === 'number') return column === 'bytes' ? /^\d{1,15}$/ : /^\d{1,9}(?:\.\d{1,6})?$/;
  return role === 'text' ? (type === 'access' ? usualAccess : usualIds)[column] : undefined;
}

const usualAccess: Readonly<Record<string, RegExp>> = {
  client_ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/,
  host: /^[a-z\d.-]+$/,
  protocol: /^HTTP\/\d(?:\.\d)?$/,
};
/** Ids that parseTraceId takes; a longer trace id may be a header. */
const usualIds: Readonly<Record<string, RegExp>> = {
  trace_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  span_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  request_id: /^(?!(?:(?:0x)?0+|<null>)$)[!-[\]-~]{1,256}$/,
};

/** The keys that lead to a value. */
type Path = readonly string[];

function roleOf(
  path: Path,
  object: JsonObject,
  whole: Parsed,
  rest: Parsed,
): Pick<ShapeColumn, 'column' | 'role'> | 'time' | 'field' | 'empty' | undefined {
  const value = path.reduce<unknown>((node, key) => (node as JsonObject)[key], object);
  const columns: Readonly<Record<string, unknown>> = whole.columns;
  if (rest.type !== whole.type) {
    // Without it this would be no access line.
    const { method, path, query, status } = columns;
    if (value === status) return { column: 'status', role: 'status' };
    if (value === method) return { column: 'method', role: 'method' };
    return value === (query === undefined ? path : `${path}?${query}`) ? { column: 'path', role: 'target' } : undefined;
  }
  const left: Readonly<Record<string, unknown>> = rest.columns;
  const [column, another] = Object.keys({ ...columns, ...left }).filter((each) => columns[each] !== left[each]);
  const kept = whole.fields.find(([key]) => key === path[0]);
  if (column === undefined) {
    if (kept && path.length > 1) return undefined;
    if (kept) return kept[1] === value || JSON.stringify(kept[1]) === JSON.stringify(value) ? 'field' : undefined;
    if (whole.time !== rest.time && parseTime(value) === whole.time) return 'time';
    return undefined;
  }
  if (another !== undefined || kept) return undefined;
  if (column === 'level') return columns.level === parseLevel(value) ? { column, role: 'level' } : undefined;
  // Nothing in seconds is nothing in milliseconds: another line will tell.
  if (column === 'duration_ms' && value === 0) return undefined;
  if (columns[column] === value) {
    if (value === '') return 'empty';
    if (typeof value === 'string') return { column, role: 'text' };
    if (column === 'bytes' || column === 'duration_ms') return { column, role: 'number' };
  }
  const isSeconds = column === 'duration_ms' && typeof value === 'number' && columns[column] === toMilliseconds(value);
  return isSeconds ? { column, role: 'seconds' } : undefined;
}

function without(object: JsonObject, [key, ...rest]: Path): JsonObject {
  const entries = Object.entries(object);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([each]) => each !== key));
  return Object.fromEntries(
    entries.map(([each, value]) => [each, each === key ? without(value as JsonObject, rest) : value]),
  );
}

/** Constant pieces that stand beside each other as one. */
function joined(pieces: readonly (string | number)[]): (string | number)[] {
  const result: (string | number)[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

/** A key at the top of the line. */
interface Member {
  readonly name: string;
  /** Its text, key included: constant pieces and, by index, the values within. */
  readonly pieces: readonly (string | number)[];
}

interface Scanned {
  readonly leaves: readonly Leaf[];
  /** Of each leaf. */
  readonly paths: readonly Path[];
  readonly members: readonly Member[];
  readonly tail: string;
}

/** A quote of the line, as its record escapes it. */
const QUOTE = '\\"';

/** Takes an escaped JSON object apart. Empty texts are constant; an array, whatever is in it, is one value. */
function scan(text: string, start: number, end: number): Scanned | undefined {
  const leaves: Leaf[] = [];
  const paths: Path[] = [];
  const around: string[] = [];
  const members: Member[] = [];
  let literalStart = start;
  let depth = 0;
  let memberStart = 0;
  let memberName = '';
  let pieces: (string | number)[] = [];
  const endMember = (at: number) => {
    pieces.push(detach(text.slice(pieceStart, at)));
    members.push({ name: memberName, pieces: joined(pieces) });
  };
  let pieceStart = 0;
  for (let at = start; at < end; ) {
    const char = text[at];
    if (char === '{') {
      depth++;
      at++;
      if (text[at] === '}') return undefined;
    } else if (char === '}') {
      depth--;
      if (depth === 0) {
        endMember(at);
        return at + 1 === end ? { leaves, paths, members, tail: detach(text.slice(literalStart, end)) } : undefined;
      }
      at++;
      continue;
    } else if (char === ',') {
      if (depth === 1) endMember(at);
      at++;
    } else return undefined;

    if (text[at] === ' ') at++;
    const keyEnd = textEnd(text, at + QUOTE.length);
    if (!text.startsWith(QUOTE, at) || keyEnd <= at || keyEnd >= end) return undefined;
    const key = text.slice(at + QUOTE.length, keyEnd);
    if (key.includes('\\')) return undefined;
    around.length = depth - 1;
    around.push(key);
    if (depth === 1) {
      memberStart = at;
      pieceStart = at;
      memberName = key;
      pieces = [];
    }
    at = keyEnd + QUOTE.length;
    if (text[at] !== ':') return undefined;
    at += text[at + 1] === ' ' ? 2 : 1;
    if (text[at] === '{') continue;

    const isText = text.startsWith(QUOTE, at);
    const from = isText ? at + QUOTE.length : at;
    if (isText && text.startsWith(QUOTE, from)) {
      at = from + QUOTE.length;
      continue;
    }
    const kind = isText ? 'text' : kindOf(text.charCodeAt(from));
    const to = valueEnd(kind, text, from);
    if (to <= from || to >= end || from < memberStart) return undefined;
    paths.push([...around]);
    leaves.push({ literal: detach(text.slice(literalStart, from)), kind });
    pieces.push(detach(text.slice(pieceStart, from)), leaves.length - 1);
    pieceStart = to;
    literalStart = to;
    at = isText ? to + QUOTE.length : to;
  }
  return undefined;
}

function kindOf(first: number): ValueKind {
  if (first === OPEN_BRACKET) return 'array';
  return isLetter(first) ? 'word' : 'number';
}

/** Where a value ends, a text at the backslash before its closing quote; `from` or before it when there is none. */
export function valueEnd(kind: ValueKind, text: string, from: number): number {
  if (kind === 'text') return textEnd(text, from);
  if (kind === 'array') return arrayEnd(text, from);
  let end = from;
  const belongs = kind === 'number' ? isNumeral : isLetter;
  while (belongs(text.charCodeAt(end))) end++;
  return end - from > MAX_NUMBER ? -1 : end;
}

/** Digits that a double holds exactly, a sign and a point. */
const MAX_NUMBER = 16;

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

const BACKSLASH = 92;
const OPEN_BRACKET = 91;

/** A digit, the point or the minus; no exponent. */
function isNumeral(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46 || code === 45;
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}
