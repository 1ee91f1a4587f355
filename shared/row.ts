import { fingerprint } from './fingerprint.js';
import { type Fields, type Parsed, parseJson, parseLine } from './parse/index.js';
import { formatTimestamp } from './parse/time.js';
import type { LogEvent } from './record/event.js';
import type { AccessRow, EntryRow } from './schema/index.js';

/** A row of one of the tables, ready to be stored. */
export type Row =
  | { readonly type: 'access'; readonly row: AccessRow }
  | { readonly type: 'error' | 'app'; readonly row: EntryRow };

/**
 * Parses an event and brings it to its table's columns. Never fails: what can't be represented otherwise (an object
 * nested thousands deep) is an app row with the line as its message.
 *
 * @param arrival when the record reached Firehose, ms since the epoch: the time of a line that has no other.
 */
export function toRow(event: LogEvent, arrival: number): Row {
  try {
    return build(event, parseEvent(event), arrival);
  } catch {
    const message = typeof event.log === 'string' ? event.log : '[unprintable object]';
    return build(
      { ...event, origin: { ...event.origin, extra: [] } },
      { type: 'app', columns: { message }, fields: [] },
      arrival,
    );
  }
}

/** One line of NDJSON, without its line break. */
export function renderRow({ row }: Row): string {
  const json = JSON.stringify(row);
  // `ts` is the first key: its number gives way to the timestamp's text.
  return `{"ts":"${formatTimestamp(row.ts)}"${json.slice(json.indexOf(','))}`;
}

function parseEvent({ log }: LogEvent): Parsed {
  return typeof log === 'string' ? parseLine(log) : parseJson(log);
}

function build({ origin, time }: LogEvent, parsed: Parsed, arrival: number): Row {
  const { service, source, task, cluster, extra } = origin;
  const common = { ts: parsed.time ?? time ?? arrival, service, source, task, cluster };
  const fields = renderFields(parsed.fields, extra);
  // A column that is undefined is not written.
  if (parsed.type === 'access') return { type: 'access', row: { ...common, ...parsed.columns, fields } as AccessRow };
  const row = { ...common, ...parsed.columns, fields } as EntryRow;
  if (parsed.type === 'error') row.fingerprint = fingerprint(parsed.columns);
  return { type: parsed.type, row };
}

/** What the line had comes first; a key that its collector used too is kept beside it as `collector.<key>`. */
function renderFields(line: Fields, collector: LogEvent['origin']['extra']): string | undefined {
  if (line.length === 0 && collector.length === 0) return undefined;
  const fields = new Map(line);
  for (const [key, value] of collector) fields.set(fields.has(key) ? `collector.${key}` : key, value);
  return JSON.stringify(Object.fromEntries(fields));
}
