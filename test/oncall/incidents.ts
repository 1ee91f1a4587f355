import type { Rule } from '../../shared/rules/language/rule.js';
import { type LogLine, webLine, webTasks } from './traffic.js';

/** Something that happens to the services, and what people must be told of it. */
export interface Incident {
  readonly name: string;
  /** What a minute's lines become, the first being 0. */
  readonly change: (lines: readonly LogLine[], minute: number) => readonly LogLine[];
  /** Nobody must hear of it above `info` when absent. */
  readonly tell?: {
    readonly rule: string;
    readonly key: string;
    readonly severity: Rule['severity'];
    /** Minutes from the first line that says so to the first message. */
    readonly within: number;
  };
  /** Messages at most. */
  readonly most: number;
}

export const incidents: readonly Incident[] = [
  { name: 'a quiet time', change: (lines) => lines, most: 0 },
  {
    name: 'a bad deploy: 10 % of the requests fail',
    change: (lines) => failing(lines, (_, index) => index % 10 === 0),
    tell: { rule: 'http-5xx', key: 'web', severity: 'critical', within: 4 },
    most: 8,
  },
  {
    name: 'the database is away: all requests fail',
    change: (lines) => [
      ...failing(lines, () => true),
      ...times(60, {
        service: 'cart',
        task: 'cart-0',
        text: '{"level":"error","message":"connection to the database refused"}',
      }),
    ],
    tell: { rule: 'http-5xx', key: 'web', severity: 'critical', within: 2 },
    most: 8,
  },
  {
    name: `one of ${webTasks} tasks fails`,
    change: (lines) => failing(lines, ({ task }) => task === 'web-7'),
    tell: { rule: 'http-5xx-task', key: 'web|web-7', severity: 'critical', within: 4 },
    most: 8,
  },
  {
    name: 'an upstream that comes and goes',
    change: (lines, minute) => [
      ...lines,
      ...times(minute % 4 < 2 ? 20 : 0, {
        service: 'web',
        task: 'web-0',
        text: '2026/11/22 16:00:00 [error] 31#31: *7 upstream prematurely closed connection while reading response header from upstream, client: 203.0.113.9, server: , request: "GET / HTTP/1.1", upstream: "http://10.0.0.7:8080/", host: "shop"',
      }),
    ],
    tell: { rule: 'upstream-down', key: 'web', severity: 'critical', within: 2 },
    most: 8,
  },
  ...[
    ['Node', 'fatal-line', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    [
      'the JVM',
      'out-of-memory',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat com.shop.Cart.load(Cart.java:42)',
    ],
    [
      'Python',
      'out-of-memory',
      'Traceback (most recent call last):\n  File "/app/a.py", line 3, in <module>\n    x = [0] * n\nMemoryError',
    ],
  ].map(([runtime, rule = '', text = '']) => ({
    name: `a leak ends ${runtime}`,
    change: once({ service: 'orders', task: 'orders-0', text }),
    tell: { rule, key: 'orders', severity: 'critical' as const, within: 2 },
    most: 8,
  })),
  ...[
    [
      'the JVM',
      'Exception in thread "main" java.lang.IllegalStateException: no ledger\n\tat com.shop.Main.main(Main.java:7)',
    ],
    [
      'Node',
      "/app/cart.js:7\n  throw new Error('no ledger');\n  ^\n\nError: no ledger\n    at load (/app/cart.js:7:9)\n\nNode.js v20.19.0",
    ],
    [
      'Rust',
      "thread 'main' panicked at src/main.rs:4:5:\nno ledger\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    ],
    [
      '.NET',
      'Unhandled exception. System.InvalidOperationException: no ledger\n   at Shop.Program.Main(String[] args) in /app/Program.cs:line 7',
    ],
    [
      'php-fpm',
      '[22-Nov-2026 16:00:00] WARNING: [pool www] child 31 exited on signal 11 (SIGSEGV) after 12.3 seconds from start',
    ],
    ['a shell', '/entrypoint.sh: line 12:    31 Killed                  node server.js'],
  ].map(([runtime, text = '']) => ({
    name: `crashes every four minutes: ${runtime}`,
    change: (lines: readonly LogLine[], minute: number) =>
      minute % 4 === 0 ? [...lines, { service: 'session', task: 'session-0', text }] : lines,
    // The third crash comes eight minutes after the first.
    tell: { rule: 'crash-loop', key: 'session', severity: 'critical' as const, within: 10 },
    most: 8,
  })),
  {
    name: 'a single fatal line',
    change: once({
      service: 'billing',
      task: 'billing-0',
      text: '{"level":"fatal","message":"cannot open the ledger"}',
    }),
    tell: { rule: 'fatal-line', key: 'billing', severity: 'critical', within: 2 },
    most: 2,
  },
  {
    name: 'payments are declined',
    change: (lines) => [
      ...lines,
      ...times(8, { service: 'billing', task: 'billing-0', text: '{"level":"error","message":"card was declined"}' }),
    ],
    tell: { rule: 'payment-declined', key: 'billing', severity: 'warning', within: 2 },
    most: 8,
  },
  {
    name: 'one address tries passwords',
    change: (lines) => [...lines, ...times(60, webLine(3, 401, '198.51.100.7'))],
    tell: { rule: 'auth-failures', key: 'web|198.51.100.7', severity: 'warning', within: 2 },
    most: 8,
  },
  {
    name: 'a service falls silent: task-api',
    change: (lines) => lines.filter(({ service }) => service !== 'task-api'),
    // A quarter of an hour, two minutes of lateness, and the sweep.
    tell: { rule: 'no-logs', key: 'task-api', severity: 'warning', within: 19 },
    most: 3,
  },
  {
    name: 'a batch logs 400 errors',
    change: (lines, minute) =>
      minute < 4
        ? [
            ...lines,
            ...times(100, {
              service: 'nightly-batch',
              task: 'n-1',
              text: '{"level":"error","message":"row has no price"}',
            }),
          ]
        : lines,
    most: 3,
  },
  {
    name: 'a deploy of ten tasks',
    change: (lines, minute) =>
      minute === 0
        ? [
            ...lines,
            ...times(10, { service: 'orders', task: 'orders-0', text: 'process exited with code 143' }),
            ...times(10, { service: 'orders', task: 'orders-1', text: 'Started Application in 4.2 seconds' }),
          ]
        : lines,
    most: 0,
  },
];

/** The requests of `web` for which `fails` holds are answered with 502. */
function failing(lines: readonly LogLine[], fails: (line: LogLine, index: number) => boolean): LogLine[] {
  return lines.map((line, index) =>
    line.service === 'web' && fails(line, index) ? { ...line, text: line.text.replace(/" \d{3} /, '" 502 ') } : line,
  );
}

function once(line: LogLine) {
  return (lines: readonly LogLine[], minute: number) => (minute === 0 ? [...lines, line] : lines);
}

function times(count: number, line: LogLine): LogLine[] {
  return Array.from({ length: count }, () => line);
}
