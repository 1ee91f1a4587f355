import type { EntryColumns, Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { levelOfSeverity } from '../../values/level.js';

/** The console formatters `simple` and `systemd` of .NET: https://learn.microsoft.com/dotnet/core/extensions/console-log-formatter */
export const dotnetConsole: TextFormat = {
  name: 'dotnet-console',
  first: /[\d[<tdiwfc]/,
  samples: [
    {
      of: '.NET, simple console',
      line: 'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080',
    },
    {
      of: '.NET, simple console with an exception',
      line: 'fail: Shop.Checkout[0]\n      checkout failed\n      System.InvalidOperationException: no stock\n         at Shop.Checkout.Run() in /src/Checkout.cs:line 52',
    },
    { of: '.NET, simple console line by line', line: 'crit: Shop.Checkout[0]' },
    { of: '.NET, single line with a time', line: '2026-11-22T16:41:02.123Z warn: Shop.Checkout[7] retrying' },
    { of: '.NET, systemd console', line: '<3>Shop.Checkout[0] checkout failed' },
  ],
  parse: parseConsole,
};

/** Serilog's console sink: https://github.com/serilog/serilog-sinks-console#output-templates */
export const serilogConsole: TextFormat = {
  name: 'serilog-console',
  first: /\[/,
  samples: [{ of: 'Serilog, console', line: '[16:41:02 ERR] checkout failed' }],
  parse(line: string): Parsed | undefined {
    const match = serilog.exec(line);
    return match ? toEntry({ time: match[1], level: match[2], message: match[3] ?? '' }) : undefined;
  },
};

/** Time, level and logger between bars: NLog's default layout, and Loguru's for Python. */
export const barSeparated: TextFormat = {
  name: 'bar-separated',
  first: /\d/,
  dates: ['2026-11-22 '],
  samples: [
    { of: 'NLog, default', line: '2026-11-22 16:41:02.1234|ERROR|Shop.Checkout|checkout failed' },
    { of: 'Loguru, default', line: '2026-11-22 16:41:02.123 | INFO     | shop.checkout:run:52 - checkout ok' },
  ],
  parse(line: string): Parsed | undefined {
    // Most lines have a time, but a comma before its fraction or a `T` within: these are spared the expressions.
    if (line[19] !== '.' || line[10] !== ' ') return undefined;
    const nlogLine = nlog.exec(line);
    if (nlogLine) {
      const [, time, level, logger, message = ''] = nlogLine;
      return toEntry({ time, level, logger, message });
    }
    const loguruLine = loguru.exec(line);
    if (!loguruLine) return undefined;
    const [, time, level, logger, name, number, message = ''] = loguruLine;
    const fields: Fields = [
      ['function', name],
      ['line', Number(number)],
    ];
    return toEntry({ time, level, logger, message, fields });
  },
};

function parseConsole(line: string): Parsed | undefined {
  // Any line with a time passes here: only one with this start is worth the expressions.
  const levelEnd = line.indexOf(': ');
  if (line[0] !== '<' && !levels.has(line.slice(levelEnd - 4, levelEnd))) return undefined;
  const groups = (simple.exec(line) ?? systemd.exec(line))?.groups;
  if (!groups) return undefined;
  const { time, level, logger, event, text = '' } = groups;
  const message = text.replace(indentation, '$1');
  const scopes = scopeLine.exec(message)?.[0];
  const fields: Fields = [
    ['event_id', event === '0' ? undefined : Number(event)],
    ['scopes', scopes?.slice(3).split(' => ')],
  ];
  return toEntry({
    time: time?.trim() || undefined,
    level: levelOfSeverity(Number(level)) ?? level,
    logger,
    // The first line of an entry that nobody joined has no message of its own.
    message: scopes === undefined ? message || line : message.slice(scopes.length + 1),
    fields,
    columns: traceOf(scopes ?? ''),
  });
}

/** ASP.NET Core's scopes name the activity: `=> SpanId:…, TraceId:…, ParentId:… => RequestPath:/ RequestId:…`. */
function traceOf(scopes: string): Pick<EntryColumns, 'trace_id' | 'span_id' | 'request_id'> {
  const columns: Pick<EntryColumns, 'trace_id' | 'span_id' | 'request_id'> = {};
  for (const [column, pattern] of scopeIds) {
    const id = pattern.exec(scopes)?.[1];
    if (id) columns[column] = id;
  }
  return columns;
}

const simple =
  /^(?<time>\[?\d[\d:.,+TZ/ -]{6,38}\]?)?(?<level>trce|dbug|info|warn|fail|crit): (?<logger>[^\s[]+)\[(?<event>-?\d+)\](?:\s(?<text>.*))?$/s;
const levels = new Set(['trce', 'dbug', 'info', 'warn', 'fail', 'crit']);
const systemd =
  /^<(?<level>[0-7])>(?<time>\d[\d:.,+TZ/ -]{6,38})?(?<logger>[A-Za-z_][^\s[]*)\[(?<event>-?\d+)\] (?<text>.*)$/s;
/** The simple console indents what belongs to a message by six spaces. */
const indentation = /(^|\n) {6}/g;
const scopeLine = /^=> [^\n]*(?=\n)/;
const scopeIds = [
  ['trace_id', /TraceId:([0-9a-f]{32})/],
  ['span_id', /SpanId:([0-9a-f]{16})/],
  ['request_id', /RequestId:(\S+)/],
] as const;
const serilog = /^\[(\d\d:\d\d:\d\d(?:\.\d+)?) (VRB|DBG|INF|WRN|ERR|FTL)\](?: (.*))?$/s;
const nlog = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,7})\|([A-Z][A-Za-z]+)\|([^|\n]*)\|(.*)$/s;
const loguru = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \| ([A-Z]+)\s+\| ([^\s:]*):([^\s:]*):(\d+) - (.*)$/s;
