import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { parseLevel } from '../../values/level.js';

/** Text logs that start with a time and state a level, in the layouts of loggers of any language. */
export const timedText: TextFormat = {
  name: 'timed-text',
  first: /[\d[A-Z]/,
  samples: [
    { of: 'Python logging', line: '2026-11-22 16:41:36,469 ERROR billing: charge failed customer=5' },
    { of: 'Python logging, with dashes', line: '2026-11-22 16:41:36,469 - billing - WARNING - retrying charge' },
    { of: 'Python logging, name first', line: '2026-11-22 16:41:36,469 billing ERROR charge failed' },
    { of: 'Flask', line: '[2026-11-22 16:41:36,469] ERROR in app: Exception on /pay [POST]' },
    { of: 'Gunicorn', line: '[2026-11-22 16:41:36 +0000] [7] [INFO] Booting worker with pid: 7' },
    {
      of: 'structlog, console',
      line: '2026-11-22T16:41:36.469000Z [warning  ] card declined                  customer=5',
    },
    {
      of: 'java.util.logging, one line',
      line: '2026-11-22T16:41:37.445Z INFO    [main] com.shop.Checkout - checkout ok order=1',
    },
    {
      of: 'logback and log4j2, a usual pattern',
      line: '2026-11-22 16:41:37.445 [main] INFO  com.shop.Checkout - checkout ok order=1',
    },
    { of: 'log4j2, default pattern', line: '16:41:37.445 [main] ERROR com.shop.Checkout - checkout failed' },
    {
      of: 'Tomcat',
      line: '22-Nov-2026 16:41:37.445 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [512] milliseconds',
    },
    { of: 'Quarkus and WildFly', line: '2026-11-22 16:41:37,445 INFO  [io.quarkus] (main) checkout started in 0.512s' },
    { of: 'log4net', line: '2026-11-22 16:41:37,445 [1] ERROR Shop.Checkout - checkout failed' },
    { of: 'RabbitMQ', line: '2026-11-22 16:41:02.123456+00:00 [error] <0.230.0> closing AMQP connection' },
    { of: 'zerolog, console', line: '2026-11-22T16:41:02Z INF order accepted order=7' },
  ],
  parse: parseTimedText,
};

/** Text that starts with a time and states no level. */
export const timedMessage: TextFormat = {
  name: 'timed-message',
  first: /[\d[A-Z]/,
  samples: [
    { of: 'a shell script with `date -u`', line: 'Sun Nov 22 16:41:02 UTC 2026 backup finished' },
    { of: 'any program, epoch in brackets', line: '[1795365662.123] cache warmed' },
  ],
  parse(line: string): Parsed | undefined {
    const head = leadingTime.exec(line);
    return head ? toEntry({ time: head[1], message: line.slice(head[0].length) }) : undefined;
  },
};

function parseTimedText(line: string): Parsed | undefined {
  const head = leadingTime.exec(line);
  if (!head) return undefined;
  const [prefix, time] = head;
  const rest = line.slice(prefix.length);
  for (const layout of layouts[rest[0] ?? ''] ?? wordLayouts) {
    const match = layout.pattern.exec(rest);
    if (!match) continue;
    const level = match[layout.level] ?? '';
    if (!parseLevel(level) || subjects.has(level)) continue;
    const logger = match[layout.logger];
    return toEntry({ time, level, logger, message: rest.slice(match[0].length), fields: fieldsOf(layout, match) });
  }
  // A word of prose may be a level by chance: it stays in the message.
  const word = bareLevel.exec(rest)?.[1];
  return word ? toEntry({ time, level: word, message: rest }) : undefined;
}

function fieldsOf({ fields }: Layout, match: RegExpExecArray): Fields {
  return fields.map(({ key, group }) => {
    const value = match[group] ?? '';
    return [key, key === 'pid' && digits.test(value) ? Number(value) : value];
  });
}

/** What stands between the time and the message. */
interface Layout {
  readonly pattern: RegExp;
  /** Numbers of groups. */
  readonly level: number;
  readonly logger: number;
  readonly fields: readonly { readonly key: string; readonly group: number }[];
}

/** An expression with named groups, read by number: by name they would be put into an object for every line. */
function compileLayout({ source }: RegExp): Layout {
  const names = [...source.matchAll(/\(\?<(\w+)>/g)].map(([, name = '']) => name);
  const groups = names.map((key, index) => ({ key, group: index + 1 }));
  return {
    pattern: new RegExp(source.replace(/\?<\w+>/g, '')),
    level: names.indexOf('level') + 1,
    // Past the last group for a layout without a logger.
    logger: names.indexOf('logger') + 1 || names.length + 1,
    fields: groups.filter(({ key }) => key !== 'level' && key !== 'logger'),
  };
}

const digits = /^\d{1,9}$/;
const clock = String.raw`\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s[AP]M)?`;
const zone = String.raw`(?:\s?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`;
const month = '[A-Z][a-z]{2}';
/** The common ways to write a time at the start of a line, between brackets or not. */
const leadingTime = new RegExp(
  String.raw`^\[?(${[
    String.raw`\d{4}[-/]\d\d[-/]\d\d[T ]${clock}${zone}`,
    clock,
    String.raw`\d\d?[- /]${month}[- /]\d{4}[ :]${clock}${zone}`,
    String.raw`\d\d?/\d\d?/\d{4},? ${clock}`,
    String.raw`${month}[a-z]{0,6} \d\d?, \d{4},? ${clock}${zone}`,
    String.raw`${month}, \d\d ${month} \d{4} ${clock}${zone}`,
    String.raw`${month} ${month} [ \d]\d ${clock}(?: (?:[A-Z]{3,4}|[+-]\d{4}))? \d{4}`,
    String.raw`(?<=\[)\d{10}(?:\.\d{1,9}|\d{3})?(?=\])`,
  ].join('|')})\]?:?\s+`,
);

const capitals =
  'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL|PANIC|ALERT|FINE|FINER|FINEST|TRC|DBG|INF|WRN|ERR|FTL';

/** What follows the time, by its first character; the message follows in its turn. */
const layouts: Readonly<Record<string, readonly Layout[]>> = {
  '[': [
    /^\[(?<thread>[^\]]*)\]\s+(?<level>[A-Za-z]+)\s+(?<logger>\S+)\s+--?\s+/,
    /^\[(?<pid>\d+)\] \[(?<level>[A-Z]+)\] /,
    /^\[(?<level>[a-z]+)\] <(?<pid>[\d.]+)> /,
    /^\[(?<level>[A-Za-z]+)\]\s+(?<logger>[\w.$/-]+):\s/,
    /^\[(?<level>[A-Za-z]+)\s*\]:?\s+/,
    /^\[(?<thread>[^\]]*)\]\s+\[?(?<level>[A-Z]+)\]?:?\s+/,
  ].map(compileLayout),
  '-': [/^-\s+(?<logger>\S+)\s+-\s+(?<level>[A-Z]+)\s+-\s+/, /^-\s+(?<level>[A-Z]+)\s+-\s+/].map(compileLayout),
  '|': [/^\|\s+(?<level>[A-Za-z]+)\s+\|\s+/].map(compileLayout),
};
const wordLayouts = [
  /^(?<level>[A-Za-z]+)\s+\[(?<thread>[^\]]*)\]\s+(?<logger>\S+)\s+--?\s+/,
  /^(?<level>[A-Z]+)\s+\[(?<logger>[^\]]*)\]\s+\((?<thread>[^)]*)\)\s+/,
  /^(?<level>[A-Z]+) \[(?<thread>[^\]]*)\] (?<logger>[\w$]+(?:\.[\w$<>]+)+) /,
  /^(?<level>[A-Z]+) in (?<logger>[\w.]+): /,
  /^(?<level>[A-Z]+)\s+(?<logger>[\w.$/-]+):\s/,
  /^(?<level>[A-Za-z]+):\s+/,
  new RegExp(String.raw`^(?<level>${capitals}):?\s+`),
  new RegExp(String.raw`^(?<logger>[\w.$-]+)\s+\[?(?<level>${capitals})\]?:?\s+`),
].map(compileLayout);
/** Words that name a level for some loggers, but what a line is about for most: `http: panic serving …`. */
const subjects = new Set(['http', 'log', 'default', 'config']);
const bareLevel = /^(trace|debug|info|warn|warning|error|fatal)\s/i;
