import { without } from '../lanes/jsonShape.js';
import { isObject, type JsonObject } from '../parse/json/object.js';
import { parseTime } from '../parse/values/time.js';
import type { ColumnSource } from './explanation.js';
import { differences, type LineValues, type Reread } from './lineValues.js';

/**
 * The key of a JSON line that each value comes from: each key is left out in turn, and what is then missing came from it.
 *
 *     {"ts":"16:41","msg":"placed"}    time and message
 *     {"ts":"16:41"}                   without `msg` there is no message: it comes from `msg`
 */
export function jsonSources(object: JsonObject, whole: LineValues, reread: Reread): ReadonlyMap<string, ColumnSource> {
  const omissions = [...pathsIn(object, [])].slice(0, MAX_PATHS).map(([path, value]) => {
    return { path, value, missing: differences(whole, reread(without(object, path))) };
  });
  const sources = new Map<string, ColumnSource>();
  for (const [name, value] of whole) {
    const [best] = omissions
      .filter(({ missing }) => missing.has(name))
      .map((omission) => ({ ...omission, likeness: likeness(name, value, omission.value) }))
      // Without its method an access line is none: all its columns go, and the key that takes fewest with it is theirs.
      .sort((a, b) => b.likeness - a.likeness || a.missing.size - b.missing.size || b.path.length - a.path.length);
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

/** 2 for the same value, 1 for one that is a part of the other. */
function likeness(name: string, value: unknown, candidate: unknown): number {
  if (isObject(candidate) || Array.isArray(candidate)) return 0;
  if (name === 'ts') return parseTime(candidate) === value ? 2 : 0;
  const [text, other] = [String(value), String(candidate)];
  if (text === other) return 2;
  return text !== '' && other.includes(text) ? 1 : 0;
}
