import { fingerprint } from '../line/fingerprint.js';
import { Origin } from '../line/origin.js';
import type { EntryColumns, Parsed } from '../line/parsed.js';
import { renderFields } from '../line/row.js';
import { ColumnReader, columnKey, FIELDS_START, rowStart } from '../line/rowText.js';
import type { EntryRow } from '../line/schema/index.js';
import { timeOf } from '../parse/entry.js';
import { isDigit } from '../parse/values/time.js';
import { stringify } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import type { EntryLaneRow } from './lane.js';
import { LaneEntry } from './laneEntry.js';

/** What stands between the time and the message of a line, and what becomes of it. */
export interface Head {
  /** As it stands in the line, with the space before the message. */
  readonly text: string;
  readonly type: 'app' | 'error';
  /** The time of the line that it was learned from. */
  readonly time: string;
  /** Without a zone the time stays in `fields`, and the collector's dates the line. */
  readonly hasZone: boolean;
  /** The columns behind the message, but for the fingerprint. */
  readonly columns: EntryColumns;
  /** The same as they stand in the row. */
  readonly columnsJson: string;
  /** The column `fields` up to the time, or to its end when that is not in it; '' when the head has nothing for it. */
  readonly fieldsStart: string;
  /** The rest of it behind the time. */
  readonly fieldsEnd: string;
  /** On how many more lines it has to agree with the full parse before it is trusted; never when infinite. */
  trials: number;
}

/** What a head may end in, before a space: `:`, `-`, `]` or `)`. Otherwise a word of the message may belong to it. */
export function endsHead(code: number): boolean {
  return code === COLON || code === DASH || code === CLOSING_BRACKET || code === CLOSING_PARENTHESIS;
}

/** What the full parse took for the head of a line, by its row; undefined for a line that no head can be learned from. */
export function headBefore(json: string, log: string, timeEnd: number): string | undefined {
  const message = messages.read(json, 0).slice(1, -1);
  const end = log.length - message.length;
  if (message === '' || end < timeEnd + SHORTEST || end > timeEnd + LONGEST_HEAD || !log.endsWith(message))
    return undefined;
  return log.charCodeAt(end - 1) === SPACE && endsHead(log.charCodeAt(end - 2)) ? log.slice(timeEnd, end) : undefined;
}

/**
 * Learns a head from the full parse of its line, and of lines with the same head and made-up messages: when one of them changes
 * more than the message of the row, the head goes on into the message.
 */
export function learnHead(
  text: string,
  log: string,
  timeEnd: number,
  origin: Origin,
  policy: LinePolicy,
): Head | undefined {
  const time = log.slice(0, timeEnd);
  const parse = (message: string) => policy.parse(time + text + message, origin);
  const message = log.slice(timeEnd + text.length);
  const parsed = parse(message);
  const { type, fields } = parsed;
  if (type === 'access' || !plainHead.test(text)) return undefined;
  const hasZone = parsed.time !== undefined;
  if (hasZone ? parsed.time !== timeOf(time) : !isBare(time)) return undefined;
  const others = withoutMessage(parsed, message);
  if (!others || probes.some((probe) => withoutMessage(parse(probe), probe) !== others)) return undefined;

  const { message: _, ...columns } = parsed.columns;
  const own =
    fields.length === 0 ? '' : renderFields({ ...parsed, ts: 0, origin: nobody }).column.slice(0, -FIELDS_END.length);
  const timeAt = hasZone ? -1 : own.indexOf(TIME_FIELD + time);
  if (hasZone !== timeAt < 0) return undefined;
  return {
    text,
    type,
    time,
    hasZone,
    columns,
    columnsJson: Object.entries(columns)
      .map(([column, value]) => columnKey(column) + stringify(value))
      .join(''),
    fieldsStart: hasZone ? own : own.slice(0, timeAt + TIME_FIELD.length),
    fieldsEnd: hasZone ? '' : own.slice(timeAt + TIME_FIELD.length + time.length),
    trials: TRIALS,
  };
}

/** Whether the time of a line is written as in the line that the head was learned from: only its digits may be others. */
export function hasLayout({ time }: Head, log: string, end: number): boolean {
  if (time.length !== end || log.charCodeAt(4) !== time.charCodeAt(4) || log.charCodeAt(10) !== time.charCodeAt(10))
    return false;
  for (let at = SECONDS; at < end; at++) {
    const code = log.charCodeAt(at);
    const known = time.charCodeAt(at);
    if (code !== known && !(isDigit(code) && isDigit(known))) return false;
  }
  return true;
}

/** The row of a line with this head. */
export function renderHead(head: Head, message: string, time: string, ts: number, origin: Origin): EntryLaneRow {
  const { type, hasZone, columns, fieldsStart, fieldsEnd } = head;
  const entry = new LaneEntry(ts, origin);
  entry.message = message;
  Object.assign(entry, columns);
  let json = `${rowStart(ts, origin.binary.columnsJson)}${MESSAGE}${message}"${head.columnsJson}`;
  if (type === 'error') {
    const print = fingerprint({ ...columns, message });
    entry.fingerprint = print;
    json += `${FINGERPRINT}${print}"`;
  }
  const { fieldsColumnJson, fieldsRestJson } = origin.binary;
  entry.fieldsColumn =
    fieldsStart === '' ? fieldsColumnJson : `${fieldsStart}${hasZone ? '' : time}${fieldsEnd}${fieldsRestJson}`;
  return { type, ts, json: json + entry.fieldsColumn, entry: entry as EntryRow };
}

/** Nothing but digits behind the seconds: a time without a zone. */
function isBare(text: string): boolean {
  for (let at = SECONDS + 1; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** All that was read of a line but its message; undefined when that is not the first column. */
function withoutMessage({ type, time, columns, fields }: Parsed, message: string): string | undefined {
  const [first, ...others] = Object.entries(columns);
  return first?.[0] === 'message' && first[1] === message ? JSON.stringify([type, time, others, fields]) : undefined;
}

/** What stands behind some heads and belongs to them: names, places, levels, ids. */
const probes: readonly string[] = [
  'x',
  'stock low sku=7',
  'shop: no stock',
  'shop.cart.Checkout: no stock',
  'shop::cart: no stock',
  'shop - no stock',
  'shop.cart - no stock',
  'Checkout  : no stock',
  'main.go:23: no stock',
  'main.go:23 no stock',
  'shop:7 no stock',
  'L83 no stock',
  'shop [main] no stock',
  'shop [main] cart: no stock',
  'shop[7] no stock',
  'shop.Cart[7] no stock',
  'shop[7]: no stock',
  'shop (main) no stock',
  'no stock (shop.cart)',
  'ERROR no stock',
  'ERROR: no stock',
  'error: no stock',
  'E [main] no stock',
  'E no stock',
  'WARN [main] shop.cart - no stock',
  'Caused by: shop.NoStockException: no stock',
  'req-0f8fad5b-d9cb-469f-a165-70867728950e no stock',
  'e1fed412-d9cb-469f-a165-70867728950e no stock',
  'MSC000001: no stock',
  'shop, cart: no stock',
  'shop 7 7 no stock',
  'a b c d e f g h i j k l m n o p: q',
];

/** What fields are rendered for that come with nothing of a collector. */
const nobody = new Origin({});
const messages = new ColumnReader('message');
const MESSAGE = `${columnKey('message')}"`;
const FINGERPRINT = `${columnKey('fingerprint')}"`;
const TIME_FIELD = `${FIELDS_START}\\"time\\":\\"`;
const FIELDS_END = '}"';
/** A comma may begin a row of PostgreSQL's CSV. */
const plainHead = /^[ !#-+\--[\]-~]+$/;
const SECONDS = '2026-11-22T16:41:37'.length;
/** ` - `: characters of a head. */
const SHORTEST = 3;
export const LONGEST_HEAD = 200;
/** As many as of a shape of JSON. */
const TRIALS = 8;
const SPACE = 32;
const CLOSING_PARENTHESIS = 41;
const DASH = 45;
const COLON = 58;
const CLOSING_BRACKET = 93;
