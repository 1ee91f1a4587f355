import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import { type Token, tokenize } from '../../tokens.js';
import { isAddress, withoutPort } from '../../values/address.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { type Head, readHead } from './combinedClients.js';
import { readTokens } from './combinedTail.js';
import { type BracketedTime, readTime } from './combinedTime.js';

/**
 * Reads a line with the parts of a combined one in an order of its own: values between the time and the request, or
 * between the request and the status, a request without quotes or with quotes inside, a status in quotes, a line
 * without ident and user.
 */
export function parseVariant(line: string, { start: bracket, end: timeEnd }: BracketedTime): Parsed | undefined {
  const time = readTime(line, bracket + 1, timeEnd);
  const request = time && findRequest(line, timeEnd + 1);
  if (!request) return undefined;
  const between = tokenize(line.slice(timeEnd + 1, request.start));
  const behind = line.slice(request.end);
  // A line that was cut short ends inside a value.
  const after = tokenize(behind) ?? tokenize(`${behind}"`) ?? tokenize(`${behind}]`);
  if (!between || !after) return undefined;
  const clients = readClient(line.slice(0, bracket)) ?? firstClient(between);
  if (!clients) return undefined;
  const before = between.slice(clients.taken);

  const run = numbersEnd(after);
  const at = statusIndex(after.slice(0, run));
  if (at < 0) return undefined;
  const columns: AccessColumns = { ...clients.columns, ...splitRequest(request.text, decodeLogEscapes) };
  const fields: Fields = [...clients.fields, ...time.fields];
  putNumber(columns, fields, 'status', after[at]?.value ?? '');
  const bytes = bytesIndex(after.slice(0, run), at);
  if (bytes > 0) putNumber(columns, fields, 'bytes', after[bytes]?.value ?? '');
  const headersEnd = readHeaders(after, run, columns);
  const rest = [...before, ...after.slice(0, run).filter((_, i) => i !== at && i !== bytes)];
  readTokens([...takeHost(rest, columns), ...after.slice(headersEnd)], columns, fields);
  return { type: 'access', time: time.ms, columns, fields };
}

interface Client extends Head {
  /** How many values between the time and the request it came from. */
  readonly taken: number;
}

/** As in a usual line, or the client alone, or none: a server behind a Unix socket knows of no address. */
function readClient(head: string): Client | undefined {
  const trimmed = head.trim();
  if (trimmed === '- -') return { columns: {}, fields: [], taken: 0 };
  const whole = readHead(trimmed);
  if (whole) return { ...whole, taken: 0 };
  const [client = '', ident] = trimmed.split(' ');
  if (!isAddress(client) || (ident !== undefined && ident !== '-')) return undefined;
  return { columns: { client_ip: withoutPort(client) }, fields: [], taken: 0 };
}

/** Of a line that starts with its time: `[22/Nov/2026:16:41:02 +0000] 203.0.113.9 - - "GET / HTTP/1.1" 200 12`. */
function firstClient(tokens: readonly Token[]): Client | undefined {
  const client = tokens[0]?.raw ?? '';
  if (!isAddress(client)) return undefined;
  const others = tokens.slice(1).findIndex(({ raw }) => raw !== '-');
  const taken = others < 0 ? tokens.length : others + 1;
  return { columns: { client_ip: withoutPort(client) }, fields: [], taken };
}

interface FoundRequest {
  readonly text: string;
  /** With its quotes. */
  readonly start: number;
  readonly end: number;
}

/** The first that looks like a request: quotes inside it may stand unescaped, or there are none around it. */
function findRequest(line: string, from: number): FoundRequest | undefined {
  quotedStart.lastIndex = from;
  bareRequest.lastIndex = from;
  const quoted = quotedStart.exec(line);
  const bare = bareRequest.exec(line);
  if (bare && Math.min(bare.index, quoted?.index ?? bare.index) === bare.index) {
    return { text: bare[0].trim(), start: bare.index + 1, end: bareRequest.lastIndex };
  }
  const quotedEnd = quoted ? requestEnd(line, quoted.index + 1) : -1;
  if (quoted && quotedEnd > 0) return quotedText(line, quoted.index + 1, quotedEnd);
  // No request of HTTP's: what stands in quotes right before a status.
  beforeStatus.lastIndex = from;
  const other = beforeStatus.exec(line);
  return other ? quotedText(line, other.index + 1, beforeStatus.lastIndex) : undefined;
}

/** Behind the quote that a protocol or a status with its bytes tells to be the last one. */
function requestEnd(line: string, start: number): number {
  const ends = [protocolEnd, statusBehind].map((end) => {
    end.lastIndex = start + 1;
    return end.test(line) ? end.lastIndex : Number.POSITIVE_INFINITY;
  });
  const first = Math.min(...ends);
  return Number.isFinite(first) ? first : -1;
}

function quotedText(line: string, start: number, end: number): FoundRequest {
  return { text: line.slice(start + 1, end - 1), start, end };
}

const quotedStart = / "(?=[A-Z][A-Z_-]{1,31} )/g;
const bareRequest = / [A-Z][A-Z_-]{1,31} \S{1,16384} HTTP\/\d(?:\.\d)?(?= |$)/g;
const statusBehind = /"(?= "?\d{3}"? "?(?:\d|-[ "]))/g;
const beforeStatus = / "(?:[^"\\]|\\.)*"(?= "?\d{3}"? )/g;
const protocolEnd = / HTTP\/\d(?:\.\d)?"(?= |$)/g;

/** Where the status, the bytes and the numbers around them end: at the first text in quotes. */
function numbersEnd(tokens: readonly Token[]): number {
  const end = tokens.findIndex(({ value, form }) => form === 'quoted' && !digits.test(value));
  return end < 0 ? tokens.length : end;
}

/**
 * Which of the numbers is the status: one with the bytes behind it that HTTP knows, the first if it leads and else
 * the last, since lengths and times stand before it; or the only one.
 */
function statusIndex(tokens: readonly Token[]): number {
  const candidates = [...tokens.keys()].filter(
    (i) => isStatus(tokens[i]) && (bytesIndex(tokens, i) > 0 || tokens.length === 1),
  );
  const registered = candidates.filter((i) => registeredStatus.test(tokens[i]?.value ?? ''));
  const best = registered.length > 0 ? registered : candidates;
  return best[0] === 0 ? 0 : (best.at(-1) ?? -1);
}

/** The bytes behind a status; a time may stand between the two. -1 when there are none. */
function bytesIndex(tokens: readonly Token[], status: number): number {
  const next = tokens[status + 1]?.value ?? '';
  const at = time.test(next) ? status + 2 : status + 1;
  return count.test(tokens[at]?.value ?? '') ? at : -1;
}

function isStatus(token: Token | undefined): boolean {
  return token !== undefined && token.form !== 'bracketed' && statusCode.test(token.value);
}

const digits = /^\d+$/;
const time = /^\d{1,9}\.\d{1,6}$/;
const statusCode = /^\d{3}$/;
const count = /^(?:\d{1,40}|-)$/;
/** https://www.iana.org/assignments/http-status-codes, with those of nginx, load balancers and Cloudflare. */
const registeredStatus =
  /^(?:10[0-3]|20[0-8]|226|30[0-8]|40\d|41[0-8]|42[1-689]|431|444|451|46[0-4]|49[4-9]|50\d|51[01]|52\d|530|56[01])$/;

/** The two headers of a combined line. What stands in the first one's place has to look like a referer. */
function readHeaders(tokens: readonly Token[], start: number, columns: AccessColumns): number {
  const [referer, agent] = tokens.slice(start, start + 2);
  if (referer?.form !== 'quoted' || agent?.form !== 'quoted' || !refererLike.test(referer.value)) return start;
  if (referer.value !== '-') columns.referer = decodeLogEscapes(referer.value);
  if (agent.value !== '-') columns.user_agent = decodeLogEscapes(agent.value);
  return start + 2;
}

const refererLike = /^(?:-?$|[a-z][a-z\d+.-]{1,31}:|\/)/i;

/** A name in quotes before the status is the host's. */
function takeHost(tokens: readonly Token[], columns: AccessColumns): readonly Token[] {
  const at = columns.host === undefined ? tokens.findIndex(isHost) : -1;
  if (at < 0) return tokens;
  columns.host = tokens[at]?.value ?? '';
  return tokens.toSpliced(at, 1);
}

function isHost({ value, form }: Token): boolean {
  return form === 'quoted' && host.test(value) && !isAddress(value);
}

const host = /^[a-z\d][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}(?::\d{1,5})?$/i;
