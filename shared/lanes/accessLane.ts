import type { Origin } from '../line/origin.js';
import type { AccessColumns, Fields } from '../line/parsed.js';
import { columnKey, FIELDS_START, rowStart } from '../line/rowText.js';
import { readHead as parseHead } from '../parse/formats/access/combinedClients.js';
import { readTail as parseTail } from '../parse/formats/access/combinedTail.js';
import { closingQuote } from '../parse/tokens.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { parseClfTime } from '../parse/values/time.js';
import type { Redactor } from '../redact/redactor.js';
import { toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { controlCharacter, stringify, stringifyText, unescapeBinaryJson } from '../text/json.js';
import { decodeLogEscapes } from '../text/logEscapes.js';
import { ESCAPED_QUOTE, escapedClosingQuote, unescapedClosingQuote } from '../text/quotes.js';
import type { AccessLaneRow, Lane } from './lane.js';
import { RecentTexts } from './recentTexts.js';

/**
 * Reads combined access lines. What stands between the delimiters is JSON already, so it is copied.
 *
 *     203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] \"GET /a?b=1 HTTP/1.1\" 200 512 \"https://x/\" \"curl/8.5\" 0.004
 *     └ address ─┘     └ time ──────────────────┘    └ request ────────┘  └ sizes ┘└ headers ───────────────┘└ tail
 *
 * What else may stand before the time or behind the headers is read as the `combined` format reads it. Lines with a broken
 * request are left to that format. It gives the same row for all others too: a property test compares the two.
 *
 * Access lines are most of the volume. A GB of them takes 13 s of the transform's own time, and 29 s when the lane
 * reads none (`npm run bench -- --quick`, Node 20, two cores).
 */
export class AccessLane implements Lane {
  /** What repeats is read and searched for secrets once. */
  private readonly heads = new RecentTexts((escaped) => this.readHead(escaped));
  private readonly headers = new RecentTexts((escaped) => this.readHeader(escaped));
  private readonly tails = new RecentTexts((escaped) => this.readTail(escaped));
  /** The time that was read last: lines of one second come together. */
  private readonly latestTime = { text: '', ts: 0 };
  private readonly latestStart: { origin: Origin | undefined; ts: number; json: string } = {
    origin: undefined,
    ts: 0,
    json: '',
  };

  constructor(private readonly redactor: Pick<Redactor, 'mayContainSecret' | 'isClean' | 'namesKey'>) {}

  read(text: string, start: number, end: number, origin: Origin): AccessLaneRow | undefined {
    const headEnd = headEndAt(text, start, end);
    const timeStart = headEnd + TIME.length;
    const timeEnd = timeStart + TIME_LENGTH;
    const requestStart = timeEnd + REQUEST.length;
    if (headEnd < 0 || requestStart > end || text.slice(timeEnd, requestStart) !== REQUEST) return undefined;
    const addressEnd = headEnd - NO_USER.length;
    const clientIp = text.slice(start, addressEnd);
    const isUsual = text.slice(addressEnd, headEnd) === NO_USER && ipv4.test(clientIp);
    const head = isUsual ? NO_HEAD : this.heads.get(text, start, headEnd);
    const ts = this.readTime(text.slice(timeStart, timeEnd));
    if (head === undefined || ts === undefined) return undefined;

    const requestEnd = unescapedClosingQuote(text, requestStart);
    const request = requestEnd < 0 ? undefined : this.readRequest(text, requestStart, requestEnd);
    if (request === undefined) return undefined;

    const statusStart = requestEnd + ESCAPED_QUOTE.length + 1;
    const bytesStart = statusStart + STATUS_LENGTH + 1;
    const bytesEnd = sizesEnd(text, statusStart, bytesStart);
    const headersEnd = bytesEnd < 0 || bytesEnd === end ? bytesEnd : headersEndAt(text, bytesEnd, end);
    if (headersEnd < 0) return undefined;
    const headers = headersEnd === bytesEnd ? '' : this.readHeaders(text, bytesEnd, headersEnd);
    const tail = headersEnd === end ? NO_TAIL : this.tails.get(text, headersEnd, end);
    if (headers === undefined || tail === undefined) return undefined;
    const fields = fieldsOf(head, tail, origin);
    if (fields === undefined) return undefined;

    const status = text.slice(statusStart, statusStart + STATUS_LENGTH);
    const json =
      `${this.rowStart(ts, origin)}${isUsual ? clientIp : head.clientIp}",${request},"status":${status}${head.host}` +
      `${bytesColumn(text.slice(bytesStart, bytesEnd))}${headers}${tail.columns}${fields}`;
    return { type: 'access', ts, json, status };
  }

  /** What stands before the time, when it is more than an IPv4 address: a client may be called anything, a secret too. */
  private readHead(escaped: string): Head | undefined {
    const text = this.plain(escaped);
    const head = text === undefined ? undefined : parseHead(text);
    if (!head) return undefined;
    const { client_ip = '-', host } = head.columns;
    const fields = this.membersOf(head.fields);
    if (!fields || fields.keys.includes('prefix')) return undefined;
    if (!address.test(client_ip) || (host !== undefined && !address.test(host))) return undefined;
    return { clientIp: client_ip, host: host === undefined ? '' : `,"host":"${host}"`, fields };
  }

  /** What stands behind the headers: ` 0.004` is nginx's `$request_time`. */
  private readTail(escaped: string): Tail | undefined {
    if (requestTime.test(escaped)) return { columns: `,"duration_ms":${toMilliseconds(escaped)}`, fields: NO_FIELDS };
    const text = escaped.startsWith(' ') ? this.plain(escaped)?.trim() : undefined;
    if (text === undefined) return undefined;
    if (text === '' || text === '-') return NO_TAIL;
    // Then a quote before it may be the user agent's own.
    if (opensQuote(text)) return undefined;
    const columns: AccessColumns = { client_ip: '' };
    const fields: Fields = [];
    parseTail(text, columns, fields);
    const { client_ip: _, ...made } = columns;
    const members = this.membersOf(fields);
    return members && { columns: Object.entries(made).map(columnJson).join(''), fields: members };
  }

  /** A text that holds no secret, without the escapes of its record. */
  private plain(escaped: string): string | undefined {
    const text = controlCharacter.test(escaped) ? undefined : unescapeBinaryJson(escaped);
    if (text === undefined || text.includes(ESCAPE)) return undefined;
    return this.redactor.mayContainSecret(text, 0, text.length) ? undefined : text;
  }

  /** Undefined when a redaction rule concerns one of them. */
  private membersOf(fields: Fields): LineFields | undefined {
    const keys = fields.map(([key]) => key);
    if (keys.some((key) => this.redactor.namesKey(key))) return undefined;
    if (fields.some(([key, value]) => !this.redactor.isClean(String(value), key))) return undefined;
    return { keys, json: toBinary(stringifyText(stringify(Object.fromEntries(fields)).slice(1, -1)).slice(1, -1)) };
  }

  private readTime(text: string): number | undefined {
    const latest = this.latestTime;
    if (text === latest.text) return latest.ts;
    const ts = parseClfTime(text);
    if (ts === undefined) return undefined;
    latest.text = detach(text);
    latest.ts = ts;
    return ts;
  }

  /** The row up to the client's address: the same for lines of one container and second. */
  private rowStart(ts: number, origin: Origin): string {
    const latest = this.latestStart;
    if (latest.origin !== origin || latest.ts !== ts) {
      latest.origin = origin;
      latest.ts = ts;
      latest.json = `${rowStart(ts, origin.binary.columnsJson)},"client_ip":"`;
    }
    return latest.json;
  }

  /**
   * The columns of a request without any escape; undefined for a broken one, or one that may hold a secret.
   *
   *     GET /a?b=1 HTTP/1.1
   *        │   │  └ targetEnd
   *        │   └ mark
   *        └ methodEnd
   */
  private readRequest(text: string, start: number, end: number): string | undefined {
    const methodEnd = text.indexOf(' ', start);
    const targetEnd = text.lastIndexOf(' ', end);
    if (methodEnd < 0 || targetEnd <= methodEnd) return undefined;
    const method = text.slice(start, methodEnd);
    const protocol = text.slice(targetEnd + 1, end);
    if (!methods.has(method) || !protocol.startsWith('HTTP/')) return undefined;
    if (controlCharacter.test(text.slice(methodEnd, end))) return undefined;
    if (this.redactor.mayContainSecret(text, methodEnd, end)) return undefined;
    return `"method":"${method}",${targetColumns(text.slice(methodEnd + 1, targetEnd))},"protocol":"${protocol}"`;
  }

  /** The columns of ` \"referer\" \"user agent\"`. A header `-` makes no column. Undefined when one holds a secret. */
  private readHeaders(text: string, start: number, end: number): string | undefined {
    const refererStart = start + OPEN.length;
    const refererEnd = escapedClosingQuote(text, refererStart);
    const referer = this.headers.get(text, refererStart, refererEnd);
    const agent = this.headers.get(text, refererEnd + BETWEEN.length, end - ESCAPED_QUOTE.length);
    if (referer === undefined || agent === undefined) return undefined;
    return (referer === '-' ? '' : `,"referer":"${referer}"`) + (agent === '-' ? '' : `,"user_agent":"${agent}"`);
  }

  /** A header, escaped as it came, as its row has it; undefined when it holds a secret or is no JSON. */
  private readHeader(escaped: string): string | undefined {
    if (controlCharacter.test(escaped)) return undefined;
    if (!escaped.includes('\\') && !this.redactor.mayContainSecret(escaped, 0, escaped.length)) return escaped;
    // `\u0022` and `\u005c` may end the header or escape its end, which escapedClosingQuote does not see.
    if (codedDelimiter.test(escaped)) return undefined;
    const text = unescapeBinaryJson(escaped);
    if (text === undefined || text.includes(ESCAPE)) return undefined;
    // nginx and Apache escape some characters of a header themselves.
    const header = decodeLogEscapes(text);
    // The header without its escapes is searched: one may hide a secret, or end in digits that look like a card's.
    return this.redactor.isClean(header) ? toBinary(stringify(header).slice(1, -1)) : undefined;
  }
}

/** Before the time of a line, when it is more than an IPv4 address. */
interface Head {
  readonly clientIp: string;
  /** The column of that name, or nothing. */
  readonly host: string;
  readonly fields: LineFields;
}

interface Tail {
  readonly columns: string;
  readonly fields: LineFields;
}

/** What a line has for `fields`. */
interface LineFields {
  readonly keys: readonly string[];
  /** The members as they stand in the row: JSON within JSON. */
  readonly json: string;
}

const NO_FIELDS: LineFields = { keys: [], json: '' };
const NO_HEAD: Head = { clientIp: '', host: '', fields: NO_FIELDS };
const NO_TAIL: Tail = { columns: '', fields: NO_FIELDS };

const NO_USER = ' - -';
const TIME = ' [';
const TIME_LENGTH = '22/Nov/2026:16:41:02 +0000'.length;
const REQUEST = `] ${ESCAPED_QUOTE}`;
const STATUS_LENGTH = '200'.length;
const OPEN = ` ${ESCAPED_QUOTE}`;
const BETWEEN = `${ESCAPED_QUOTE} ${ESCAPED_QUOTE}`;

/** Starts a colour, which the full parse takes away before all else. */
const ESCAPE = '\u001b';
const ZERO = 48;
const NINE = 57;

/** Too short for a secret, so that most clients are not searched for one. */
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** An IPv4 or IPv6 address or a host name, without a port: nothing that JSON would escape. */
const address = /^(?!-?$)[\w.%-]*(?::[\w.%-]*:[\w.:%-]*)?$/;
const codedDelimiter = /\\u00(?:22|5c)/i;
const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE']);

function targetColumns(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? `"path":"${target}"` : `"path":"${target.slice(0, mark)}","query":"${target.slice(mark + 1)}"`;
}

/** Behind the bytes of ` 200 512` or ` 304 -`; -1 for any other text. */
function sizesEnd(text: string, statusStart: number, bytesStart: number): number {
  if (text[statusStart - 1] !== ' ' || text[bytesStart - 1] !== ' ') return -1;
  if (numberEnd(text, statusStart) !== bytesStart - 1) return -1;
  return text[bytesStart] === NO_BYTES ? bytesStart + 1 : numberEnd(text, bytesStart);
}

function bytesColumn(bytes: string): string {
  return bytes === NO_BYTES ? '' : `,"bytes":${bytes}`;
}

/** Apache's, of an answer without a body. */
const NO_BYTES = '-';

/** Behind a whole number as JSON writes it; -1 for one with a leading zero or more digits than a double holds. */
function numberEnd(text: string, start: number): number {
  let end = start;
  for (let code = text.charCodeAt(end); code >= ZERO && code <= NINE; code = text.charCodeAt(end)) end++;
  const length = end - start;
  return length === 0 || length > 15 || (length > 1 && text.charCodeAt(start) === ZERO) ? -1 : end;
}

/** Where the time starts; -1 when the line has none near its start, as most text lines have not. */
function headEndAt(text: string, start: number, end: number): number {
  const head = text.slice(start, Math.min(end, start + MAX_HEAD)).indexOf(TIME);
  return head < 0 ? -1 : start + head;
}

/** Characters. */
const MAX_HEAD = 200;

/** Behind the closing quote of the user agent; -1 when no two headers follow. */
function headersEndAt(text: string, start: number, end: number): number {
  const refererStart = start + OPEN.length;
  if (text.slice(start, refererStart) !== OPEN) return -1;
  const refererEnd = escapedClosingQuote(text, refererStart);
  const agentStart = refererEnd + BETWEEN.length;
  if (refererEnd < 0 || text.slice(refererEnd, agentStart) !== BETWEEN) return -1;
  const agentEnd = escapedClosingQuote(text, agentStart) + ESCAPED_QUOTE.length;
  return agentEnd < agentStart || agentEnd > end ? -1 : agentEnd;
}

/** The column `fields`; undefined when a key is there twice, which changes its name. */
function fieldsOf(head: Head, tail: Tail, { binary, extra }: Origin): string | undefined {
  const { keys, json } = head.fields;
  const { keys: others, json: othersJson } = tail.fields;
  if (head.host !== '' && tail.columns.includes(HOST)) return undefined;
  if (keys.length === 0 && others.length === 0) return binary.fieldsColumnJson;
  const isTwice = (key: string) => extra.some(([other]) => other === key);
  if (keys.some((key) => others.includes(key) || isTwice(key)) || others.some(isTwice)) return undefined;
  return `${FIELDS_START}${json}${json !== '' && othersJson !== '' ? ',' : ''}${othersJson}${binary.fieldsRestJson}`;
}

/** Whether a quote in it is not closed. */
function opensQuote(text: string): boolean {
  let isOpen = false;
  for (let at = closingQuote(text, 0); at >= 0; at = closingQuote(text, at + 1)) isOpen = !isOpen;
  return isOpen;
}

function columnJson([column, value]: readonly [string, unknown]): string {
  return `${columnKey(column)}${toBinary(stringify(value))}`;
}

const HOST = columnKey('host');
const requestTime = /^ \d{1,9}\.\d{1,6}$/;
