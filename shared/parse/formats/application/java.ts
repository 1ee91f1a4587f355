import type { Fields, Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';

/** Spring Boot's console layout, of any version: https://docs.spring.io/spring-boot/reference/features/logging.html#features.logging.log-format */
export const springBoot: TextFormat = {
  name: 'spring-boot',
  first: /\d/,
  dates: ['2026-11-22 ', '2026-11-22T'],
  samples: [
    {
      of: 'Spring Boot 3 and 4',
      line: '2026-11-22T16:41:37.445Z  INFO 1 --- [shop] [           main] com.shop.Checkout                        : checkout ok order=1',
    },
    {
      of: 'Spring Boot 3, with a trace',
      line: '2026-11-22T16:41:37.445Z ERROR 1 --- [shop] [nio-8080-exec-1] [803b448a0489f84084905d3093480352-3425f23bb2432450] com.shop.Checkout                        : checkout failed\n\njava.lang.IllegalStateException: no stock\n\tat com.shop.Checkout.run(Checkout.java:52) ~[app.jar!/:1.0]',
    },
    {
      of: 'Spring Boot 2',
      line: '2026-11-22 16:41:37.445  WARN 7 --- [           main] o.a.c.c.C.[Tomcat].[localhost].[/]       : slow start',
    },
  ],
  parse: parseSpringBoot,
};

/** The two lines of java.util.logging's default layout, joined or the first alone (the second, `SEVERE: …`, is plain text with a level): https://docs.oracle.com/en/java/javase/21/docs/api/java.logging/java/util/logging/SimpleFormatter.html */
export const javaUtilLogging: TextFormat = {
  name: 'java-util-logging',
  first: /[A-Z]/,
  samples: [
    { of: 'java.util.logging, default, line by line', line: 'Nov 22, 2026 4:41:37 PM com.shop.Checkout main' },
    {
      of: 'java.util.logging, default, joined',
      line: 'Nov 22, 2026 4:41:37 PM com.shop.Checkout main\nSEVERE: checkout failed\njava.lang.IllegalStateException: no stock\n\tat com.shop.Checkout.main(Checkout.java:52)',
    },
  ],
  parse(line: string): Parsed | undefined {
    const match = jul.exec(line);
    if (!match) return undefined;
    const [, time, logger, method, level, message] = match;
    // The first line alone has no message of its own.
    if (message === undefined) return toEntry({ time, logger, message: line });
    return toEntry({ time, level, logger, message, fields: [['method', method]] });
  },
};

/** Log4j 1's TTCCLayout: https://logging.apache.org/log4j/1.x/apidocs/org/apache/log4j/TTCCLayout.html */
export const log4j1: TextFormat = {
  name: 'log4j1',
  first: /\d/,
  dates: [],
  samples: [{ of: 'log4j 1, TTCCLayout', line: '467 [main] ERROR com.shop.Checkout  - checkout failed' }],
  parse(line: string): Parsed | undefined {
    const match = ttcc.exec(line);
    if (!match) return undefined;
    const [, elapsed, thread, level, logger, context, message = ''] = match;
    const fields: Fields = [
      ['elapsed_ms', Number(elapsed)],
      ['thread', thread],
      ['context', context || undefined],
    ];
    return toEntry({ level, logger, message, fields });
  },
};

function parseSpringBoot(line: string): Parsed | undefined {
  if (!line.includes(' --- [')) return undefined;
  const groups = spring.exec(line)?.groups;
  if (!groups) return undefined;
  const { time, level, sleuth, pid, logger, message = '' } = groups;
  const brackets = (groups.brackets ?? '')
    .split(']')
    .map((text) => text.trim().slice(1).trim())
    .filter((text) => text !== '');
  // Spring Cloud Sleuth, which Spring Boot 3 replaced, wrote [application,trace,span] before the process id.
  const [application, traceId, spanId] = sleuth?.split(',') ?? [];
  const correlation = correlated.exec(brackets.at(-1) ?? '');
  if (correlation) brackets.pop();
  const thread = brackets.pop();
  const fields: Fields = [
    ['pid', pid ? Number(pid) : undefined],
    ['application', brackets[0] ?? (application || undefined)],
    ['thread', thread],
  ];
  const trace_id = correlation?.[1] ?? traceId;
  const span_id = correlation?.[2] ?? spanId;
  const columns = { ...(trace_id && { trace_id }), ...(span_id && { span_id }) };
  return toEntry({ time, level, logger, message, fields, columns });
}

const spring =
  /^(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}(?:Z|[+-]\d\d:?\d\d)?)\s+(?<level>[A-Z]{4,5})\s+(?:\[(?<sleuth>[^\]]*)\]\s+)?(?:(?<pid>\d+)\s+)?--- (?<brackets>(?:\[[^\]]*\] ?){1,3})(?<logger>\S+)\s+:(?: |$)(?<message>.*)$/s;
const correlated = /^([0-9a-f]{16,32})-([0-9a-f]{16})$/i;
const jul =
  /^([A-Z]\w{2} \d\d?, \d{4},? \d\d?:\d\d:\d\d(?:\s[AP]M)?) (?![A-Z]+ )([\w.$]+)(?: ([\w$<>]+))?(?:\n([A-Z]+): (.*))?$/s;
const ttcc = /^(\d{1,15}) \[([^\]]*)\] ([A-Z]+)\s+(\S+) (?:(\S+) )?\s?-(?: (.*))?$/s;
