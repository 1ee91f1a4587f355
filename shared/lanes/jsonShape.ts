import type { Origin } from '../line/origin.js';
import type { Parsed } from '../line/parsed.js';
import { columnKey } from '../line/rowText.js';
import { isHolder } from '../parse/json/heldLine.js';
import type { JsonObject } from '../parse/json/object.js';
import { parseLoggedDuration, scaleToMilliseconds, toMilliseconds } from '../parse/values/duration.js';
import { parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { stringify } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import {
  differingColumns,
  type FieldLeaf,
  type FoundFields,
  fieldAt,
  findFields,
  type Pieces,
  type Values,
  withValues,
} from './jsonFields.js';
import type { Leaf, Path, ScannedLine } from './jsonScan.js';
import { tellingLeaves } from './tellingLeaves.js';

/** The keys of a JSON line in their order, and what becomes of their values. */
export interface Shape {
  readonly type: 'access' | 'app';
  readonly leaves: readonly Leaf[];
  /** What follows the last value. */
  readonly tail: string;
  /** The leaf with the line's time; undefined when the line has none. */
  readonly time: number | undefined;
  /** The leaf with the status; undefined when the line has none. */
  readonly status: number | undefined;
  /** In the order of the row. */
  readonly columns: readonly ShapeColumn[];
  /** Columns that are the same in all rows; they stand in the constant text before the others. */
  readonly constants: readonly (readonly [column: string, value: unknown])[];
  /** The row's constant text behind the last of them. */
  readonly columnsEnd: string;
  /** `fields` without its braces. */
  readonly fields: Pieces;
  /** By index, what is known of the leaves in `fields`. */
  readonly ofField: readonly (StoredLeaf | undefined)[];
  /** The values of leaves that decide what the others mean: other values make other shapes. */
  readonly fixed: readonly FixedLeaf[];
  /** Pairs of leaves that must not be equal: what repeats the message is left out by some formats. */
  readonly distinct: readonly (readonly [index: number, message: number])[];
  /** On how many more lines it has to agree with the full parse before it is trusted; never when infinite. */
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
export interface StoredLeaf extends FieldLeaf {
  /** Whether a redaction rule names the key: the value is then replaced, or else the line is left to the full parse. */
  readonly isCovered: boolean;
}

interface FixedLeaf {
  readonly index: number;
  readonly value: string;
}

/** What a value becomes; a target is also the query, and a request the method and the protocol too. */
type Role =
  | 'text'
  | 'number'
  | 'seconds'
  | 'nanoseconds'
  /** `4.1ms` */
  | 'duration'
  | 'status'
  | 'method'
  | 'target'
  | 'request'
  | 'level'
  /** The only text of an array. */
  | 'item';

/**
 * Learns a shape from a line: each of its values is left out in turn, which shows what column it makes.
 *
 *     {"ts":"16:41","msg":"placed","sku":7}   time, message and fields
 *     {"ts":"16:41","sku":7}                  without `msg` the row has no message: its value is the message
 *     {"ts":"16:41","msg":"placed"}           without `sku` the columns are the same: its value is free
 *
 * Without some keys the rest means something else: a line without `status` is no access line, and pino's `name` is the
 * logger's beside `pid`. The value of such a key is changed instead.
 *
 *     {"status":200,"method":"GET","url":"/"}   an access line
 *     {"status":201,"method":"GET","url":"/"}   the same but for its status
 *
 * A value that decides so, or becomes what no {@link Role} says, is the same in all lines of its shape. All free ones are then
 * marked at once, and stand in `fields` where their marks are found ({@link findFields}).
 *
 * @param object the same line
 * @param lessons values that became something in other shapes are not left out again
 * @returns undefined for a line whose row can't be copied from its text
 */
export function learnShape(
  scanned: ScannedLine,
  object: JsonObject,
  origin: Origin,
  policy: LinePolicy,
  lessons: Lessons,
): Shape | undefined {
  // The value of this key decides the type, line by line; a line of any format may stand in one of a container runtime.
  if (Object.hasOwn(object, policy.logTypeField) || isHolder(object)) return undefined;
  const parse = (line: JsonObject) => policy.parse(line, origin);
  const whole = parse(object);
  if (whole.type === 'error') return undefined;

  const effects = effectsOf(scanned, object, whole, lessons, parse);
  const fields = effects && findFields(scanned, object, whole, effects.free, anyTexts(effects, whole.type), parse);
  if (!effects || !fields) return undefined;
  const fixed = fields.fixed.filter((index) => {
    // A column's text that a format takes the line by.
    if (!effects.free.includes(index)) return removeColumn(effects, index);
    // A second key may say the same, so that nothing changed without the value.
    const effect = changedEffect(whole, scanned.paths[index] as Path, object, parse);
    return typeof effect !== 'object' || !addLeaf(effects, index, effect);
  });
  const stored = [...fields.leaves.keys()].filter((index) => fields.leaves[index] !== undefined);
  const message = effects.byColumn.get('message')?.index;
  const telling = tellingLeaves(scanned, object, whole, stored, parse);
  fixed.push(...telling.byValue, ...(message === undefined ? telling.byMessage : []));
  const areStored = areLeftAlone(fields.leaves, scanned.paths, policy);
  if (!areStored || (whole.time === undefined) !== (effects.time === undefined)) return undefined;
  const columns = columnsOf(whole, effects, scanned);
  const made = columns?.columns.map(({ index }) => index) ?? [];
  const known = new Set([effects.time, ...made, ...effects.fixed, ...fixed, ...stored]);
  // It would be the value of this line in the rows of all.
  if (scanned.leaves.some((_, index) => !known.has(index))) return undefined;
  const { share } = lessons;
  return (
    columns && {
      type: whole.type,
      leaves: scanned.leaves.map(({ literal, kind }) =>
        share(`leaf ${kind} ${literal}`, () => ({ literal: detach(literal), kind })),
      ),
      tail: detach(scanned.tail),
      time: effects.time,
      status: columns.columns.find(({ role }) => role === 'status')?.index,
      ...columns,
      columns: columns.columns.map((column) =>
        share(
          `column ${whole.type} ${column.index} ${column.role} ${column.usual?.source} ${column.before}`,
          () => column,
        ),
      ),
      fields: fields.pieces.map((piece) => (typeof piece === 'string' ? share(`piece ${piece}`, () => piece) : piece)),
      ofField: fields.leaves.map(
        (leaf) =>
          leaf && share(`field ${leaf.place}`, () => ({ ...leaf, isCovered: policy.redactor.namesKey(leaf.key) })),
      ),
      fixed: [...effects.fixed, ...fixed].map((index) => ({
        index,
        value: detach(scanned.values[index] as string),
      })),
      distinct: message === undefined ? [] : telling.byMessage.map((index) => [index, message]),
      trials: effects.areAllNew ? TRIALS : FEWER_TRIALS,
    }
  );
}

/** Beside the line that it is learned from. */
const TRIALS = 8;
/** Of a shape that has values in common with others. */
const FEWER_TRIALS = 3;

/** False when a redaction rule may replace a whole object, or a value for what another one says. */
function areLeftAlone(leaves: FoundFields['leaves'], paths: readonly Path[], { redactor }: LinePolicy): boolean {
  return leaves.every((leaf) => {
    if (!leaf) return true;
    const path = leaf.place.split('.');
    const isNamed = /^value$/i.test(leaf.key) && paths.some((other) => namesValue(other, path));
    return !isNamed && !path.slice(0, -1).some((each) => redactor.namesKey(each));
  });
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
  /** Leaves that make no column, and decide nothing. */
  readonly free: number[];
  /** Leaves that decide what others mean. */
  readonly fixed: number[];
  /** Whether none was known from other shapes. */
  areAllNew: boolean;
}

/** A column that a value makes. */
type MadeColumn = Pick<ShapeColumn, 'index' | 'column' | 'role'>;

/** What leaving out or changing one value shows about it. */
type Effect = Pick<ShapeColumn, 'column' | 'role'> | 'time' | 'free' | 'fixed';

/** What other shapes have shown, for lines of one treatment. */
export class Lessons {
  /** What values became, by type, kind and path. */
  readonly effects = new Map<string, Effect>();
  private readonly parts = new Map<string, unknown>();

  /**
   * The same part of an earlier shape, where there was one: a thousand shapes with most keys in common then fit the processor's
   * cache.
   */
  readonly share = <T>(id: string, make: () => T): T => {
    const known = this.parts.get(id);
    if (known !== undefined) return known as T;
    const part = make();
    if (this.parts.size < MAX_LESSONS) this.parts.set(id, part);
    return part;
  };
}

/** Each takes some 200 bytes. */
const MAX_LESSONS = 10_000;

type Parse = (line: JsonObject) => Parsed;

/** Undefined when two values make the same: then it depends on more than the keys. */
function effectsOf(
  { leaves, paths }: ScannedLine,
  object: JsonObject,
  whole: Parsed,
  { effects: known }: Lessons,
  parse: Parse,
): Effects | undefined {
  const effects: Effects = { time: undefined, byColumn: new Map(), free: [], fixed: [], areAllNew: true };
  for (const [index, { kind }] of leaves.entries()) {
    const path = paths[index] as Path;
    const id = JSON.stringify([whole.type, kind, path]);
    const before = valueAt(object, path) === 0 ? undefined : known.get(id);
    const effect = before ?? effectOf(whole, path, object, parse);
    if (before) effects.areAllNew = false;
    else if (effect !== 'fixed' && known.size < MAX_LESSONS) known.set(id, effect);
    if (!addLeaf(effects, index, effect)) return undefined;
  }
  return effects;
}

/** False for a second leaf that makes the time, or the same column. */
function addLeaf(effects: Effects, index: number, effect: Effect): boolean {
  if (effect === 'free' || effect === 'fixed') {
    effects[effect].push(index);
    return true;
  }
  if (effect === 'time') {
    if (effects.time !== undefined) return false;
    effects.time = index;
    return true;
  }
  if (effects.byColumn.has(effect.column)) return false;
  effects.byColumn.set(effect.column, { index, ...effect });
  return true;
}

/** Leaves whose column takes any text. */
function anyTexts({ byColumn }: Effects, type: Parsed['type']): ReadonlyMap<number, string> {
  const columns = [...byColumn.values()].filter(
    ({ role, column }) => role === 'text' && usualOf(role, column, type) === undefined,
  );
  return new Map(columns.map(({ index, column }) => [index, column]));
}

function removeColumn({ byColumn }: Effects, index: number): boolean {
  for (const [column, made] of byColumn) if (made.index === index) byColumn.delete(column);
  return true;
}

function effectOf(whole: Parsed, path: Path, object: JsonObject, parse: Parse): Effect {
  return (
    effectOn(whole, parse(without(object, path)), path, object) ?? changedEffect(whole, path, object, parse) ?? 'fixed'
  );
}

/**
 * @param whole the line
 * @param rest the same line without the value at `path`, or with another one in its place
 */
function effectOn(whole: Parsed, rest: Parsed, path: Path, object: JsonObject): Effect | undefined {
  if (rest.type !== whole.type) return undefined;
  const value = valueAt(object, path);
  const [column, another] = differingColumns(whole.columns, rest.columns);
  if (column === undefined) {
    if (whole.time === rest.time) return 'free';
    return parseTime(value) === whole.time ? 'time' : undefined;
  }
  const isKept = fieldAt(whole.fields, path) !== undefined;
  return another === undefined && !isKept ? columnOf(column, value, whole.columns) : undefined;
}

/** What changing a value shows. It is looked at from the changed line, as 0 may be seconds and milliseconds alike. */
function changedEffect(whole: Parsed, path: Path, object: JsonObject, parse: Parse): Effect | undefined {
  const other = anotherValue(valueAt(object, path));
  if (other === undefined) return undefined;
  const changed = withValues(object, [[path, other]]);
  const effect = effectOn(parse(changed), whole, path, changed);
  if (effect === 'time' ? whole.time === undefined : typeof effect === 'object' && !(effect.column in whole.columns)) {
    return 'fixed';
  }
  // What another value leads to is not known of words. Numbers that decide are counters and ids of processes.
  return effect === 'free' && typeof other !== 'number' ? 'fixed' : effect;
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

/** How a value makes the column that is missing, or another, without it. */
function columnOf(column: string, value: unknown, columns: Values): Effect | undefined {
  const made = columns[column];
  if (column === 'level') return made === parseLevel(value) ? { column, role: 'level' } : undefined;
  const ofRequest = requestPart(column, value, columns);
  if (ofRequest) return ofRequest;
  if (column === 'path' || column === 'query') return undefined;
  if (made === value && typeof value === 'string') return { column, role: 'text' };
  if (Array.isArray(value) && value.length === 1 && made === value[0]) return { column, role: 'item' };
  // Many configurations quote numbers.
  const number = typeof value === 'string' && canonical.test(value) ? Number(value) : value;
  if (column === 'bytes') return made === number && typeof number === 'number' ? { column, role: 'number' } : undefined;
  // 0 seconds and 0 milliseconds look alike: another value will tell.
  const role = column === 'duration_ms' && number !== 0 ? durationRole(made, number) : undefined;
  return role && { column, role };
}

function durationRole(made: unknown, value: unknown): Role | undefined {
  if (typeof value === 'string') return made === parseLoggedDuration(value) ? 'duration' : undefined;
  if (typeof value !== 'number') return undefined;
  if (made === value) return 'number';
  if (made === toMilliseconds(value)) return 'seconds';
  return made === scaleToMilliseconds(value, NANOSECONDS) ? 'nanoseconds' : undefined;
}

/** In milliseconds. */
export const NANOSECONDS = 1e-6;

const canonical = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

/** Status, method and target of an access line, or its whole request. */
function requestPart(
  column: string,
  value: unknown,
  { method, path, query, protocol, status }: Values,
): Effect | undefined {
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

/** The object without the value at a path. */
export function without(object: JsonObject, [key, ...rest]: Path): JsonObject {
  const entries = Object.entries(object);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([each]) => each !== key));
  return Object.fromEntries(
    entries.map(([each, value]) => [each, each === key ? without(value as JsonObject, rest) : value]),
  );
}

function columnsOf(
  { type, columns: row }: Parsed,
  { byColumn, areAllNew }: Effects,
  { values }: ScannedLine,
): Pick<Shape, 'columns' | 'constants' | 'columnsEnd'> | undefined {
  const columns: ShapeColumn[] = [];
  const constants: [column: string, value: unknown][] = [];
  let constant = '';
  for (const [column, value] of Object.entries(row)) {
    if (type === 'access' && isMadeWithAnother(column, byColumn)) continue;
    const made = byColumn.get(column);
    if (made) {
      const quote = numeric.has(made.role) ? '' : '"';
      const before = `${constant}${columnKey(column)}${quote}`;
      const usual = made.role === 'level' ? levelLike(values[made.index] as string) : usualOf(made.role, column, type);
      columns.push({ ...made, before, usual });
      constant = quote;
    } else if (value === '' || areAllNew) {
      constants.push([column, value]);
      constant += `${columnKey(column)}${toBinary(stringify(value))}`;
    } else return undefined;
  }
  return { columns, constants, columnsEnd: constant };
}

const numeric: ReadonlySet<Role> = new Set<Role>(['number', 'seconds', 'nanoseconds', 'duration', 'status']);

/** The target makes the query too, and a request all its columns. */
function isMadeWithAnother(column: string, byColumn: ReadonlyMap<string, MadeColumn>): boolean {
  if (byColumn.get('method')?.role === 'request') return column !== 'method' && requestColumns.has(column);
  return column === 'query';
}

/** The full parse does more to some values: an address with a port, an id of zeros, a number that it prints otherwise. */
function usualOf(role: Role, column: string, type: Parsed['type']): RegExp | undefined {
  if (role === 'status') return usualStatus;
  if (role === 'seconds' || role === 'number') return column === 'bytes' ? usualInteger : usualDuration;
  if (role === 'nanoseconds') return usualInteger;
  return role === 'text' ? (type === 'access' ? usualAccess : usualIds)[column] : undefined;
}

/** Which logger wrote the line says what a number means, and no word shows that. */
function levelLike(value: string): RegExp {
  return /^\d+$/.test(value) ? levelNumber : levelWord;
}

const levelNumber = /^\d{2}$/;
/** Serilog reads `Verbose` in its own way, and MongoDB does not know all letters. */
const levelWord = /^(?!Verbose$|[TVN]$)\D/;
const usualStatus = /^[1-5]\d\d$/;
const usualInteger = /^\d{1,15}$/;
const usualDuration = /^\d{1,9}(?:\.\d{1,6})?$/;
const usualAccess: Readonly<Record<string, RegExp>> = {
  client_ip: /^(?:(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/,
  host: /^[a-z\d.-]+$/,
  protocol: /^HTTP\/\d(?:\.\d)?$/,
};
/** Ids that parseTraceId takes; a longer trace id may be a header. */
const usualIds: Readonly<Record<string, RegExp>> = {
  trace_id: /^(?:1-[\da-f]{8}-[\da-f]{24}|(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*)$/,
  span_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  request_id: /^(?!(?:(?:0x)?0+|<null>)$)[!-[\]-~]{1,256}$/,
};
