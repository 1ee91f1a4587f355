import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { numberOrText } from '../../tokens.js';
import { isAddress } from '../../values/address.js';
import { putNumber } from '../../values/number.js';
import { parseIsoTime } from '../../values/time.js';

/**
 * IIS in W3C's extended format, with the fields that it logs by default or with all of them: a line does not say which.
 * Its times are UTC; its header lines, which start with `#`, are app lines.
 *
 * https://learn.microsoft.com/en-us/previous-versions/iis/6.0-sdk/ms525807(v=vs.90)
 */
export const iis: TextFormat = {
  name: 'iis',
  first: /\d/,
  dates: ['2026-11-22 '],
  samples: [
    {
      of: 'IIS, default fields',
      line: '2026-11-22 16:41:02 10.0.0.1 GET /a b=c 443 - 203.0.113.9 Mozilla/5.0+(X11;+Linux) https://shop.example.com/ 200 0 0 15',
    },
    {
      of: 'IIS, all fields',
      line: '2026-11-22 16:41:02 W3SVC1 WEB01 10.0.0.1 POST /api/orders - 443 anna 203.0.113.9 HTTP/1.1 curl/8.5.0 - - shop.example.com 500 0 0 365 560 40',
    },
  ],
  parse: parseIis,
};

function parseIis(line: string): Parsed | undefined {
  // Most lines that start with a time have a fraction there.
  if (line[19] !== ' ') return undefined;
  const match = start.exec(line);
  if (!match) return undefined;
  const {
    date = '',
    site,
    computer,
    server,
    method = '',
    stem = '',
    query = '-',
    port,
    user = '-',
    client = '',
    protocol,
  } = match.groups ?? {};
  const time = parseIsoTime(`${date}Z`);
  const words = line.slice(match[0].length).split(' ');
  const numbers = words.length - trailingNumbers(words);
  const [status = '', substatus, win32, ...sizes] = words.slice(numbers);
  const headers = words.slice(0, numbers);
  if (time === undefined || !isAddress(client) || !statusCode.test(status) || win32 === undefined) return undefined;
  if (sizes.length > 3 || headers.length > 4) return undefined;

  const columns: AccessColumns = { client_ip: client, method, path: stem };
  if (query !== '-') columns.query = query;
  if (protocol !== undefined) columns.protocol = protocol;
  const fields: Fields = [];
  putNumber(columns, fields, 'status', status);
  // Of the sizes and the time taken, a log may have either or both.
  const [sent = '', received, taken = sizes.length === 1 ? sent : ''] = sizes;
  if (sizes.length > 1) putNumber(columns, fields, 'bytes', sent);
  putNumber(columns, fields, 'duration_ms', taken);
  const others = readHeaders(headers, columns);
  const named = {
    site,
    computer,
    server_ip: server,
    server_port: port,
    remote_user: user,
    ...others,
    substatus,
    win32_status: win32,
    bytes_received: received,
  };
  for (const [key, value] of Object.entries(named)) {
    if (value !== undefined && value !== '-') fields.push([key, numberOrText(value)]);
  }
  return { type: 'access', time, columns, fields };
}

/** How many whole numbers a line ends in: its status is the first of them. */
function trailingNumbers(words: readonly string[]): number {
  let count = 0;
  while (count < words.length && count < 6 && whole.test(words.at(-1 - count) ?? '')) count++;
  return count;
}

/** In IIS's order: user agent, cookie, referer, host. By default there is no cookie and no host. */
function readHeaders(words: readonly string[], columns: AccessColumns): { readonly cookie?: string | undefined } {
  const [agent, ...others] = words;
  if (agent !== undefined && agent !== '-') columns.user_agent = agent.replaceAll('+', ' ');
  const hasHost = others.length === 3 || (others.length === 2 && hostName.test(others[1] ?? ''));
  const host = hasHost ? others.pop() : undefined;
  const referer = others.pop();
  if (host !== undefined && host !== '-') columns.host = host;
  if (referer !== undefined && referer !== '-') columns.referer = referer;
  return { cookie: others[0] };
}

const start =
  /^(?<date>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:(?<site>W3SVC\d{1,10}) (?:(?<computer>[\w-]{1,63}) )?)?(?<server>[\da-fA-F.:%]{2,45}) (?<method>[A-Z][A-Z_-]{0,31}) (?<stem>\S{1,16384}) (?<query>\S{1,16384}) (?<port>\d{1,5}) (?<user>\S{1,255}) (?<client>[\da-fA-F.:]{2,45}) (?:(?<protocol>HTTP\/\d(?:\.\d)?) )?/;
const statusCode = /^\d{3}$/;
const whole = /^\d{1,40}$/;
const hostName = /^[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}(?::\d{1,5})?$/;
