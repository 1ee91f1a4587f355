import { stringifyText } from '../text/json.js';
import { closingQuote } from '../text/quotes.js';
import type { Place } from './place.js';
import { formatTimestamp } from './timestamp.js';

/**
 * How the text of a row is laid out. Rows are put together by hand, by the full parse and by the lanes alike, and rules
 * read columns of access lines back without parsing the row: both rely on what this file says.
 *
 *     {"ts":"2026-11-22 16:41:02.000","service":"web","source":"stdout","method":"GET","status":200,"fields":"{…}","record":"…","line":7}
 *     └ rowStart: time, then origin ──────────────────────────────────┘└ the line's columns ───────┘└ fields ─────┘└ rowEnd ────────────┘
 *     └ an open row: what a line becomes, wherever it came from ────────────────────────────────────────────────┘
 *                                                                      └ columnsStart
 *
 * The place stands last, before the next row's time, which is as alike from row to row: gzip takes both as one.
 *
 * All functions take and give texts of one kind, either strings or binary strings.
 */
export function rowStart(ts: number, originColumns: string): string {
  return `{"ts":"${formatTimestamp(ts)}"${originColumns}`;
}

/** What closes an open row: where the line came from. */
export function rowEnd({ record, line, lines }: Place): string {
  if (record !== latest.record) {
    latest.record = record;
    latest.start = `${columnKey('record')}"${record}"${columnKey('line')}`;
  }
  return lines === 1 ? `${latest.start}${line}}` : `${latest.start}${line}${columnKey('lines')}${lines}}`;
}

/** Lines of one record come together. */
const latest = { record: '', start: '' };

/** What stands before the value of a column: `,"status":`. */
export function columnKey(name: string): string {
  return `,"${name}":`;
}

/** The column `fields`: the text of a JSON object, escaped; nothing for ''. */
export function fieldsColumn(fields: string): string {
  return fields === '' ? '' : `${columnKey('fields')}${stringifyText(fields)}`;
}

/** How {@link fieldsColumn} starts. */
export const FIELDS_START = `${columnKey('fields')}"{`;

/** Where the line's own columns start in all rows of an origin. */
export function columnsStart(originColumns: string): number {
  return TIME_END + originColumns.length;
}

/** The end of `{"ts":"2026-11-22 16:41:02.000"`, which is as long for every time. */
export const TIME_END = rowStart(0, '').length;

/** Reads one column of rows. */
export class ColumnReader {
  /** In a text each quote has a backslash before it, so no value holds this. */
  private readonly key: string;

  constructor(readonly name: string) {
    this.key = columnKey(name);
  }

  /**
   * The value as it is written, `200` or `"GET"`; '' when the row has no such column.
   *
   * @param from {@link columnsStart}, or any place before the column
   */
  read(row: string, from: number): string {
    const at = row.indexOf(this.key, from);
    if (at < 0) return '';
    const start = at + this.key.length;
    return row.slice(start, row.charCodeAt(start) === QUOTE ? closingQuote(row, start + 1) + 1 : scalarEnd(row, start));
  }
}

/** The end of a number, `true` or `false`. */
function scalarEnd(row: string, start: number): number {
  let end = start;
  while (row.charCodeAt(end) !== COMMA && row.charCodeAt(end) !== CLOSING_BRACE) end++;
  return end;
}

const QUOTE = 34;
const COMMA = 44;
const CLOSING_BRACE = 125;
