import type { Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { timeEnd } from '../../head/headTime.js';
import { readHead } from '../../head/lineHead.js';

/** Text logs that state a time and a level before their message, in the layouts of loggers of any language. */
export const timedText: TextFormat = {
  name: 'timed-text',
  first: /[\dA-Za-z_[(<{]/,
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
    const start = line[0] === '[' ? 1 : 0;
    const end = timeEnd(line, start);
    const [gap = ''] = end < 0 ? [] : (behindTime.exec(line.slice(end, end + LONGEST_GAP)) ?? []);
    return gap === '' ? undefined : toEntry({ time: line.slice(start, end), message: line.slice(end + gap.length) });
  },
};

const behindTime = /^\]?:?\s+(?:- )?/;
const LONGEST_GAP = 40;

function parseTimedText(line: string): Parsed | undefined {
  const head = readHead(line);
  if (!head) return undefined;
  const { time, level, logger, requestId, fields, end } = head;
  const [behind = '', last] = line.endsWith(')') && line.startsWith('[') ? (lastLogger.exec(line) ?? []) : [];
  if (last !== undefined && logger !== undefined) fields.push(['context', logger]);
  return toEntry({
    time,
    level,
    logger: last ?? logger,
    message: line.slice(end, line.length - behind.length),
    fields,
    ...(requestId && { columns: { request_id: requestId } }),
  });
}

/** Kafka names the logger behind its message. */
const lastLogger = / \(([a-z]\w{0,40}(?:\.[\w$]{1,80}){1,12})\)$/;
