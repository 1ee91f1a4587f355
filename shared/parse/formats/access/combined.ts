import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import type { TextFormat } from '../../format.js';
import { closingQuote, wordEnd } from '../../tokens.js';
import { toMilliseconds } from '../../values/duration.js';
import { splitRequest } from '../../values/request.js';
import { parseClfTime } from '../../values/time.js';
import { readClients } from './combinedClients.js';
import { readTail } from './combinedTail.js';

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
      of: 'Express, morgan `combined`, of a client that left',
      line: '::1 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" - - "-" "curl/8.5.0"',
    },
  ],
  parse: parseCombined,
};

/** Scanned, not matched: a regular expression with this many groups costs several times as much. */
function parseCombined(line: string): Parsed | undefined {
  const identStart = line.indexOf(' ') + 1;
  const userStart = line.indexOf(' ', identStart) + 1;
  const bracket = line.indexOf(' [', userStart);
  if (identStart < 2 || userStart < 2 || bracket < 0) return undefined;
  const timeEnd = line.indexOf('] "', bracket);
  if (timeEnd < 0) return undefined;
  const time = parseClfTime(line.slice(bracket + 2, timeEnd));
  if (time === undefined) return undefined;

  const requestStart = timeEnd + 3;
  const requestEnd = closingQuote(line, requestStart);
  const status = line.slice(requestEnd + 1, requestEnd + 6);
  const hasStatus = statusCode.test(status);
  if (requestEnd < 0 || (!hasStatus && !status.startsWith(' - '))) return undefined;
  const bytesStart = requestEnd + (hasStatus ? 6 : 4);
  const bytesEnd = wordEnd(line, bytesStart);
  const bytes = count(line.slice(bytesStart, bytesEnd));
  if (bytes === undefined) return undefined;

  const client = line.slice(0, identStart - 1);
  const columns: AccessColumns = {
    client_ip: client,
    ...splitRequest(line.slice(requestStart, requestEnd), decodeLogEscapes),
  };
  if (hasStatus) columns.status = Number(status);
  if (bytes >= 0) columns.bytes = bytes;
  const fields: Fields = [];
  let ident = line.slice(identStart, userStart - 1);
  let user = line.slice(userStart, bracket);
  // Nobody has run an ident daemon for decades: a value here is most often another column before the client's.
  const clients = ident === '-' && !client.includes(',') ? undefined : readClients(line.slice(0, bracket));
  if (clients) {
    ({ ident, user } = clients);
    Object.assign(columns, clients.columns);
    fields.push(...clients.fields);
  }
  if (ident !== '-') fields.push(['ident', ident]);
  if (user !== '-' && user !== '') fields.push(['remote_user', decodeLogEscapes(user)]);

  let position = bytesEnd;
  for (const column of ['referer', 'user_agent'] as const) {
    if (!line.startsWith(' "', position)) break;
    const end = closingQuote(line, position + 2);
    if (end < 0) return undefined;
    const value = line.slice(position + 2, end);
    if (value !== '-') columns[column] = decodeLogEscapes(value);
    position = end + 1;
  }

  const tail = line.slice(position).trim();
  if (seconds.test(tail)) columns.duration_ms = toMilliseconds(tail);
  else if (tail !== '' && tail !== '-') readTail(tail, columns, fields);
  return { type: 'access', time, columns, fields };
}

const statusCode = /^ \d{3} $/;
/** nginx's `$request_time`: seconds with three decimals. */
const seconds = /^\d+\.\d{1,6}$/;

/** Bytes sent; Apache writes `-` for none, told as -1. */
function count(text: string): number | undefined {
  if (text === '-') return -1;
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
