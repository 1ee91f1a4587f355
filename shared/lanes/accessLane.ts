import type { Origin } from '../line/origin.js';
import { rowEnd, rowStart } from '../line/rowText.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { parseClfTime } from '../parse/values/time.js';
import type { Redactor } from '../redact/redactor.js';
import { toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { controlCharacter, stringify, unescapeBinaryJson } from '../text/json.js';
import { decodeLogEscapes } from '../text/logEscapes.js';
import { ESCAPED_QUOTE, escapedClosingQuote, unescapedClosingQuote } from '../text/quotes.js';
import type { AccessLaneRow, Lane } from './lane.js';
import { RecentTexts } from './recentTexts.js';

/**
 * Reads combined access lines. What stands between the delimiters is JSON already, so it is copied.
 *
 *     203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] \"GET /a?b=1 HTTP/1.1\" 200 512 \"https://x/\" \"curl/8.5\" 0.004
 *     └ address ─┘     └ time ──────────────────┘    └ request ────────┘  └ sizes ┘└ headers ────────────────────────┘
 *
 * Lines with a user name, a broken request or more values at the end are left to the `combined` format. It gives the
 * same row for all others too: a property test compares the two.
 *
 * Access lines are most of the volume. A GB of them takes 13 s of the transform's own time, and 29 s when the lane
 * reads none (`npm run bench -- --quick`, Node 20, two cores).
 */
export class AccessLane implements Lane {
  /** Headers and durations repeat: each is read and searched for secrets once. */
  private readonly headers = new RecentTexts((escaped) => this.readHeader(escaped));
  private readonly durations = new RecentTexts(readDuration);
  /** The time that was read last: lines of one second come together. */
  private readonly latestTime = { text: '', ts: 0 };
  private readonly latestStart: { origin: Origin | undefined; ts: number; json: string } = {
    origin: undefined,
    ts: 0,
    json: '',
  };

  constructor(private readonly redactor: Pick<Redactor, 'mayContainSecret' | 'isClean'>) {}

  read(text: string, start: number, end: number, origin: Origin): AccessLaneRow | undefined {
    const addressEnd = text.indexOf(' ', start);
    const timeStart = addressEnd + NO_USER.length;
    const timeEnd = timeStart + TIME_LENGTH;
    const requestStart = timeEnd + REQUEST.length;
    if (addressEnd < 0 || requestStart > end) return undefined;
    if (text.slice(addressEnd, timeStart) !== NO_USER || text.slice(timeEnd, requestStart) !== REQUEST)
      return undefined;
    const clientIp = text.slice(start, addressEnd);
    const ts = address.test(clientIp) ? this.readTime(text.slice(timeStart, timeEnd)) : undefined;
    if (ts === undefined) return undefined;

    const requestEnd = unescapedClosingQuote(text, requestStart);
    const request = requestEnd < 0 ? undefined : this.readRequest(text, requestStart, requestEnd);
    if (request === undefined) return undefined;

    const statusStart = requestEnd + ESCAPED_QUOTE.length + 1;
    const bytesStart = statusStart + STATUS_LENGTH + 1;
    const bytesEnd = sizesEnd(text, statusStart, bytesStart);
    const headers = bytesEnd < 0 ? undefined : this.readHeaders(text, bytesEnd, end);
    if (headers === undefined) return undefined;

    const status = text.slice(statusStart, statusStart + STATUS_LENGTH);
    const json =
      `${this.rowStart(ts, origin)}${clientIp}",${request},"status":${status}` +
      `${bytesColumn(text.slice(bytesStart, bytesEnd))}${headers}${rowEnd(origin.binary.fieldsColumnJson)}`;
    return { type: 'access', ts, json, status };
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

  /**
   * The columns of ` \"referer\" \"user agent\"` and of the duration behind them, where there is one. A header `-`
   * makes no column. Undefined when the line ends otherwise, or a header holds a secret.
   */
  private readHeaders(text: string, start: number, end: number): string | undefined {
    const refererStart = start + OPEN.length;
    if (text.slice(start, refererStart) !== OPEN) return undefined;
    const refererEnd = escapedClosingQuote(text, refererStart);
    const agentStart = refererEnd + BETWEEN.length;
    if (refererEnd < 0 || text.slice(refererEnd, agentStart) !== BETWEEN) return undefined;
    const agentEnd = escapedClosingQuote(text, agentStart);
    const durationStart = agentEnd + ESCAPED_QUOTE.length;
    if (agentEnd < 0 || durationStart > end) return undefined;

    const duration = durationStart === end ? '' : this.durations.get(text, durationStart, end);
    if (duration === undefined) return undefined;
    const referer = this.headers.get(text, refererStart, refererEnd);
    const agent = this.headers.get(text, agentStart, agentEnd);
    if (referer === undefined || agent === undefined) return undefined;
    return (
      (referer === '-' ? '' : `,"referer":"${referer}"`) + (agent === '-' ? '' : `,"user_agent":"${agent}"`) + duration
    );
  }

  /** A header, escaped as it came, as its row has it; undefined when it holds a secret or is no JSON. */
  private readHeader(escaped: string): string | undefined {
    if (controlCharacter.test(escaped)) return undefined;
    if (!escaped.includes('\\') && !this.redactor.mayContainSecret(escaped, 0, escaped.length)) return escaped;
    // `\u0022` and `\u005c` may end the header or escape its end, which escapedClosingQuote does not see.
    if (codedDelimiter.test(escaped)) return undefined;
    const text = unescapeBinaryJson(escaped);
    if (text === undefined) return undefined;
    // nginx and Apache escape some characters of a header themselves.
    const header = decodeLogEscapes(text);
    // The header without its escapes is searched: one may hide a secret, or end in digits that look like a card's.
    return this.redactor.isClean(header) ? toBinary(stringify(header).slice(1, -1)) : undefined;
  }
}

const NO_USER = ' - - [';
const TIME_LENGTH = '22/Nov/2026:16:41:02 +0000'.length;
const REQUEST = `] ${ESCAPED_QUOTE}`;
const STATUS_LENGTH = '200'.length;
const OPEN = ` ${ESCAPED_QUOTE}`;
const BETWEEN = `${ESCAPED_QUOTE} ${ESCAPED_QUOTE}`;

const ZERO = 48;
const NINE = 57;

/** An IPv4 or IPv6 address or a host name, without a port: nothing that JSON would escape. */
const address = /^(?=.)[\w.%-]*(?::[\w.%-]*:[\w.:%-]*)?$/;
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

/** ` 0.004` behind the user agent: nginx's `$request_time`. */
function readDuration(tail: string): string | undefined {
  return requestTime.test(tail) ? `,"duration_ms":${toMilliseconds(tail)}` : undefined;
}

const requestTime = /^ \d{1,9}\.\d{1,6}$/;
