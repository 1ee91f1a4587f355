import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { isAddress, withoutPort } from '../../values/address.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { parseTime } from '../../values/time.js';
import { readTail } from './combinedTail.js';

/**
 * A client, a request in quotes, its status and bytes, and what a server was told to log behind them: a combined line whose
 * time is the logger's or stands first.
 */
export const untimedRequest: TextFormat = {
  name: 'untimed-request',
  first: /[\da-fA-F:[]/,
  dates: ['2026-11-22 ', '2026-11-22T'],
  samples: [
    { of: 'nginx, a `log_format` without a time', line: '203.0.113.9 "GET /a HTTP/1.1" 200 12 "-" "curl/8.5.0" 0.003' },
    { of: 'nginx, with its time first', line: '2026-11-22T16:41:02+00:00 203.0.113.9 "GET /a HTTP/1.1" 200 12 0.003' },
  ],
  parse(line): Parsed | undefined {
    if (!line.includes(' HTTP/')) return undefined;
    const groups = pattern.exec(line)?.groups;
    const { time, client = '', request = '', status = '', bytes = '', referer, agent, tail = '' } = groups ?? {};
    if (!groups || !isAddress(client)) return undefined;
    const columns: AccessColumns = { client_ip: withoutPort(client), ...splitRequest(request) };
    const fields: Fields = [];
    const ms = time === undefined ? undefined : parseTime(time);
    if (time !== undefined && ms === undefined) fields.push(['time', time]);
    putNumber(columns, fields, 'status', status);
    putNumber(columns, fields, 'bytes', bytes);
    if (referer && referer !== '-') columns.referer = referer;
    if (agent && agent !== '-') columns.user_agent = agent;
    if (tail.trim() !== '') readTail(tail.trim(), columns, fields);
    return { type: 'access', time: ms, columns, fields };
  },
};

const pattern =
  /^(?:(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) )?(?<client>[\da-fA-F.:[\]]{2,50}) (?:-? ?- )?"(?<request>[A-Z][A-Z_-]{1,31} [^"\n]{1,16384} HTTP\/\d(?:\.\d)?)" (?<status>\d{3}) (?<bytes>\d{1,15}|-)(?: "(?<referer>[^"\n]*)" "(?<agent>[^"\n]*)")?(?<tail> .*)?$/;
