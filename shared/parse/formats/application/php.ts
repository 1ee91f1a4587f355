import type { AccessColumns, EntryColumns, Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { type JsonObject, parseObject } from '../../json/object.js';
import { splitRequest } from '../../values/request.js';
import { parseClfTime } from '../../values/time.js';

/** PHP's error log, and the same lines on stderr: https://www.php.net/manual/en/errorfunc.configuration.php#ini.error-log */
export const phpError: TextFormat = {
  name: 'php-error',
  first: /[[PN]/,
  samples: [
    {
      of: 'PHP, error log',
      line: '[22-Nov-2026 16:41:02 UTC] PHP Fatal error:  Uncaught RuntimeException: no stock in /app/stock.php:4\nStack trace:\n#0 /app/index.php(9): reserve(7)\n#1 {main}\n  thrown in /app/stock.php on line 4',
    },
    { of: 'PHP, on stderr', line: 'PHP Warning:  Undefined variable $total in /app/cart.php on line 12' },
  ],
  parse: parsePhpError,
};

/** PHP-FPM's own log, with what its workers write: https://www.php.net/manual/en/install.fpm.configuration.php */
export const phpFpm: TextFormat = {
  name: 'php-fpm',
  first: /\[/,
  samples: [
    { of: 'PHP-FPM', line: '[22-Nov-2026 16:41:02] NOTICE: fpm is running, pid 1' },
    {
      of: 'PHP-FPM, a worker',
      line: '[22-Nov-2026 16:41:02] WARNING: [pool www] child 8 said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined variable $total in /app/cart.php on line 12"',
    },
  ],
  parse: parseFpm,
};

/** PHP-FPM's access log, which its container image writes by default. */
export const phpFpmAccess: TextFormat = {
  name: 'php-fpm-access',
  first: /[\da-fA-F:.]/,
  dates: [],
  samples: [{ of: 'PHP-FPM, access log', line: '10.0.0.7 -  22/Nov/2026:16:41:02 +0000 "GET /index.php" 200' }],
  parse(line: string): Parsed | undefined {
    const match = fpmAccess.exec(line);
    if (!match) return undefined;
    const [, client = '', user, at = '', request = '', status] = match;
    const columns: AccessColumns = { client_ip: client, ...splitRequest(request), status: Number(status) };
    return { type: 'access', time: parseClfTime(at), columns, fields: user ? [['remote_user', user]] : [] };
  },
};

/** Monolog's line formatter, with Laravel's and Symfony's lines: https://github.com/Seldaek/monolog/blob/main/src/Monolog/Formatter/LineFormatter.php */
export const monolog: TextFormat = {
  name: 'monolog',
  first: /\[/,
  samples: [
    {
      of: 'Monolog',
      line: '[2026-11-22T16:41:02.123456+00:00] shop.WARNING: card declined {"customer":5} []',
    },
    {
      of: 'Laravel',
      line: '[2026-11-22 16:41:02] production.ERROR: no stock {"userId":5,"exception":"[object] (RuntimeException(code: 0): no stock at /app/stock.php:4)\n[stacktrace]\n#0 /app/index.php(9): reserve(7)\n#1 {main}\n"}',
    },
  ],
  parse: parseMonolog,
};

function parsePhpError(line: string): Parsed | undefined {
  const match = php.exec(line);
  if (!match) return undefined;
  const [, time, severity = '', message = ''] = match;
  const exception = uncaught.exec(message)?.[1];
  return toEntry({
    time,
    level: levelOf(severity),
    message,
    fields: [['severity', severity]],
    ...(exception && { columns: { exception } }),
  });
}

/** https://www.php.net/manual/en/errorfunc.constants.php */
function levelOf(severity: string): string {
  const name = severity.toLowerCase();
  if (name.includes('fatal')) return 'fatal';
  if (name.includes('error')) return 'error';
  return name.includes('warning') ? 'warn' : 'info';
}

function parseFpm(line: string): Parsed | undefined {
  const groups = fpm.exec(line)?.groups;
  if (!groups) return undefined;
  const { time = '', level, pid, name, number, pool, text = '' } = groups;
  const said = childSaid.exec(text);
  const fields: Fields = [
    ['pid', pid === undefined ? undefined : Number(pid)],
    ['function', name],
    ['line', number === undefined ? undefined : Number(number)],
    ['pool', pool],
    ['child', said ? Number(said[1]) : undefined],
    ['stream', said?.[2]],
  ];
  const message = said ? (said[3] ?? '').replace(/"(?:, pipe is closed)?$/, '') : text;
  const own = toEntry({ time, level, logger: 'php-fpm', message, fields });
  // What a worker says is an error of PHP's own more often than not, of another level than FPM's.
  const error = said ? parsePhpError(message) : undefined;
  return error ? { ...error, fields: [...own.fields, ...error.fields] } : own;
}

function parseMonolog(line: string): Parsed | undefined {
  const match = monologLine.exec(line);
  if (!match) return undefined;
  const [, time, channel, level, text = ''] = match;
  const extra = jsonTail(text.trimEnd());
  const context = extra && jsonTail(extra.before);
  // Empty context and extra may be left out; a single one is the context.
  const [before, found, more] = context
    ? [context.before, context.value, extra.value]
    : [extra?.before ?? text, extra?.value, undefined];
  const { exception, ...rest } = found ?? {};
  const thrown = typeof exception === 'string' ? object.exec(exception)?.[1] : undefined;
  const columns: Pick<EntryColumns, 'exception' | 'stack'> = thrown
    ? { exception: thrown, stack: String(exception).trimEnd() }
    : {};
  const fields: Fields = [
    ['context', present(thrown ? rest : found)],
    ['extra', present(more)],
  ];
  return toEntry({ time, level, logger: channel, message: before, fields, columns });
}

function present(value: JsonObject | undefined): JsonObject | undefined {
  return value && Object.keys(value).length > 0 ? value : undefined;
}

/** The JSON at the end of a text, an empty one being `[]`. */
function jsonTail(text: string): { readonly before: string; readonly value: JsonObject } | undefined {
  if (text.endsWith(' []')) return { before: text.slice(0, -3), value: {} };
  if (!text.endsWith('}')) return undefined;
  // Monolog writes no space inside JSON but in strings, so few places qualify; a bound keeps a hostile line cheap.
  for (
    let start = text.indexOf(' {"'), tries = 0;
    start >= 0 && tries < 5;
    start = text.indexOf(' {"', start + 1), tries++
  ) {
    // Laravel keeps the line breaks of stack traces, which JSON forbids.
    const value = parseObject(text.slice(start + 1).replaceAll('\n', '\\n'));
    if (value) return { before: text.slice(0, start), value };
  }
  return undefined;
}

const php =
  /^(?:\[(\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]{8,15} [\w/+-]+)\] )?(?:NOTICE: )?(?:PHP message: )?PHP ((?:Recoverable |Catchable )?[Ff]atal error|(?:Parse|Core|Compile|Unknown|User) error|(?:Core |Compile |User )?[Ww]arning|(?:User )?[Nn]otice|(?:User )?[Dd]eprecated|Strict Standards): {1,2}(.*)$/s;
const uncaught = /^Uncaught ([A-Za-z_]\w*(?:\\\w+)*)(?::| in )/;
const fpm =
  /^\[(?<time>\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]{8,15})\] (?<level>ALERT|ERROR|WARNING|NOTICE|DEBUG): (?:pid (?<pid>\d+), (?<name>\w+)\(\), line (?<number>\d+): )?(?:\[pool (?<pool>[^\]]+)\] )?(?<text>.*)$/s;
const childSaid = /^child (\d+) said into (stdout|stderr): "(.*)$/s;
const fpmAccess = /^([0-9a-fA-F.:]+) - (\S*) (\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}) "([^"]*)" (\d{3})$/;
const monologLine = /^\[(\d{4}-\d\d-\d\d[T ][^\]]{8,24})\] ([\w.-]+)\.([A-Z]+): (.*)$/s;
/** How Monolog writes an exception: `[object] (App\OutOfStock(code: 0): no stock at /app/stock.php:4)`. */
const object = /^\[object\] \(([\w\\]+)\(code: /;
