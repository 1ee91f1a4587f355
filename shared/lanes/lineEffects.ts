import type { Parsed } from '../line/parsed.js';
import type { JsonObject } from '../parse/json/object.js';
import type { Path, ScannedLine } from './jsonScan.js';
import { type Lessons, MAX_LESSONS } from './lessons.js';
import { usualOf } from './usualValues.js';
import { type Effect, effectOf, type Parse, type Role, valueAt } from './valueEffect.js';

/** What becomes of a line's values. */
export interface Effects {
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
export interface MadeColumn {
  readonly index: number;
  readonly column: string;
  readonly role: Role;
}

/** Undefined when two values make the same: then it depends on more than the keys. */
export function effectsOf(
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
export function addLeaf(effects: Effects, index: number, effect: Effect): boolean {
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
export function anyTexts({ byColumn }: Effects, type: Parsed['type']): ReadonlyMap<number, string> {
  const columns = [...byColumn.values()].filter(
    ({ role, column }) => role === 'text' && usualOf(role, column, type) === undefined,
  );
  return new Map(columns.map(({ index, column }) => [index, column]));
}

export function removeColumn({ byColumn }: Effects, index: number): boolean {
  for (const [column, made] of byColumn) if (made.index === index) byColumn.delete(column);
  return true;
}
