import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { putNumber } from '../../values/number.js';
import { splitRequest } from '../../values/request.js';
import { parseTime } from '../../values/time.js';

/**
 * Requests as Python's servers log them: Uvicorn, and the development servers of Flask and Django. They log through
 * Python's logging, so a formatter of the application may put a time, level and logger before them. Their own times
 * name no zone.
 */
export const pythonAccess: TextFormat = {
  name: 'python-access',
  first: /[\da-fA-FINWT:.[]/,
  samples: [
    { of: 'Uvicorn, FastAPI', line: 'INFO:     203.0.113.9:51234 - "GET /orders?page=2 HTTP/1.1" 200 OK' },
    { of: 'Flask, development server', line: '203.0.113.9 - - [22/Nov/2026 16:41:02] "GET /orders HTTP/1.1" 200 -' },
    { of: 'Django, development server', line: '[22/Nov/2026 16:41:02] "GET /orders HTTP/1.1" 200 512' },
    {
      of: 'Flask, with logging.basicConfig',
      line: 'INFO:werkzeug:203.0.113.9 - - [22/Nov/2026 16:41:02] "GET /orders HTTP/1.1" 200 -',
    },
    {
      of: 'Uvicorn, behind a formatter',
      line: '2026-11-22 16:41:02,123 INFO uvicorn.access: 203.0.113.9:51234 - "GET /orders HTTP/1.1" 200',
    },
  ],
  parse(line): Parsed | undefined {
    // Most lines are no requests, and end otherwise: of most the quote tells, before the expression is asked.
    if (line.indexOf('" ', line.length - LONGEST_END) < 0 || !lineEnd.test(line.slice(-LONGEST_END))) return undefined;
    const prefix = prefixOf(line);
    const text = line.slice(prefix.length);
    const groups = (uvicorn.exec(text) ?? development.exec(text))?.groups;
    if (!groups) return undefined;
    const { ip, port, time, request = '', status = '', bytes = '' } = groups;
    const columns: AccessColumns = { ...splitRequest(request) };
    if (ip && ip !== 'None') columns.client_ip = ip.replace(/^\[|\]$/g, '');
    const fields: Fields = [];
    putNumber(columns, fields, 'status', status);
    putNumber(columns, fields, 'bytes', bytes);
    if (time) fields.push(['time', time]);
    if (port && ip !== 'None') fields.push(['client_port', Number(port)]);
    return { type: 'access', time: parseTime(prefixTime.exec(prefix)?.[0]), columns, fields };
  },
};

/** Up to the server's own text: a level, or what a formatter wrote that names the server's logger. */
function prefixOf(line: string): string {
  return (level.exec(line) ?? formatter.exec(line))?.[0] ?? '';
}

const LONGEST_END = 80;
const lineEnd = /" \d{3}(?: [A-Za-z' -]{0,40}| \d{1,40})?$/;
const level = /^(?:TRACE|DEBUG|INFO|WARNING):(?: {1,9}|(?:uvicorn\.access|werkzeug|django\.server):\s?)/;
/** `2026-11-22 16:41:02,123 - werkzeug - INFO - `, `[2026-11-22 16:41:02,123] INFO in _internal: `. */
const formatter =
  /^(?=[^"]{0,255}?(?:uvicorn|werkzeug|django\.server|_internal))\[?\d{4}-\d\d-\d\d[T ][^"]{0,200}?(?=(?:[\da-fA-F.:[\]]{2,47}:\d{1,5} - "|[\da-fA-F.:]{2,45} - - \[))/;
const prefixTime = /\d{4}-\d\d-\d\d[T ][\d:.,]{8,15} ?(?:Z|[+-]\d\d:?\d\d)/;
const uvicorn =
  /^(?:(?<ip>None|\[?[0-9a-fA-F.:]{2,45}?\]?):(?<port>\d{1,5}) )?- "(?<request>[^"]*)" (?<status>\d{3})(?: [A-Za-z' -]{0,40})?$/;
const development =
  /^(?:(?<ip>[0-9a-fA-F.:]{2,45}) - - )?\[(?<time>\d\d\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d)\] "(?<request>[^"]*)" (?<status>\d{3}) (?<bytes>-|\d{1,40})$/;
