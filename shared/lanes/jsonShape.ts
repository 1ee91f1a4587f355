import type { Origin } from '../line/origin.js';
import type { Parsed } from '../line/parsed.js';
import { columnKey } from '../line/rowText.js';
import { isFreeKey } from '../parse/freeKeys.js';
import { type JsonObject, parseObject } from '../parse/json/object.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { detach } from '../text/detach.js';
import type { LinePolicy } from '../treatment/policy.js';
import { joinPieces, type Leaf, type Path, type Pieces, type ScannedLine, scanLine } from './jsonScan.js';

/** The keys of a JSON line in their order, and what becomes of their values. */
export interface Shape {
  readonly type: 'access' | 'app';
  readonly leaves: readonly Leaf[];
  /** What follows the last value. */
  readonly tail: string;
  /** The leaf with the line's time. */
  readonly time: number;
  /** The leaf with the status; undefined when the line has none. */
  readonly status: number | undefined;
  /** In the order of the row. */
  readonly columns: readonly ShapeColumn[];
  /** Columns that are '' in all rows; they stand in the constant text before the others. */
  readonly empty: readonly string[];
  /** The row's constant text behind the last of them. */
  readonly columnsEnd: string;
  /** `fields` without its braces. */
  readonly fields: Pieces;
  /** By index, what is known of the leaves in `fields`. */
  readonly ofField: readonly (FieldLeaf | undefined)[];
  /** The values of leaves that decide what the others mean: other values make other shapes. */
  readonly fixed: readonly FixedLeaf[];
  /** How often it agreed with the full parse. */
  trials: number;
}

export interface ShapeColumn {
  /** Of the leaf whose value it is. */
  readonly index: number;
  readonly column: string;
  readonly role: Role;
  /** The row's constant text from the value before up to this one: `","message":"`. */
  readonly before: string;
  /** How its values mostly look, without any escape; others are left to the full parse. */
  readonly usual: RegExp | undefined;
}

/** A value that goes to `fields`. */
export interface FieldLeaf {
  /** The key it stands under. */
  readonly key: string;
  /** The same with those around it, `req.headers.cookie`, as the redactor tells a place. */
  readonly place: string;
  /** Whether a redaction rule names the key: the value is then replaced, or else the line is left to the full parse. */
  readonly isCovered: boolean;
  /** Whether it stays in `fields` even when it has several lines, as a stack trace has. */
  readonly isFree: boolean;
}

interface FixedLeaf {
  readonly index: number;
  readonly value: string;
}

/** What a value becomes; a target is also the query, and a request the method and the protocol too. */
type Role = 'text' | 'number' | 'seconds' | 'status' | 'method' | 'target' | 'request' | 'level';

/**
 * Learns a shape from a line: each of its keys is left out in turn, which shows what column it makes.
 *
 *     {"ts":"16:41","msg":"placed","sku":7}   time, message and fields
 *     {"ts":"16:41","sku":7}                  without `msg` the row has no message: its value is the message
 *     {"ts":"16:41","msg":"placed"}           without `sku` the row has no fields: its value is a field
 *
 * Without some keys the rest means something else: a line without `status` is no access line, and pino's `name` is the
 * logger's beside `pid`. The value of such a key is changed instead.
 *
 *     {"status":200,"method":"GET","url":"/"}   an access line
 *     {"status":201,"method":"GET","url":"/"}   the same but for its status
 *
 * @param text of the record; the line stands in it from `start` to `end`, escaped
 * @returns undefined for a line whose row can't be copied from its text
 */
export function learnShape(
  text: string,
  start: number,
  end: number,
  origin: Origin,
  policy: LinePolicy,
): Shape | undefined {
  const scanned = scanLine(text, start, end);
  const object = scanned && parseObject(JSON.parse(`"${text.slice(start, end)}"`) as string);
  const whole = object && policy.parse(object, origin);
  if (!scanned || !whole || whole.type === 'error') return undefined;
  // The value of this key decides the type, line by line.
  if (Object.hasOwn(object, policy.logTypeField)) return undefined;

  const effectOf = (path: Path): Effect =>
    effectOn(whole, policy.parse(without(object, path), origin), path, object) ??
    changedEffect(whole, path, object, (changed) => policy.parse(changed, origin));
  const effects = effectsOf(scanned, effectOf);
  const columns = effects && columnsOf(whole.type, whole.columns, effects.byColumn);
  const ofField = effects && fieldLeaves(scanned, effects.fields, policy);
  if (effects?.time === undefined || !columns || !ofField) return undefined;
  return {
    type: whole.type,
    leaves: scanned.leaves,
    tail: scanned.tail,
    time: effects.time,
    status: columns.columns.find(({ role }) => role === 'status')?.index,
    ...columns,
    fields: joinPieces(effects.fields),
    ofField,
    fixed: effects.fixed.map((index) => ({ index, value: detach(scanned.values[index] as string) })),
    trials: 0,
  };
}

/** By index; undefined when a rule may replace a whole object, or a value for what another one says. */
function fieldLeaves({ paths }: ScannedLine, fields: Pieces, { redactor }: LinePolicy): Shape['ofField'] | undefined {
  const leaves: (FieldLeaf | undefined)[] = paths.map(() => undefined);
  for (const index of fields) {
    if (typeof index === 'string') continue;
    const path = paths[index] as Path;
    const key = path.at(-1) as string;
    const isNamed = /^value$/i.test(key) && paths.some((other) => namesValue(other, path));
    if (isNamed || path.slice(0, -1).some((each) => redactor.namesKey(each))) return undefined;
    const isFree = path.length === 1 && isFreeKey(key);
    leaves[index] = { key, place: path.join('.'), isCovered: redactor.namesKey(key), isFree };
  }
  return leaves;
}

/** `{ "name": "password", "value": "…" }` */
function namesValue(other: Path, value: Path): boolean {
  const isName = /^(?:name|key|header|field)$/i.test(other.at(-1) ?? '');
  return (
    isName && other.length === value.length && other.every((key, at) => at === other.length - 1 || key === value[at])
  );
}

/** What becomes of a line's values. */
interface Effects {
  time: number | undefined;
  readonly byColumn: Map<string, MadeColumn>;
  readonly fields: (string | number)[];
  /** Leaves that decide what others mean, and stay in `fields`. */
  readonly fixed: number[];
}

/** A column that a value makes. */
type MadeColumn = Pick<ShapeColumn, 'index' | 'column' | 'role'>;

/** What leaving out or changing one key shows about its value. */
type Effect = Pick<ShapeColumn, 'column' | 'role'> | 'time' | 'field' | 'fixed field' | 'empty' | undefined;

function effectsOf({ members, paths }: ScannedLine, effectOf: (path: Path) => Effect): Effects | undefined {
  const effects: Effects = { time: undefined, byColumn: new Map(), fields: [], fixed: [] };
  for (const { name, pieces } of members) {
    const ofMember = effectOf([name]);
    if (ofMember === 'empty') continue;
    if (ofMember === 'field' || ofMember === 'fixed field') {
      if (ofMember === 'fixed field') effects.fixed.push(...pieces.filter((piece) => typeof piece === 'number'));
      effects.fields.push(...(effects.fields.length === 0 ? [] : [',']), ...pieces);
      continue;
    }
    // A nested object may make a column of each of its values, as long as nothing of it is left over.
    for (const index of pieces.filter((piece) => typeof piece === 'number')) {
      const path = paths[index] as Path;
      if (!addLeaf(effects, index, path.length === 1 ? ofMember : effectOf(path))) return undefined;
    }
  }
  return effects;
}

/** False for a leaf that makes neither the time nor a column. */
function addLeaf(effects: Effects, index: number, effect: Effect): boolean {
  if (effect === undefined || effect === 'field' || effect === 'fixed field' || effect === 'empty') return false;
  if (effect === 'time') effects.time = index;
  else effects.byColumn.set(effect.column, { index, ...effect });
  return true;
}

/**
 * @param whole the line
 * @param rest the same line without the value at `path`, or with another one in its place
 */
function effectOn(whole: Parsed, rest: Parsed, path: Path, object: JsonObject): Effect {
  if (rest.type !== whole.type) return undefined;
  const value = valueAt(object, path);
  const kept = whole.fields.find(([key]) => key === path[0]);
  const [column, another] = differingColumns(whole.columns, rest.columns);
  if (column !== undefined) return another === undefined && !kept ? columnOf(column, value, whole.columns) : undefined;
  if (kept) return path.length === 1 && isSame(kept[1], value) ? 'field' : undefined;
  return whole.time !== rest.time && parseTime(value) === whole.time ? 'time' : undefined;
}

/** What changing a value shows. It is looked at from the changed line, as 0 may be seconds and milliseconds alike. */
function changedEffect(whole: Parsed, path: Path, object: JsonObject, parse: (changed: JsonObject) => Parsed): Effect {
  const value = valueAt(object, path);
  const other = anotherValue(value);
  if (other === undefined) return undefined;
  const changed = replaced(object, path, other);
  const effect = effectOn(parse(changed), whole, path, changed);
  if (effect === 'field')
    return isSame(whole.fields.find(([key]) => key === path[0])?.[1], value) ? whichField(other) : undefined;
  return effect;
}

/** What another value leads to is not known of words. Numbers that decide are counters and ids of processes. */
function whichField(value: unknown): Effect {
  return typeof value === 'number' ? 'field' : 'fixed field';
}

/** A value of the same kind: the next number, a text with another last character; undefined for none. */
function anotherValue(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string' || value === '') return undefined;
  return (
    value.slice(0, -1) +
    (/[0-8a-yA-Y]$/.test(value) ? String.fromCharCode(value.charCodeAt(value.length - 1) + 1) : '1')
  );
}

function valueAt(object: JsonObject, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (node as JsonObject)[key], object);
}

type Values = Readonly<Record<string, unknown>>;

function differingColumns(whole: Values, rest: Values): string[] {
  return Object.keys({ ...whole, ...rest }).filter((column) => whole[column] !== rest[column]);
}

function isSame(kept: unknown, value: unknown): boolean {
  return kept === value || JSON.stringify(kept) === JSON.stringify(value);
}

/** How a value makes the column that is missing, or another, without it. */
function columnOf(column: string, value: unknown, columns: Values): Effect {
  const made = columns[column];
  if (column === 'level') return made === parseLevel(value) ? { column, role: 'level' } : undefined;
  const ofRequest = requestPart(column, value, columns);
  if (ofRequest) return ofRequest;
  if (column === 'path' || column === 'query') return undefined;
  if (made === value && value === '') return 'empty';
  if (made === value && typeof value === 'string') return { column, role: 'text' };
  // Many configurations quote numbers.
  const number = typeof value === 'string' && canonical.test(value) ? Number(value) : value;
  // 0 seconds and 0 milliseconds look alike: another value will tell.
  if (typeof number !== 'number' || (column === 'duration_ms' && number === 0)) return undefined;
  if (made === number && (column === 'bytes' || column === 'duration_ms')) return { column, role: 'number' };
  return column === 'duration_ms' && made === toMilliseconds(number) ? { column, role: 'seconds' } : undefined;
}

const canonical = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

/** Status, method and target of an access line, or its whole request. */
function requestPart(column: string, value: unknown, { method, path, query, protocol, status }: Values): Effect {
  if (column === 'status') return String(status) === String(value) ? { column, role: 'status' } : undefined;
  if (path === undefined || !requestColumns.has(column)) return undefined;
  const target = query === undefined ? path : `${path}?${query}`;
  if (value === `${method} ${target} ${protocol}`) return { column: 'method', role: 'request' };
  if (column === 'method' && value === method) return { column, role: 'method' };
  return column !== 'method' && column !== 'protocol' && value === target
    ? { column: 'path', role: 'target' }
    : undefined;
}

const requestColumns: ReadonlySet<string> = new Set(['method', 'path', 'query', 'protocol']);

function replaced(object: JsonObject, [key, ...rest]: Path, value: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([each, old]) => {
      if (each !== key) return [each, old];
      return [each, rest.length === 0 ? value : replaced(old as JsonObject, rest, value)];
    }),
  );
}

/** The object without the value at a path. */
export function without(object: JsonObject, [key, ...rest]: Path): JsonObject {
  const entries = Object.entries(object);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([each]) => each !== key));
  return Object.fromEntries(
    entries.map(([each, value]) => [each, each === key ? without(value as JsonObject, rest) : value]),
  );
}

function columnsOf(
  type: Shape['type'],
  row: Parsed['columns'],
  byColumn: ReadonlyMap<string, MadeColumn>,
): Pick<Shape, 'columns' | 'empty' | 'columnsEnd'> | undefined {
  const columns: ShapeColumn[] = [];
  const empty: string[] = [];
  let constant = '';
  for (const [column, value] of Object.entries(row)) {
    if (type === 'access' && isMadeWithAnother(column, byColumn)) continue;
    const made = byColumn.get(column);
    if (made) {
      const quote = made.role === 'number' || made.role === 'seconds' || made.role === 'status' ? '' : '"';
      const before = detach(`${constant}${columnKey(column)}${quote}`);
      columns.push({ ...made, before, usual: usualOf(made.role, column, type) });
      constant = quote;
    } else if (value === '') {
      empty.push(column);
      constant += `${columnKey(column)}""`;
    } else return undefined;
  }
  return { columns, empty, columnsEnd: constant };
}

/** The target makes the query too, and a request all its columns. */
function isMadeWithAnother(column: string, byColumn: ReadonlyMap<string, MadeColumn>): boolean {
  if (byColumn.get('method')?.role === 'request') return column !== 'method' && requestColumns.has(column);
  return column === 'query';
}

/** The full parse does more to some values: an address with a port, an id of zeros, a number that it prints otherwise. */
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
