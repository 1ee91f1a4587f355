import type { AccessColumns, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { closingQuote, wordEnd } from '../../tokens.js';
import { isAddress } from '../../values/address.js';
import { toMilliseconds } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { readHead } from './combinedClients.js';
import { readTail } from './combinedTail.js';
import { type BracketedTime, readTime } from './combinedTime.js';
import { parseVariant } from './combinedVariant.js';

/**
 * The common and combined log formats, and what servers and proxies put before and behind them: a virtual host,
 * several client addresses, request and upstream times, X-Forwarded-For.
 *
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples, https://nginx.org/en/docs/http/ngx_http_log_module.html,
 * https://doc.traefik.io/traefik/observability/access-logs/, https://github.com/expressjs/morgan#predefined-formats
 */
export const combined: TextFormat = {
  name: 'combined',
  samples: [
    {
      of: 'nginx and Apache, combined',
      line: '203.0.113.9 - anna [22/Nov/2026:16:41:02 +0000] "GET /a?b=c HTTP/1.1" 200 12 "https://shop.example.com/" "curl/8.5.0"',
    },
    {
      of: 'nginx, combined with `$request_time`',
      line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "POST /api/orders HTTP/1.1" 201 512 "-" "curl/8.5.0" 0.004',
    },
    {
      of: "nginx's Docker image, with X-Forwarded-For",
      line: '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0" "203.0.113.9, 10.0.0.7"',
    },
    {
      of: 'nginx, with X-Forwarded-For, request time and upstream time',
      line: '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0" "203.0.113.9" rt=0.123 urt="0.100"',
    },
    {
      of: 'ingress-nginx',
      line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/2.0" 200 12 "-" "curl/8.5.0" 512 0.004 [default-shop-80] [] 10.0.0.1:8080 12 0.004 200 e085479186fe5311eb1bf9f9b21ced9f',
    },
    { of: 'Apache and morgan, common', line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "HEAD / HTTP/1.0" 304 -' },
    {
      of: 'Apache, vhost_combined',
      line: 'shop.example.com:443 203.0.113.9 - anna [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0"',
    },
    {
      of: 'nginx, `$http_x_forwarded_for` as the client',
      line: '203.0.113.9, 10.0.0.7 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0"',
    },
    {
      of: 'Traefik, common',
      line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0" 42 "shop@docker" "http://10.0.0.1:8080" 4ms',
    },
    {
      of: 'nginx, combined with `$time_iso8601`',
      line: '203.0.113.9 - - [2026-11-22T16:41:02+00:00] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0"',
    },
    {
      of: 'Express, morgan with `:date[web]`',
      line: '203.0.113.9 - - [Sun, 22 Nov 2026 16:41:02 GMT] "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0" - 4.123 ms',
    },
    {
      of: 'WEBrick',
      line: '203.0.113.9 - - [22/Nov/2026:16:41:02 UTC] "GET /a HTTP/1.1" 200 12',
    },
    {
      of: 'Express, morgan `combined`, of a client that left',
      line: '::1 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" - - "-" "curl/8.5.0"',
    },
  ],
  parse: parseCombined,
};

/** A line of the usual layout, or of one that a server was told to write. */
function parseCombined(line: string): Parsed | undefined {
  const start = clfTimeStart(line);
  const time = start < 0 ? otherTime(line) : { start, end: start + CLF_TIME };
  const parsed = time && (parseUsual(line, time) ?? parseVariant(line, time));
  // Other times stand in brackets in many a line, but behind a client only in an access line.
  return start >= 0 || (parsed && isClient(parsed)) ? parsed : undefined;
}

/** The first other time in brackets: nginx's `$time_iso8601`, morgan's `:date`, the common log format's with a fraction or without an offset. */
function otherTime(line: string): BracketedTime | undefined {
  const match = line.includes('] ') && line.includes(' "') && opensTime(line) ? otherTimes.exec(line) : null;
  return match ? { start: match.index, end: match.index + match[0].length - 1 } : undefined;
}

/** Whether a bracket has a digit or a capital behind it: in an error log it has the level, and the expression is spared. */
function opensTime(line: string): boolean {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    const code = line.charCodeAt(at + 1);
    if ((code >= ZERO && code <= ZERO + 9) || (code >= UPPER_A && code <= UPPER_A + 25)) return true;
  }
  return false;
}

function isClient({ type, columns }: Parsed): boolean {
  return type === 'access' && columns.client_ip !== undefined && isAddress(columns.client_ip);
}

/** Where the first `[22/Nov/2026:16:41:02 +0000]` starts, -1 when there is none. */
function clfTimeStart(line: string): number {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    if (line[at + 3] === '/' && line[at + 7] === '/' && line[at + CLF_TIME] === ']') return at;
  }
  return -1;
}

/** Scanned, not matched: a regular expression with this many groups costs several times as much. */
function parseUsual(line: string, { start, end: timeEnd }: BracketedTime): Parsed | undefined {
  const requestStart = timeEnd + ' "'.length + 1;
  if (line[start - 1] !== ' ' || !line.startsWith(' "', requestStart - 2)) return undefined;
  const clients = readHead(line.slice(0, start - 1));
  const time = clients && readTime(line, start + 1, timeEnd);
  if (!clients || !time) return undefined;

  const requestEnd = closingQuote(line, requestStart);
  const status = line.slice(requestEnd + 1, requestEnd + 6);
  const hasStatus = statusCode.test(status);
  if (requestEnd < 0 || (!hasStatus && !status.startsWith(' - '))) return undefined;
  const bytesStart = requestEnd + (hasStatus ? 6 : 4);
  const bytesEnd = wordEnd(line, bytesStart);
  const bytes = line.slice(bytesStart, bytesEnd);
  if (!count.test(bytes)) return undefined;
  // Something stands before the headers, or the number before the bytes is no status.
  if (line[bytesEnd + 1] !== '"' && headers.test(line.slice(bytesEnd))) return undefined;

  const { client_ip, host } = clients.columns;
  const columns: AccessColumns = {
    ...(client_ip !== undefined && { client_ip }),
    ...splitRequest(line.slice(requestStart, requestEnd), decodeLogEscapes),
  };
  if (hasStatus) columns.status = Number(status);
  if (host !== undefined) columns.host = host;
  const fields = [...clients.fields, ...time.fields];
  putNumber(columns, fields, 'bytes', bytes);

  let position = bytesEnd;
  for (const column of ['referer', 'user_agent'] as const) {
    if (!line.startsWith(' "', position)) break;
    const end = headerEnd(line, position + 2);
    // A line that was cut short ends inside a header.
    const value = line.slice(position + 2, end < 0 ? undefined : end);
    if (value !== '-' && (value !== '' || end >= 0)) columns[column] = decodeLogEscapes(value);
    position = end < 0 ? line.length : end + 1;
  }

  const tail = line.slice(position).trim();
  if (seconds.test(tail)) columns.duration_ms = toMilliseconds(tail);
  else if (tail !== '' && tail !== '-') readTail(tail, columns, fields);
  return { type: 'access', time: time.ms, columns, fields };
}

/**
 * Some servers escape no quotes: the one that ends a header has a space and another header behind it, or else only values
 * whose quotes are closed, unless the line was cut.
 */
function headerEnd(line: string, start: number): number {
  let first = -1;
  let left = quotesFrom(line, start);
  for (let end = closingQuote(line, start); end >= 0; end = closingQuote(line, end + 1)) {
    left--;
    if (end + 1 === line.length || line.startsWith(' "', end + 1)) return end;
    if (line[end + 1] !== ' ') continue;
    if (left % 2 === 0) return end;
    if (first < 0) first = end;
  }
  return first;
}

function quotesFrom(line: string, start: number): number {
  let count = 0;
  for (let at = closingQuote(line, start); at >= 0; at = closingQuote(line, at + 1)) count++;
  return count;
}

/** The length of `[22/Nov/2026:16:41:02 +0000`. */
const CLF_TIME = 27;
const ZERO = 48;
const UPPER_A = 65;
/** Each names the day, and is told from a time of the application's by the client before it. */
const otherTimes =
  /\[(?:\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8}(?:\.\d{1,9})?(?: (?:[+-]\d\d:?\d\d|[A-Z]{1,4}))?|\d{4}-\d\d-\d\d[T ][\d:]{8}(?:\.\d{1,9})? ?(?:Z|[+-]\d\d:?\d\d)?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)\]/;
const statusCode = /^ \d{3} $/;
/** Bytes sent; Apache writes `-` for none. */
const count = /^(?:\d{1,40}|-)$/;
/** More numbers or words, and then two values in quotes at least. */
const headers = /^ [^" ][^"]*"[^"]*" "/;
/** nginx's `$request_time`: seconds with three decimals. */
const seconds = /^\d{1,9}\.\d{1,6}$/;
