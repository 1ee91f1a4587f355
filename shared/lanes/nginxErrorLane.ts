import { fingerprint } from '../line/fingerprint.js';
import type { Origin } from '../line/origin.js';
import { columnKey, FIELDS_START, rowStart } from '../line/rowText.js';
import type { EntryRow } from '../line/schema/index.js';
import { contextKeys, contextStart } from '../parse/formats/platform/webServerError.js';
import { isError, type Level, parseLevel } from '../parse/values/level.js';
import { stringifyText } from '../text/json.js';
import type { LinePolicy } from '../treatment/policy.js';
import type { EntryLane, EntryLaneRow } from './lane.js';
import { LaneEntry } from './laneEntry.js';
import { RecentTexts } from './recentTexts.js';

/**
 * Reads lines of nginx's error log, whose values are copied:
 *
 *     2026/11/22 16:41:02 [error] 7#7: *2 connect() failed while connecting to upstream, client: 203.0.113.9, server: shop, request: "GET / HTTP/1.1"
 *     └ time ───────────┘└ head ─────┘└ message ──────────────────────────────────────┘└ context
 *
 * It gives the row of the `nginx-error` format, or none: a property test compares the two. Lines with a backslash, broken ones and
 * those that may hold a secret are left to that format.
 */
export class NginxErrorLane implements EntryLane {
  /** A worker's level and numbers. */
  private readonly heads = new RecentTexts(readHead);
  /** A redaction rule on one of the keys replaces what stands under it. */
  private readonly isOff: boolean;
  private latest: { readonly origin: Origin; readonly isFree: boolean } | undefined;

  constructor(private readonly policy: LinePolicy) {
    this.isOff = fieldKeys.some((key) => policy.redactor.namesKey(key));
  }

  /** Whether the line is certainly no access line. */
  recognises(log: string, origin: Origin): boolean {
    return this.partsOf(log, origin) !== undefined;
  }

  /** nginx's own time names no zone: the collector's dates the row. */
  read(log: string, origin: Origin, time: number): EntryLaneRow | undefined {
    const parts = this.partsOf(log, origin);
    if (parts === undefined) return undefined;
    const { head, headEnd, start, end } = parts;
    const message = log.slice(start, end);
    const context = contextMembers(log, end);
    if (context === undefined) return undefined;
    if (this.policy.redactor.mayContainSecret(log, 0, log.length)) return undefined;

    const entry = new LaneEntry(time, origin);
    entry.message = message;
    entry.level = head.level;
    entry.logger = LOGGER;
    let json = `${rowStart(time, origin.binary.columnsJson)}${MESSAGE}${stringifyText(message)}${head.columns}`;
    if (head.type === 'error') {
      const print = fingerprint({ message, logger: LOGGER });
      entry.fingerprint = print;
      json += `${FINGERPRINT}${print}"`;
    }
    const connection = start === headEnd ? '' : `,\\"connection\\":${log.slice(headEnd + 1, start - 1)}`;
    entry.fieldsColumn = `${TIME}${log.slice(0, TIME_END)}\\"${head.fields}${connection}${context}${origin.binary.fieldsRestJson}`;
    return { type: head.type, ts: time, json: json + entry.fieldsColumn, entry: entry as EntryRow };
  }

  private partsOf(log: string, origin: Origin): Parts | undefined {
    const headEnd = headEndOf(log);
    if (headEnd < 0 || !isPlain(log) || !this.isFree(origin)) return undefined;
    const head = this.heads.get(log, TIME_END, headEnd);
    const start = messageStart(log, headEnd);
    if (head === undefined || start < 0) return undefined;
    const end = contextStart(log, start);
    return holder.test(log.slice(start, end)) ? undefined : { head, headEnd, start, end };
  }

  /** Whether nothing but its format concerns the lines of an origin, whose collector uses none of the keys. */
  private isFree(origin: Origin): boolean {
    if (this.isOff) return false;
    if (this.latest?.origin !== origin) {
      const isFree = this.policy.isPlain(origin, '', 0, 0) && !origin.extra.some(([key]) => fieldKeys.includes(key));
      this.latest = { origin, isFree };
    }
    return this.latest.isFree;
  }
}

interface Parts {
  readonly head: NginxHead;
  /** Behind it stands the number of the connection, or the message. */
  readonly headEnd: number;
  /** Of the message. */
  readonly start: number;
  readonly end: number;
}

interface NginxHead {
  readonly type: 'app' | 'error';
  readonly level: Level;
  /** Behind the message. */
  readonly columns: string;
  /** Behind the time. */
  readonly fields: string;
}

function readHead(text: string): NginxHead | undefined {
  const [, name, pid, tid] = headText.exec(text) ?? [];
  const level = parseLevel(name);
  if (level === undefined) return undefined;
  return {
    type: isError(level) ? 'error' : 'app',
    level,
    columns: `${columnKey('level')}"${level}"${columnKey('logger')}"${LOGGER}"`,
    fields: `,\\"pid\\":${pid},\\"tid\\":${tid}`,
  };
}

/** Behind ` [error] 7#7: `, before the number of the connection; -1 for a line that has no such head. */
function headEndOf(log: string): number {
  if (log.charCodeAt(4) !== SLASH || log.charCodeAt(TIME_END + 1) !== BRACKET || !time.test(log)) return -1;
  const end = log.indexOf(': ', TIME_END);
  return end < 0 || end > LONGEST_HEAD ? -1 : end + 2;
}

/** Whether no other format may take the line: access lines have a time in brackets, quotes, bars or a duration. */
function isPlain(log: string): boolean {
  return !telling.test(log) && log.indexOf('[', TIME_END + 2) < 0;
}

/** Behind `*2 `, if it is there; -1 for a number that no double holds, or that JSON writes otherwise. */
function messageStart(log: string, headEnd: number): number {
  if (log.charCodeAt(headEnd) !== STAR) return headEnd;
  connection.lastIndex = headEnd;
  return connection.test(log) ? connection.lastIndex : -1;
}

/**
 * The members of `, client: 203.0.113.9, server: shop, request: "GET / HTTP/1.1"`, as JSON within JSON; undefined when it holds
 * anything else.
 */
function contextMembers(log: string, start: number): string | undefined {
  let json = '';
  for (let at = start; at < log.length; ) {
    const keyEnd = log.indexOf(': ', at);
    const key = keyEnd < 0 ? undefined : contextKeys.get(log.slice(at, keyEnd));
    const isQuoted = log.charCodeAt(keyEnd + 2) === QUOTE;
    const valueStart = isQuoted ? keyEnd + 3 : keyEnd + 2;
    const close = log.indexOf(isQuoted ? '"' : ',', valueStart);
    const valueEnd = close < 0 && !isQuoted ? log.length : close;
    const member = `\\"${key}\\":`;
    if (key === undefined || valueEnd < 0 || json.includes(member)) return undefined;
    const value = log.slice(valueStart, valueEnd);
    if (!isQuoted && value.includes('"')) return undefined;
    json += `,${member}\\"${value}\\"`;
    at = isQuoted ? valueEnd + 1 : valueEnd;
  }
  return json;
}

const LOGGER = 'nginx';
const MESSAGE = columnKey('message');
const FINGERPRINT = `${columnKey('fingerprint')}"`;
const TIME = `${FIELDS_START}\\"time\\":\\"`;
const fieldKeys: readonly string[] = ['time', 'pid', 'tid', 'connection', ...contextKeys.values()];

const TIME_END = '2026/11/22 16:41:02'.length;
const LONGEST_HEAD = 100;
const time = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/;
/** Numbers as JSON writes them, too short for a card's. */
const headText = /^ \[(\w+)\] (0|[1-9]\d{0,10})#(0|[1-9]\d{0,10}): $/;
const connection = /\*(?:0|[1-9]\d{0,10}) /y;
/** What is not printable ASCII, a backslash, and what the access lines have that start with such a date. */
const telling = /[^ -[\]-~]|" from | \| | ms(?:$| - )| $/;
/** An empty message, or one that may be an entry or a request itself. */
const holder = /^(?:$|\s|[{@]|[A-Za-z_][\w.-]*=)| HTTP\//;
const QUOTE = 34;
const STAR = 42;
const SLASH = 47;
const BRACKET = 91;
