import type { AccessRow, EntryRow } from './schema/index.js';

/** What a line had beyond its columns, in the line's order. Entries, not an object: a key may be `__proto__`. */
export type Fields = (readonly [key: string, value: unknown])[];

type Origin = 'ts' | 'service' | 'source' | 'task' | 'cluster' | 'fields';
export type AccessColumns = Omit<AccessRow, Origin>;
export type EntryColumns = Omit<EntryRow, Origin>;

/** A line read by one of the formats. */
export type Parsed = {
  /** The line's own time, ms since the epoch; undefined when it has none or names no zone. */
  readonly time?: number | undefined;
  readonly fields: Fields;
} & (
  | { readonly type: 'access'; readonly columns: AccessColumns }
  | { readonly type: 'error' | 'app'; readonly columns: EntryColumns }
);
