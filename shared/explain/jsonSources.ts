import { without } from '../lanes/valueEffect.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { parseLevel } from '../parse/values/level.js';
import { parseTime } from '../parse/values/time.js';
import type { ColumnSource } from './explanation.js';
import { differences, type LineValues, type Reread } from './lineValues.js';

/**
 * The key of a JSON line that each value comes from: each is left out in turn, and changed in turn, and the columns that are
 * then others come from it.
 *
 *     {"ts":"16:41","msg":"placed"}    time and message
 *     {"ts":"16:41"}                   without `msg` there is no message: it comes from `msg`
 */
export function jsonSources(object: JsonObject, whole: LineValues, reread: Reread): ReadonlyMap<string, ColumnSource> {
  const trials = [...pathsIn(object, [])].slice(0, MAX_PATHS).flatMap(([path, value]) => {
    const others = isObject(value) ? [without(object, path)] : [without(object, path), changed(object, path, value)];
    return others.map((other) => ({ path, value, effects: differences(whole, reread(other)) }));
  });
  const sources = new Map<string, ColumnSource>();
  for (const [name, value] of whole) {
    const [best] = trials
      .filter(({ effects }) => effects.has(name))
      .map((trial) => ({ ...trial, likeness: likeness(name, value, trial.value) }))
      // Without its method an access line is none: all its columns go, and the key that takes fewest with it is theirs.
      .sort((a, b) => b.likeness - a.likeness || a.effects.size - b.effects.size || b.path.length - a.path.length);
    if (best) sources.set(name, { kind: 'key', key: best.path.join('.') });
  }
  return sources;
}

/** Of a line's keys; the rest of a line with more is not looked at. */
const MAX_PATHS = 300;

function* pathsIn(object: JsonObject, parents: readonly string[]): Generator<readonly [string[], unknown]> {
  for (const [key, value] of Object.entries(object)) {
    const path = [...parents, key];
    yield [path, value];
    if (isObject(value) && path.length < MAX_DEPTH) yield* pathsIn(value, path);
  }
}

const MAX_DEPTH = 5;

/** The object with another value of the same kind at a path that no object stands at: a second key may say the same as one that is left out. */
function changed(object: JsonObject, [key = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const inner = object[key];
  return { ...object, [key]: isObject(inner) ? changed(inner, rest, value) : otherValue(value) };
}

function otherValue(value: unknown): unknown {
  const level = parseLevel(value);
  if (level !== undefined) return level === 'info' ? 'debug' : 'info';
  if (typeof value === 'number') return Number(`${value}7`);
  return typeof value === 'string' ? `${value}x` : value;
}

/** 2 for the same value, 1 for one that is a part of the other. */
function likeness(name: string, value: unknown, candidate: unknown): number {
  if (isObject(candidate) || Array.isArray(candidate)) return 0;
  if (name === 'level') return parseLevel(candidate) === value ? 2 : 0;
  if (name === 'ts') return parseTime(candidate) === value ? 2 : 0;
  const [text, other] = [String(value), String(candidate)];
  if (text === other) return 2;
  return text !== '' && other.includes(text) ? 1 : 0;
}
