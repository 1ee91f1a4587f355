import { decodeLogEscapes } from '../escapes.js';
import type { TextFormat } from '../format.js';
import type { AccessColumns, Fields, Parsed } from '../parsed.js';
import { splitRequest } from '../request.js';
import { parseClfTime } from '../time.js';

/** The common and combined log formats of nginx and Apache, with or without a request time at the end. */
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
    { of: 'Apache, common', line: '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "HEAD / HTTP/1.0" 304 -' },
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
  const bytesStart = requestEnd + 6;
  const status = line.slice(requestEnd + 1, bytesStart);
  if (requestEnd < 0 || !statusCode.test(status)) return undefined;
  const bytesEnd = wordEnd(line, bytesStart);
  const bytes = count(line.slice(bytesStart, bytesEnd));
  if (bytes === undefined) return undefined;

  const columns: AccessColumns = {
    client_ip: line.slice(0, identStart - 1),
    ...splitRequest(line.slice(requestStart, requestEnd), decodeLogEscapes),
    status: Number(status),
  };
  if (bytes >= 0) columns.bytes = bytes;
  const fields: Fields = [];
  const ident = line.slice(identStart, userStart - 1);
  if (ident !== '-') fields.push(['ident', ident]);
  const user = line.slice(userStart, bracket);
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
  else if (tail !== '' && tail !== '-') fields.push(['tail', tail]);
  return { type: 'access', time, columns, fields };
}

const statusCode = /^ \d{3} $/;
/** nginx's `$request_time`: seconds with three decimals. */
const seconds = /^\d+\.\d{1,6}$/;

/** Seconds as text to milliseconds, without the noise of binary fractions. */
export function toMilliseconds(text: string | number): number {
  return Math.round(Number(text) * 1e6) / 1e3;
}

/** The quote that ends a value which starts at `start`; one behind an odd number of backslashes belongs to the value. */
function closingQuote(line: string, start: number): number {
  for (let quote = line.indexOf('"', start); quote >= 0; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (line[quote - 1 - backslashes] === '\\' && quote - 1 - backslashes >= start) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return -1;
}

function wordEnd(line: string, start: number): number {
  const end = line.indexOf(' ', start);
  return end < 0 ? line.length : end;
}

/** Bytes sent; Apache writes `-` for none, told as -1. */
function count(text: string): number | undefined {
  if (text === '-') return -1;
  const value = Number(text);
  return text !== '' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
