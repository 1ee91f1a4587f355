import { stringify, stringifyText } from '../text/json.js';
import type { Origin } from './origin.js';
import type { Fields, Parsed } from './parsed.js';
import { columnKey, FIELDS_START, fieldsColumn, rowStart } from './rowText.js';
import type { EntryRow } from './schema/index.js';

/** A line brought to its table's columns, before it is put into JSON. */
export type Row = Parsed & {
  /** Event time, ms since the epoch. */
  readonly ts: number;
  readonly origin: Origin;
};

/** The `fields` of a row. */
export interface RenderedFields {
  /** A JSON object, or '' for none. */
  readonly json: string;
  /** The same as it ends the row. */
  readonly column: string;
}

/**
 * Renders the `fields` of a row. What the line had comes first; a key that its collector used too is kept beside it as
 * `collector.<key>`, and of a key that the line has twice the earlier one becomes `<key>#1`. The collector's part, which is
 * the same in all rows of a container, is put into JSON and escaped once for all of them.
 *
 * @throws RangeError for an object nested thousands deep
 */
export function renderFields({ fields, origin }: Row): RenderedFields {
  if (!areDistinct(fields, origin.extra)) return rendered(stringify(distinct(fields, origin)));
  const own = membersOf(fields);
  if (own.json === '') return { json: origin.fieldsJson, column: origin.fieldsColumnJson };
  const { json, column } = origin.fieldsRest;
  return { json: `{${own.json}${json}`, column: `${FIELDS_START}${own.escaped}${column}` };
}

function rendered(json: string): RenderedFields {
  return { json, column: fieldsColumn(json) };
}

/** Compares each with each, which for the few that a line has is quicker than any set. */
function areDistinct(fields: Fields, extra: Origin['extra']): boolean {
  if (fields.length > FEW) return areManyDistinct(fields, extra);
  for (let index = 0; index < fields.length; index++) {
    const key = keyAt(fields, index);
    for (let other = 0; other < index; other++) if (keyAt(fields, other) === key) return false;
    for (let other = 0; other < extra.length; other++) if (keyAt(extra, other) === key) return false;
  }
  return true;
}

function areManyDistinct(fields: Fields, extra: Origin['extra']): boolean {
  const keys = new Set<string>();
  for (const [key] of fields) keys.add(key);
  return keys.size === fields.length && !extra.some(([key]) => keys.has(key));
}

function keyAt(entries: Origin['extra'], index: number): string | undefined {
  return entries[index]?.[0];
}

const FEW = 12;

/** The members of a JSON object, without its braces. */
interface Members {
  readonly json: string;
  /** The same within a JSON string. */
  readonly escaped: string;
}

/**
 * Text put together by hand takes half the time of an object that is stringified. Most values need no escape, and are then
 * known to need none within the column either: to stringify the text of the object took a tenth of the time of a line of
 * nginx's error log.
 */
function membersOf(fields: Fields): Members {
  let json = '';
  let escaped = '';
  for (const [key, value] of fields) {
    // Among others a whole number, which an object puts first.
    if (!plainKey.test(key)) return escapedMembers(stringify(Object.fromEntries(fields)).slice(1, -1));
    const valueJson = jsonOf(value);
    if (valueJson === undefined) continue;
    const before = json === '' ? '' : ',';
    json += `${before}"${key}":${valueJson}`;
    escaped += `${before}\\"${key}\\":${escapedValue(value, valueJson)}`;
  }
  return { json, escaped };
}

function escapedMembers(json: string): Members {
  return { json, escaped: stringifyText(json).slice(1, -1) };
}

/** @param json the value as {@link jsonOf} gave it */
function escapedValue(value: unknown, json: string): string {
  if (typeof value === 'number') return json;
  // As long as the text and its quotes: it holds nothing that JSON escapes.
  const isPlain = typeof value === 'string' && json.length === value.length + 2;
  return isPlain ? `\\"${value}\\"` : stringifyText(json).slice(1, -1);
}

const plainKey = /^[A-Za-z_][\w.-]*$/;

/** Undefined for what JSON leaves out. */
function jsonOf(value: unknown): string | undefined {
  if (typeof value === 'string') return stringifyText(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return value === undefined ? undefined : stringify(value);
}

function distinct(fields: Fields, origin: Origin): Readonly<Record<string, unknown>> {
  const all = new Map<string, unknown>();
  for (const [key, value] of fields) {
    if (all.has(key)) all.set(freeName(all, key), all.get(key));
    all.set(key, value);
  }
  for (const [key, value] of origin.extra) all.set(all.has(key) ? `collector.${key}` : key, value);
  return Object.fromEntries(all);
}

function freeName(taken: ReadonlyMap<string, unknown>, key: string): string {
  let number = 1;
  while (taken.has(`${key}#${number}`)) number++;
  return `${key}#${number}`;
}

/**
 * The row as an open one: rowEnd makes it a line of NDJSON.
 *
 * @param fields what {@link renderFields} gave
 */
export function renderRow({ ts, origin, columns }: Row, fields: RenderedFields): string {
  return `${rowStart(ts, origin.columnsJson)}${columnsJson(columns)}${fields.column}`;
}

function columnsJson(columns: Row['columns']): string {
  const values = columns as Readonly<Record<string, unknown>>;
  let json = '';
  for (const column in values) {
    const value = jsonOf(values[column]);
    if (value !== undefined) json += columnKey(column) + value;
  }
  return json;
}

/** The row as rules see it, `fields` included. */
export function entryRow(
  { ts, origin, columns }: Row & { type: 'error' | 'app' },
  { json: fields }: RenderedFields,
): EntryRow {
  const { service, source, task, cluster } = origin;
  const row = columns as EntryRow;
  row.ts = ts;
  if (service !== undefined) row.service = service;
  if (source !== undefined) row.source = source;
  if (task !== undefined) row.task = task;
  if (cluster !== undefined) row.cluster = cluster;
  if (fields !== '') row.fields = fields;
  return row;
}
