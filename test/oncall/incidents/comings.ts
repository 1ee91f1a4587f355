import { type LogLine, lineOf, minuteMs } from '../lines.js';
import { failing, type Incident, lines } from './incident.js';

const deployed =
  '{time}  INFO 1 --- [main] c.shop.OrdersApplication : Started OrdersApplication in 4.2 seconds (process running for 5.0)';

/** Services that come, go, sleep and come late. Of what nobody has to hear, one message may come: that of info, every six hours. */
export const comingIncidents: readonly Incident[] = [
  {
    name: 'a service falls silent: task-api',
    change: ({ quiet }) => quiet.filter(({ service }) => service !== 'task-api'),
    // A quarter of an hour, two minutes of lateness, and the sweep.
    tell: { alert: /^no-logs task-api/, severity: 'warning', within: 19 },
    most: 3,
  },
  {
    name: 'two of three tasks fall silent: search',
    change: ({ quiet }) => quiet.filter(({ service, task }) => service !== 'search' || task === 'search-0'),
    tell: { alert: /search/, severity: 'warning', within: 25 },
    most: 4,
  },
  {
    name: 'reports sleep at six, as ever',
    from: '17:50',
    change: ({ quiet }) => quiet,
    lasts: 60,
    most: 1,
  },
  {
    name: 'the nightly batch logs 400 errors, as ever',
    from: '01:50',
    change: ({ quiet }) => quiet,
    lasts: 40,
    most: 1,
  },
  {
    name: 'a new batch logs 400 errors',
    change: (minute) => [
      ...minute.quiet,
      ...(minute.number < 4
        ? lines(minute, 100, 'import-job', '{"level":"error","message":"row {id} has no price"}')
        : []),
    ],
    most: 3,
  },
  {
    name: 'a deploy of 40 tasks',
    change: (minute) => [
      ...minute.quiet.map((line) => (line.service === 'web' ? { ...line, revision: 'web:142' } : line)),
      ...(minute.number < 8
        ? Array.from({ length: 5 }, (_, index) => minute.number * 5 + index).flatMap((task) => [
            lineOf('web', 40 + task, minute.at + 1000 + task * 100, '{slashed} [notice] 1#1: nginx/1.27.3'),
            lineOf('web', 40 + task, minute.at + 1500 + task * 100, 'Server started, listening on port 8080'),
            lineOf('web', task, minute.at + 31_000 + task * 100, 'received SIGTERM, exited with code 143'),
          ])
        : []),
    ],
    most: 1,
  },
  {
    name: 'a deploy of ten tasks of Spring Boot',
    change: (minute) => [
      ...minute.quiet,
      ...(minute.number < 2
        ? Array.from({ length: 5 }, (_, index) =>
            lineOf('orders', 10 + minute.number * 5 + index, minute.at + index * 5000, deployed),
          )
        : []),
    ],
    most: 1,
  },
  {
    name: 'debug was left on: 40 times the lines',
    change: (minute) => [
      ...minute.quiet,
      ...lines(
        minute,
        1200,
        'cart',
        '{"level":20,"time":{ms},"pid":1,"msg":"sql","query":"select * from items where id = {id}"}',
      ),
    ],
    tell: { alert: /cart/, severity: 'info', within: 20 },
    most: 3,
  },
  {
    name: 'all routers are away for 20 minutes, then everything comes',
    change: ({ quiet, at, number }) =>
      number < 20 ? quiet.map((line) => arriving(line, at + (20 - number) * minuteMs)) : quiet,
    tell: { alert: /./, severity: 'critical', within: 25 },
    most: 4,
  },
  {
    name: 'all routers are away for 30 minutes in which 30 % of the requests fail',
    change: ({ quiet, at, number, random }) =>
      number < 30
        ? failing(quiet, () => random.chance(0.3)).map((line) => arriving(line, at + (30 - number) * minuteMs))
        : quiet,
    lasts: 40,
    tell: { alert: /^http-5xx web/, severity: 'critical', within: 33 },
    most: 6,
  },
  {
    name: 'nothing comes any more, of any service',
    change: () => [],
    tell: { alert: /./, severity: 'critical', within: 22 },
    most: 4,
  },
  {
    name: 'the clock of a host is ten minutes ahead, and its program ends',
    change: ({ quiet, number, at }) => [
      ...quiet.map((line) => skewed(line, 600_000)),
      ...(number === 15 ? [skewed(fatal(at), 600_000)] : []),
    ],
    tell: { alert: /^fatal-line billing/, severity: 'critical', within: 17 },
    most: 4,
  },
  {
    name: 'the clock of a host is ten minutes behind, and its program ends',
    change: ({ quiet, number, at }) => [
      ...quiet.map((line) => skewed(line, -600_000)),
      ...(number === 15 ? [skewed(fatal(at), -600_000)] : []),
    ],
    tell: { alert: /^fatal-line billing/, severity: 'critical', within: 17 },
    most: 4,
  },
];

function arriving(line: LogLine, arrives: number): LogLine {
  return { ...line, arrives };
}

/** All of `billing` runs on that host. */
function skewed(line: LogLine, skew: number): LogLine {
  return line.service === 'billing' ? { ...line, skew } : line;
}

function fatal(at: number): LogLine {
  return lineOf('billing', 0, at + 30_000, '{time} CRITICAL billing.ledger: cannot open the ledger');
}
