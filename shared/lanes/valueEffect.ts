import type { Parsed } from '../line/parsed.js';
import type { JsonObject } from '../parse/json/object.js';
import { parseLoggedDuration, scaleToMilliseconds, toMilliseconds } from '../parse/values/duration.js';
import { parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import { differingColumns, fieldAt, type Values, withValues } from './jsonFields.js';
import type { Path } from './jsonScan.js';

/** What a value becomes; a target is also the query, and a request the method and the protocol too. */
export type Role =
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

/** What leaving out or changing one value shows about it. */
export type Effect = { readonly column: string; readonly role: Role } | 'time' | 'free' | 'fixed';

export type Parse = (line: JsonObject) => Parsed;

export function effectOf(whole: Parsed, path: Path, object: JsonObject, parse: Parse): Effect {
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
export function changedEffect(whole: Parsed, path: Path, object: JsonObject, parse: Parse): Effect | undefined {
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

export function valueAt(object: JsonObject, path: Path): unknown {
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

export const requestColumns: ReadonlySet<string> = new Set(['method', 'path', 'query', 'protocol']);

/** The object without the value at a path. */
export function without(object: JsonObject, [key, ...rest]: Path): JsonObject {
  const entries = Object.entries(object);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([each]) => each !== key));
  return Object.fromEntries(
    entries.map(([each, value]) => [each, each === key ? without(value as JsonObject, rest) : value]),
  );
}
