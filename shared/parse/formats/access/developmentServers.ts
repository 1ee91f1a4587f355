import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { withoutPort } from '../../values/address.js';
import { parseLoggedDuration } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { splitTarget } from '../../values/request.js';

/** Next.js's requests: https://nextjs.org/docs/app/api-reference/config/next-config-js/logging */
export const nextJs: TextFormat = {
  name: 'next-js',
  first: /[A-Z]/,
  samples: [
    { of: 'Next.js', line: 'GET /orders?page=2 200 in 12ms' },
    { of: 'Next.js, with the time to compile', line: 'POST /api/orders 500 in 1.2s (compile: 900ms, render: 300ms)' },
  ],
  parse(line): Parsed | undefined {
    const groups = line.includes(' in ') ? nextLine.exec(line)?.groups : undefined;
    const { method = '', target = '', status = '', duration = '', parts } = groups ?? {};
    const ms = parseLoggedDuration(duration);
    if (!groups || ms === undefined) return undefined;
    const columns: AccessColumns = { method, ...splitTarget(target) };
    const fields: Fields = [];
    putNumber(columns, fields, 'status', status);
    columns.duration_ms = ms;
    if (parts !== undefined) fields.push(['tail', parts]);
    return { type: 'access', columns, fields };
  },
};

/** PHP's built-in server, `php -S`. Its time names no zone. https://www.php.net/manual/en/features.commandline.webserver.php */
export const phpServer: TextFormat = {
  name: 'php-server',
  first: /\[/,
  dates: [],
  samples: [
    { of: '`php -S`', line: '[Sun Nov 22 16:41:02 2026] 203.0.113.9:51234 [200]: GET /a?b=c' },
    {
      of: '`php -S`, of a file that is missing',
      line: '[Sun Nov 22 16:41:02 2026] [::1]:51234 [404]: GET /x - No such file or directory',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = phpLine.exec(line)?.groups;
    if (!groups) return undefined;
    const { time, client = '', status = '', method = '', target = '', error } = groups;
    const columns: AccessColumns = { client_ip: withoutPort(client), method, ...splitTarget(target) };
    const fields: Fields = [['time', time]];
    putNumber(columns, fields, 'status', status);
    if (error !== undefined) fields.push(['error', error]);
    return { type: 'access', columns, fields };
  },
};

const nextLine =
  /^(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (?<target>\/\S{0,16384}) (?<status>\d{3}) in (?<duration>[\d.]{1,15}(?:ms|s|m))(?: \((?<parts>[^)\n]{1,200})\))?$/;
const phpLine =
  /^\[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] (?<client>[\da-fA-F.:[\]]{2,50}) \[(?<status>\d{3})\]: (?:(?<method>[A-Z][A-Z_-]{1,31}) )(?<target>\S{1,16384})(?: - (?<error>[^\n]*))?$/;
