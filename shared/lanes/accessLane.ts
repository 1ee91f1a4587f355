import type { Origin } from '../line/origin.js';
import { formatTimestamp } from '../line/timestamp.js';
import { toMilliseconds } from '../parse/values/duration.js';
import { parseClfTime } from '../parse/values/time.js';
import type { Redactor } from '../redact/redactor.js';
import { fromBinary, toBinary } from '../text/binary.js';
import { detach } from '../text/detach.js';
import { stringify, unescapeJson } from '../text/json.js';
import { decodeLogEscapes } from '../text/logEscapes.js';
import { RecentTexts } from './recentTexts.js';

/**
 * Turns a combined access line, still escaped as it stands in its FireLens record, straight into its row; both are
 * binary strings. The text
 * between the delimiters is JSON already, so it is copied; nothing is unescaped, parsed into an object or printed
 * again. Whatever is out of the ordinary (a user name, a broken request, more columns at the end) is left to the
 * `combined` format, which gives the very same row: a property test holds the two together.
 *
 * Access lines are most of the volume. A GB of them takes 13 s of the transform's own time, and 29 s when
 * Reading.takeLane always answers false (`npm run bench -- --quick`, Node 20, two cores).
 */
export class AccessLane {
  /** Event time of the line that was read last, ms since the epoch. */
  ts = 0;
  /** Its row. */
  json = '';
  /** Its status, as the row has it. */
  status = '';

  /** Headers and durations repeat: each is read and looked through once. */
  private readonly headers = new RecentTexts((escaped) => this.readHeader(escaped));
  private readonly durations = new RecentTexts(readDuration);
  private readonly start: { origin: Origin | undefined; timestamp: string; json: string } = {
    origin: undefined,
    timestamp: '',
    json: '',
  };
  private timeText = '';
  private timestamp = '';

  constructor(private readonly redactor: Pick<Redactor, 'mayContainSecret' | 'isClean'>) {}

  /**
   * @param text of the record
   * @param start of the line within it
   * @param end of the line within it, where the record's next quote stands
   * @returns whether the line was read; `ts` and `json` then tell what it says. A line that may hold a secret is not.
   */
  read(text: string, start: number, end: number, origin: Origin): boolean {
    const ipEnd = text.indexOf(' ', start);
    const timeStart = ipEnd + NO_USER.length;
    const requestStart = timeStart + TIME_LENGTH + REQUEST.length;
    if (ipEnd < 0 || requestStart > end || text.slice(ipEnd, timeStart) !== NO_USER) return false;
    if (text.slice(timeStart + TIME_LENGTH, requestStart) !== REQUEST) return false;
    const ip = text.slice(start, ipEnd);
    if (!address.test(ip) || !this.readTime(text.slice(timeStart, timeStart + TIME_LENGTH))) return false;

    const requestEnd = plainEnd(text, requestStart);
    const methodEnd = text.indexOf(' ', requestStart);
    const targetEnd = text.lastIndexOf(' ', requestEnd);
    if (requestEnd < 0 || methodEnd < 0 || targetEnd <= methodEnd || targetEnd > requestEnd) return false;
    const method = text.slice(requestStart, methodEnd);
    if (!methods.has(method) || text.slice(targetEnd + 1, targetEnd + 6) !== 'HTTP/') return false;
    const target = text.slice(methodEnd + 1, targetEnd);
    // JSON allows no control character in a string.
    if (control.test(text.slice(methodEnd, requestEnd))) return false;
    const mark = target.indexOf('?');

    const statusStart = requestEnd + QUOTE.length + 1;
    const bytesStart = statusStart + 4;
    const bytesEnd = numberEnd(text, bytesStart);
    if (
      numberEnd(text, statusStart) !== statusStart + 3 ||
      text[statusStart - 1] !== ' ' ||
      text[bytesStart - 1] !== ' '
    )
      return false;
    if (bytesEnd < 0 || text.slice(bytesEnd, bytesEnd + OPEN.length) !== OPEN) return false;

    const refererStart = bytesEnd + OPEN.length;
    const refererEnd = quotedEnd(text, refererStart);
    if (refererEnd < 0 || text.slice(refererEnd, refererEnd + BETWEEN.length) !== BETWEEN) return false;
    const agentStart = refererEnd + BETWEEN.length;
    const agentEnd = quotedEnd(text, agentStart);
    const tail = agentEnd + QUOTE.length;
    if (agentEnd < 0 || tail > end) return false;
    const duration = tail === end ? '' : this.durations.get(text, tail, end);
    if (duration === undefined) return false;

    const referer = this.headers.get(text, refererStart, refererEnd);
    const agent = this.headers.get(text, agentStart, agentEnd);
    if (referer === undefined || agent === undefined) return false;
    if (this.redactor.mayContainSecret(text, methodEnd, requestEnd)) return false;

    this.status = text.slice(statusStart, statusStart + 3);
    this.json =
      `${this.rowStart(origin)}${ip}","method":"${method}",${targetJson(target, mark)},"protocol":"${text.slice(targetEnd + 1, requestEnd)}",` +
      `"status":${this.status},"bytes":${text.slice(bytesStart, bytesEnd)}` +
      (referer === '-' ? '' : `,"referer":"${referer}"`) +
      (agent === '-' ? '' : `,"user_agent":"${agent}"`) +
      `${duration}${origin.binary.fieldsColumnJson}}`;
    return true;
  }

  /** A header, escaped as it came, as its row has it; undefined when it holds a secret or is no JSON. */
  private readHeader(escaped: string): string | undefined {
    if (control.test(escaped)) return undefined;
    if (!escaped.includes('\\') && !this.redactor.mayContainSecret(escaped, 0, escaped.length)) return escaped;
    // A quote or backslash by its code would be taken for part of the header, and may be its end.
    if (codedDelimiter.test(escaped)) return undefined;
    // nginx's and Apache's own escapes are undone.
    const text = unescapeJson(fromBinary(escaped));
    if (text === undefined) return undefined;
    const header = decodeLogEscapes(text);
    // Of the header itself: an escape may hide a secret, or end in digits that seem to belong to a card's number.
    return this.redactor.isClean(header) ? toBinary(stringify(header).slice(1, -1)) : undefined;
  }

  /** The row up to the client's address: the same for lines of one container and second. */
  private rowStart(origin: Origin): string {
    const { start } = this;
    if (start.origin !== origin || start.timestamp !== this.timestamp) {
      start.origin = origin;
      start.timestamp = this.timestamp;
      start.json = `{"ts":"${this.timestamp}"${origin.binary.columnsJson},"client_ip":"`;
    }
    return start.json;
  }

  /** Lines of one second come together. */
  private readTime(text: string): boolean {
    if (text === this.timeText) return true;
    const ts = parseClfTime(text);
    if (ts === undefined) return false;
    this.ts = ts;
    this.timeText = detach(text);
    this.timestamp = formatTimestamp(ts);
    return true;
  }
}

/** A quote of the line, as its record escapes it. */
const QUOTE = '\\"';
const NO_USER = ' - - [';
const TIME_LENGTH = '22/Nov/2026:16:41:02 +0000'.length;
const REQUEST = `] ${QUOTE}`;
const OPEN = ` ${QUOTE}`;
const BETWEEN = `${QUOTE} ${QUOTE}`;

const BACKSLASH = 92;
const ZERO = 48;
const NINE = 57;

/** An IPv4 or IPv6 address or a host name: nothing that JSON would escape. */
const address = /^[\w.:%-]+$/;
const codedDelimiter = /\\u00(?:22|5c)/i;
/** What JSON allows in no string. */
export const control = /[\u0000-\u001f]/;
const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE']);

/** The closing quote of a value without any escape; -1 when it has one. */
function plainEnd(text: string, start: number): number {
  const quote = text.indexOf('"', start);
  return quote > start && text.indexOf('\\', start) === quote - 1 ? quote - 1 : -1;
}

function targetJson(target: string, mark: number): string {
  return mark < 0 ? `"path":"${target}"` : `"path":"${target.slice(0, mark)}","query":"${target.slice(mark + 1)}"`;
}

/** The same for a value that may hold escapes of its own; -1 when the record ends first. */
function quotedEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= start && text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    // One for the quote's own escape; the others are pairs, each a backslash of the line.
    if (backslashes % 2 === 0) return -1;
    if (((backslashes - 1) / 2) % 2 === 0) return quote - 1;
  }
  return -1;
}

/** The end of a whole number as JSON writes it, or -1: no leading zero, and exact in a double. */
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
