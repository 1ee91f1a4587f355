import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import { stripColours } from '../../../text/colours.js';
import type { TextFormat } from '../../format.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';

/**
 * The short formats of morgan, Express's request logger: `dev`, `short` and `tiny`. Its `combined` and `common` are
 * those of the web servers.
 *
 * https://github.com/expressjs/morgan#predefined-formats
 */
export const morgan: TextFormat = {
  name: 'morgan',
  samples: [
    { of: 'Express, morgan `dev`', line: '\u001b[0mGET /a?b=c \u001b[36m304\u001b[0m 4.123 ms - -\u001b[0m' },
    { of: 'Express, morgan `dev`, without colours', line: 'POST /orders 201 4.123 ms - 512' },
    { of: 'Express, morgan `short`', line: '::ffff:10.0.0.1 anna GET /a?b=c HTTP/1.1 200 12 - 4.123 ms' },
    { of: 'Express, morgan `tiny`', line: 'GET /a?b=c 200 12 - 4.123 ms' },
  ],
  parse: parseMorgan,
};

function parseMorgan(line: string): Parsed | undefined {
  // Every line of an application passes here: only one with this end is worth a closer look.
  if (line.length > longest || !(line.endsWith(' ms') || line.includes(' ms - ', line.length - 40))) return undefined;
  const words = stripColours(line).split(' ');
  // `tiny` and `short` end in `4.123 ms`, `dev` in `4.123 ms - 512`.
  const isDev = words.at(-3) === 'ms' && words.at(-2) === '-';
  if (!isDev && (words.at(-1) !== 'ms' || words.at(-3) !== '-')) return undefined;
  const [status, duration, bytes] = isDev
    ? [words.at(-5), words.at(-4), words.at(-1)]
    : [words.at(-5), words.at(-2), words.at(-4)];
  if (!statusCode.test(status ?? '') || !milliseconds.test(duration ?? '') || !count.test(bytes ?? ''))
    return undefined;

  const head = words.slice(0, -5);
  const isShort = head.at(-1)?.startsWith('HTTP/') === true;
  const request = head.slice(isShort ? -3 : 0).join(' ');
  const clients = isShort ? head.slice(0, -3) : [];
  const { method, ...target } = splitRequest(request);
  if (method === undefined || !target.path || target.path.includes(' ') || (isShort && clients.length < 2))
    return undefined;

  const columns: AccessColumns = { method, ...target };
  const [client, ...user] = clients;
  if (client !== undefined && client !== '-') columns.client_ip = client;
  if (status !== '-') columns.status = Number(status);
  const fields: Fields = [];
  putNumber(columns, fields, 'bytes', bytes ?? '-');
  putNumber(columns, fields, 'duration_ms', duration ?? '-');
  if (user.length > 0 && user.join(' ') !== '-') fields.push(['remote_user', user.join(' ')]);
  return { type: 'access', columns, fields };
}

/** Node.js refuses a request whose line and headers are longer than 16 KiB. */
const longest = 20_000;
const statusCode = /^(?:\d{3}|-)$/;
const milliseconds = /^(?:\d{1,12}(?:\.\d{1,6})?|-)$/;
const count = /^(?:\d{1,40}|-)$/;
