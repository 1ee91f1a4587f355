import { fingerprint } from './fingerprint.js';
import { stringify } from './json.js';
import type { Parsed } from './parse/parsed.js';
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
 * too is kept beside it as `collector.<key>`.
 *
 * @throws RangeError for an object nested thousands deep
 */
export function renderFields({ fields, origin }: Row): string {
  if (fields.length === 0) return origin.fieldsJson;
  const own = Object.fromEntries(fields);
  const collides = origin.extra.some(([key]) => Object.hasOwn(own, key));
  if (!collides) {
    const collector = origin.fieldsJson;
    return collector === '' ? stringify(own) : `${stringify(own).slice(0, -1)},${collector.slice(1)}`;
  }
  const all = new Map(fields);
  for (const [key, value] of origin.extra) all.set(all.has(key) ? `collector.${key}` : key, value);
  return stringify(Object.fromEntries(all));
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
