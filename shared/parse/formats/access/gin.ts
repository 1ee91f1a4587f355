import type { AccessColumns, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { splitTarget } from '../../values/request.js';
import { toAccess } from './goFrameworks.js';

/** The access log of Gin, Go's web framework. Its time names no zone. https://github.com/gin-gonic/gin/blob/master/logger.go */
export const gin: TextFormat = {
  name: 'gin',
  first: /\[/,
  dates: [],
  samples: [
    { of: 'Gin', line: '[GIN] 2026/11/22 - 16:41:02 | 200 |     505.317µs |     203.0.113.9 | GET      "/a?b=c"' },
    {
      of: 'Gin, in colours',
      line: '[GIN] 2026/11/22 - 16:41:02 |\u001b[97;42m 201 \u001b[0m|    1.204567ms |             ::1 |\u001b[97;46m POST    \u001b[0m "/orders"',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = pattern.exec(line)?.groups;
    if (!groups) return undefined;
    const { time, status = '', duration = '', client, method = '', target = '', errors } = groups;
    const columns: AccessColumns = { method, ...splitTarget(unquote(target)) };
    if (client) columns.client_ip = client;
    const parsed = toAccess(columns, time, status, '', duration);
    return errors ? { ...parsed, fields: [...parsed.fields, ['error', errors.trim()]] } : parsed;
  },
};

/** Versions before 1.7 write the target without quotes. */
function unquote(target: string): string {
  return target.startsWith('"') ? target.slice(1, -1).replace(/\\(["\\])/g, '$1') : target;
}

const pattern =
  /^\[[A-Za-z][\w-]{0,31}\] (?<time>\d{4}\/\d\d\/\d\d - \d\d:\d\d:\d\d) \|(?:\u001b\[[\d;]{1,8}m)? ?(?<status>\d{3}) ?(?:\u001b\[0m)?\| {0,20}(?<duration>[\d.a-zµμ]{2,40}) {0,20}\| {0,60}(?<client>[\da-fA-F.:]{2,45})? {0,60}\|(?:\u001b\[[\d;]{1,8}m)? {0,8}(?<method>[A-Z][A-Z_-]{0,31}) {0,8}(?:\u001b\[0m)? {1,8}(?<target>"(?:[^"\\\n]|\\.)*"|[^\s"]\S*)\s*(?<errors>\n.*)?$/s;
