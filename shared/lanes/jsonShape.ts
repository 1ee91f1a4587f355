import type { Origin } from '../line/origin.js';
import type { Parsed } from '../line/parsed.js';
import { columnKey } from '../line/rowText.js';
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

/** What a value becomes. */
type Role = 'text' | 'number' | 'seconds' | 'status' | 'method' | 'target' | 'level';

/**
 * Learns a shape from a line: each of its keys is left out in turn, which shows what column it makes.
 *
 *     {"ts":"16:41","msg":"placed","sku":7}   time, message and fields
 *     {"ts":"16:41","sku":7}                  without `msg` the row has no message: its value is the message
 *     {"ts":"16:41","msg":"placed"}           without `sku` the row has no fields: its value is a field
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
  if (mayKeysHoldSecret(scanned, policy)) return undefined;

  const effectOf = (path: Path) => effectOn(whole, policy.parse(without(object, path), origin), path, object);
  const effects = effectsOf(scanned, effectOf);
  const columns = effects && columnsOf(whole.type, whole.columns, effects.byColumn);
  if (effects?.time === undefined || !columns) return undefined;
  return {
    type: whole.type,
    leaves: scanned.leaves,
    tail: scanned.tail,
    time: effects.time,
    status: columns.columns.find(({ role }) => role === 'status')?.index,
    ...columns,
    fields: joinPieces(effects.fields),
    trials: 0,
  };
}

/** The keys of a trusted shape are not searched again. */
function mayKeysHoldSecret({ leaves, tail }: ScannedLine, { redactor }: LinePolicy): boolean {
  const constants = [...leaves.map(({ literal }) => literal), tail].join(' ');
  return redactor.mayContainSecret(constants, 0, constants.length);
}

/** What becomes of a line's values. */
interface Effects {
  time: number | undefined;
  readonly byColumn: Map<string, MadeColumn>;
  readonly fields: (string | number)[];
}

/** A column that a value makes. */
type MadeColumn = Pick<ShapeColumn, 'index' | 'column' | 'role'>;

/** What leaving out one key shows about its value. */
type Effect = Pick<ShapeColumn, 'column' | 'role'> | 'time' | 'field' | 'empty' | undefined;

function effectsOf({ members, paths }: ScannedLine, effectOf: (path: Path) => Effect): Effects | undefined {
  const effects: Effects = { time: undefined, byColumn: new Map(), fields: [] };
  for (const { name, pieces } of members) {
    const ofMember = effectOf([name]);
    if (ofMember === 'empty') continue;
    if (ofMember === 'field') {
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
  if (effect === undefined || effect === 'field' || effect === 'empty') return false;
  if (effect === 'time') effects.time = index;
  else effects.byColumn.set(effect.column, { index, ...effect });
  return true;
}

/**
 * @param whole the line
 * @param rest the same line without the value at `path`
 */
function effectOn(whole: Parsed, rest: Parsed, path: Path, object: JsonObject): Effect {
  const value = path.reduce<unknown>((node, key) => (node as JsonObject)[key], object);
  if (rest.type !== whole.type) return decidingColumn(value, whole.columns);
  const kept = whole.fields.find(([key]) => key === path[0]);
  const [column, another] = differingColumns(whole.columns, rest.columns);
  if (column !== undefined) return another === undefined && !kept ? columnOf(column, value, whole.columns) : undefined;
  if (kept) return path.length === 1 && isSame(kept[1], value) ? 'field' : undefined;
  return whole.time !== rest.time && parseTime(value) === whole.time ? 'time' : undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** Without method, target or status a line is no access line. */
function decidingColumn(value: unknown, { method, path, query, status }: Values): Effect {
  if (value === status) return { column: 'status', role: 'status' };
  if (value === method) return { column: 'method', role: 'method' };
  const target = query === undefined ? path : `${path}?${query}`;
  return value === target ? { column: 'path', role: 'target' } : undefined;
}

function differingColumns(whole: Values, rest: Values): string[] {
  return Object.keys({ ...whole, ...rest }).filter((column) => whole[column] !== rest[column]);
}

function isSame(kept: unknown, value: unknown): boolean {
  return kept === value || JSON.stringify(kept) === JSON.stringify(value);
}

/** How a value makes the column that is missing without it. */
function columnOf(column: string, value: unknown, columns: Values): Effect {
  const made = columns[column];
  if (column === 'level') return made === parseLevel(value) ? { column, role: 'level' } : undefined;
  // 0 seconds and 0 milliseconds look alike: another line will tell.
  if (column === 'duration_ms' && value === 0) return undefined;
  if (made === value) {
    if (value === '') return 'empty';
    if (typeof value === 'string') return { column, role: 'text' };
    if (column === 'bytes' || column === 'duration_ms') return { column, role: 'number' };
  }
  const isSeconds = column === 'duration_ms' && typeof value === 'number' && made === toMilliseconds(value);
  return isSeconds ? { column, role: 'seconds' } : undefined;
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
    // The target makes both.
    if (column === 'query' && type === 'access') continue;
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
