import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { firstAddress, withoutPort } from '../../values/address.js';
import { parseLoggedDuration } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { splitTarget, splitUrl } from '../../values/request.js';

/** The request logger of chi, Go's router. Its time names no zone. https://github.com/go-chi/chi/blob/master/middleware/logger.go */
export const chi: TextFormat = {
  name: 'chi',
  first: /[\d"[]/,
  dates: ['2026/11/22 '],
  samples: [
    {
      of: 'chi',
      line: '2026/11/22 16:41:02 "GET http://shop.example.com/a?b=c HTTP/1.1" from 203.0.113.9:51234 - 200 12B in 123.4µs',
    },
    {
      of: 'chi, with a request id',
      line: '2026/11/22 16:41:02 [web-1/bx7sGhkTpV-000007] "POST http://shop.example.com/orders HTTP/1.1" from 203.0.113.9:51234 - 502 12B in 1.2ms',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = line.includes('" from ') ? chiLine.exec(line)?.groups : undefined;
    if (!groups) return undefined;
    const {
      time,
      id,
      method = '',
      url = '',
      protocol = '',
      client = '',
      status = '',
      bytes = '',
      duration = '',
    } = groups;
    const columns: AccessColumns = { client_ip: withoutPort(client), method, ...splitUrl(url), protocol };
    if (id) columns.request_id = id;
    return toAccess(columns, time, status, bytes, duration);
  },
};

/** The request logger of Fiber. Its time names neither day nor zone. https://docs.gofiber.io/api/middleware/logger */
export const fiber: TextFormat = {
  name: 'fiber',
  first: /[\d[]/,
  dates: ['2026-11-22 ', '2026/11/22 '],
  samples: [
    { of: 'Fiber', line: '16:41:02 | 200 |     1.204567ms |     203.0.113.9 | GET     | /a?b=c          | -' },
    { of: 'Fiber, of a request that failed', line: '16:41:02 | 500 | 1.2ms | 203.0.113.9 | POST | /orders | no stock' },
  ],
  parse(line): Parsed | undefined {
    const groups = line.includes(' | ') ? fiberLine.exec(line)?.groups : undefined;
    if (!groups) return undefined;
    const { time, status = '', duration = '', client = '', method = '', target = '', error } = groups;
    const columns: AccessColumns = { client_ip: firstAddress(client), method, ...splitTarget(target) };
    const parsed = toAccess(columns, time, status, '', duration);
    return error && error !== '-' ? { ...parsed, fields: [...parsed.fields, ['error', error]] } : parsed;
  },
};

/** What Go's routers say of a request, each in its own layout. */
export function toAccess(
  columns: AccessColumns,
  time: string | undefined,
  status: string,
  bytes: string,
  duration: string,
): Parsed {
  const fields: Fields = time === undefined ? [] : [['time', time]];
  putNumber(columns, fields, 'status', status);
  putNumber(columns, fields, 'bytes', bytes);
  const ms = parseLoggedDuration(duration);
  if (ms === undefined) fields.push(['duration_ms', duration]);
  else columns.duration_ms = ms;
  return { type: 'access', columns, fields };
}

const chiLine =
  /^(?:(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) )?(?:\[(?<id>[^\]\s]{1,128})\] )?"(?<method>[A-Z][A-Z_-]{1,31}) (?<url>\S{1,16384}) (?<protocol>HTTP\/\d(?:\.\d)?)" from (?<client>\S{2,64}) - (?<status>\d{3}) (?<bytes>\d{1,15})B in (?<duration>[\d.a-zµμ]{2,40})$/;
const fiberLine =
  /^(?:\[?(?<time>(?:\d{4}[-/]\d\d[-/]\d\d )?\d\d:\d\d:\d\d)\]?) \| {0,8}(?<status>\d{3}) {0,8}\| {0,20}(?<duration>[\d.a-zµμ]{2,40}) {0,20}\| {0,60}(?<client>[\da-fA-F.:]{2,45}) {0,60}\| {0,8}(?<method>[A-Z][A-Z_-]{1,31}) {0,8}\| {0,8}(?<target>\/[^\s|]{0,16384}) {0,60}(?:\| ?(?<error>[^\n]*))?$/;
