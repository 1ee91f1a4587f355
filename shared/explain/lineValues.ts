import type { Parsed } from '../line/parsed.js';
import type { JsonObject } from '../parse/json/object.js';

/** What a format found in a line, by column; its time is that of the column `ts`, ms since the epoch. */
export type LineValues = ReadonlyMap<string, unknown>;

/** Reads another line as the pipeline reads one of the same origin. */
export type Reread = (log: string | JsonObject) => LineValues;

export function valuesOf({ time, columns }: Pick<Parsed, 'time'> & { readonly columns: object }): LineValues {
  const values = new Map<string, unknown>(Object.entries(columns));
  if (time !== undefined) values.set('ts', time);
  return values;
}

/** The columns that the other line has otherwise, or not at all. */
export function differences(whole: LineValues, other: LineValues): ReadonlySet<string> {
  return new Set([...whole].filter(([name, value]) => other.get(name) !== value).map(([name]) => name));
}
