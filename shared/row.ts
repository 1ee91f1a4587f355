import { fingerprint } from './fingerprint.js';
import { stringify } from './json.js';
import type { Fields, Parsed } from './parse/parsed.js';
import { formatTimestamp } from './parse/time.js';
import type { LogEvent, Origin } from './record/event.js';
import type { Redactor } from './redact/redactor.js';
import type { EntryRow } from './schema/index.js';

/** A line brought to its table's columns, before it is put into JSON. */
export type Row = Parsed & {
  /** Event time, ms since the epoch. */
  readonly ts: number;
  readonly origin: Origin;
};

/** How lines are read and what is taken out of them: a part of the LinePolicy that the configuration makes. */
export interface LineTreatment {
  parse(log: LogEvent['log'], origin: Origin): Parsed;
  readonly redactor: Redactor;
}

/**
 * Parses an event, brings it to its table's columns and takes its secrets out; those of its origin are out already.
 *
 * @param arrival when the record reached Firehose, ms since the epoch: the time of a line that has no other.
 */
export function toRow({ log, time, origin }: LogEvent, arrival: number, treatment: LineTreatment): Row {
  const parsed = treatment.parse(log, origin);
  const fields = treatment.redactor.redactRow(parsed.columns, parsed.fields);
  if (parsed.type === 'error') parsed.columns.fingerprint = fingerprint(parsed.columns);
  // A literal: assigning to the parsed object cost 10 µs a row, more than parsing it.
  return { type: parsed.type, columns: parsed.columns, fields, ts: parsed.time ?? time ?? arrival, origin } as Row;
}

/**
 * The `fields` of a row: a JSON object, or '' for none. What the line had comes first; a key that its collector used
 * too is kept beside it as `collector.<key>`, and of a key that the line has twice the earlier one becomes `<key>#1`.
 *
 * @throws RangeError for an object nested thousands deep
 */
export function renderFields({ fields, origin }: Row): string {
  if (fields.length === 0) return origin.fieldsJson;
  const own = Object.fromEntries(fields);
  const isDistinct = Object.keys(own).length === fields.length;
  if (!isDistinct || origin.extra.some(([key]) => Object.hasOwn(own, key))) return stringify(distinct(fields, origin));
  const collector = origin.fieldsJson;
  return collector === '' ? stringify(own) : `${stringify(own).slice(0, -1)},${collector.slice(1)}`;
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
 * The row as one line of NDJSON, without its line break.
 *
 * @param fields what {@link renderFields} gave
 */
export function renderRow({ ts, origin, columns }: Row, fields: string): string {
  const json = stringify(columns);
  const rest = json === '{}' ? '' : `,${json.slice(1, -1)}`;
  const tail = fields === '' ? '}' : `,"fields":${stringify(fields)}}`;
  return `{"ts":"${formatTimestamp(ts)}"${origin.columnsJson}${rest}${tail}`;
}

/** The row as rules see it, `fields` included. */
export function entryRow({ ts, origin, columns }: Row & { type: 'error' | 'app' }, fields: string): EntryRow {
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
