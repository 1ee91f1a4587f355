import { type Incident, lines, once } from './incident.js';

const leaks = [
  [
    'Node',
    '\n<--- Last few GCs --->\n\n[1:0x5f0c0a0]    81000 ms: Mark-Compact 2047.2 (2083.9) -> 2046.9 (2084.1) MB, 1250.0 / 0.0 ms  (average mu = 0.12) allocation failure; scavenge might not succeed\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ],
  [
    'the JVM',
    'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat com.shop.Cart.load(Cart.java:42)',
  ],
  [
    'a thread of the JVM',
    '{time} ERROR 1 --- [nio-8080-exec-3] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() threw exception\njava.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat com.shop.Orders.list(Orders.java:71)',
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in <module>\n    x = [0] * n\nMemoryError',
  ],
  [
    'PHP',
    'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /app/cart.php on line 31',
  ],
  ['Rust', 'memory allocation of 8589934592 bytes failed'],
  [
    'Go',
    'fatal error: runtime: out of memory\n\nruntime stack:\nruntime.throw({0x4c1f5e, 0x16})\n\t/usr/local/go/src/runtime/panic.go:1023 +0x5c',
  ],
  [
    'what the kernel kills',
    'Out of memory: Killed process 31 (node) total-vm:2012345kB, anon-rss:1012345kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:4321kB oom_score_adj:0',
  ],
] as const;

const crashes = [
  [
    'the JVM',
    'Exception in thread "main" java.lang.IllegalStateException: no ledger\n\tat com.shop.Main.main(Main.java:7)',
  ],
  [
    'Node',
    "/app/cart.js:7\n  throw new Error('no ledger');\n  ^\n\nError: no ledger\n    at load (/app/cart.js:7:9)\n\nNode.js v20.19.0",
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "/app/main.py", line 3, in <module>\n    run()\n  File "/app/main.py", line 2, in run\n    open("ledger")\nFileNotFoundError: [Errno 2] No such file or directory: \'ledger\'',
  ],
  [
    'Go',
    'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45f2c1]\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:7 +0x1d\nexit status 2',
  ],
  ['Ruby', "/app/main.rb:3:in 'Object#run': no ledger (RuntimeError)\n\tfrom /app/main.rb:6:in '<main>'"],
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
  ['gunicorn', '[{gunicorn}] [1] [ERROR] Worker (pid:31) was sent SIGKILL! Perhaps out of memory?'],
  ['supervisord', '{time} WARN exited: api (exit status 1; not expected)'],
  ['a shell', '/entrypoint.sh: line 12:    31 Killed                  node server.js'],
] as const;

/** What becomes of programs. */
export const programIncidents: readonly Incident[] = [
  ...leaks.map(
    ([runtime, text]): Incident => ({
      name: `a leak ends ${runtime}`,
      change: once('orders', text),
      tell: { alert: /^(out-of-memory|fatal-line) orders/, severity: 'critical', within: 2 },
      most: 8,
    }),
  ),
  ...crashes.map(
    ([runtime, text]): Incident => ({
      name: `crashes every four minutes: ${runtime}`,
      change: (minute) => [...minute.quiet, ...(minute.number % 4 === 0 ? lines(minute, 1, 'session', text) : [])],
      // The third crash comes eight minutes after the first.
      tell: { alert: /session/, severity: 'critical', within: 10 },
      most: 8,
    }),
  ),
  {
    name: 'a program that starts every 30 seconds and dies without a word',
    change: (minute) => [
      ...minute.quiet,
      ...lines(minute, 2, 'search', 'time={time} level=INFO msg="listening on :8080"'),
    ],
    // What is over within a quarter of an hour may be a deployment.
    tell: { alert: /^restart-loop search/, severity: 'warning', within: 20 },
    most: 8,
  },
  {
    name: 'a single fatal line',
    change: once('billing', '{time} CRITICAL billing.ledger: cannot open the ledger'),
    tell: { alert: /^fatal-line billing/, severity: 'critical', within: 2 },
    most: 2,
  },
  {
    name: 'an error an hour that nobody has seen before',
    change: once('task-api', '{time} ERROR tasks: owner of task {id} was deleted'),
    tell: { alert: /^new-error task-api/, severity: 'info', within: 20 },
    most: 2,
  },
  {
    name: '5,000 new errors',
    change: (minute) => [
      ...minute.quiet,
      ...(minute.number < 10
        ? Array.from({ length: 500 }, (_, index) =>
            lines(
              minute,
              1,
              'stock',
              `{"@t":"{iso}","@mt":"rule ${word(minute.number * 500 + index)} of the price list is void","@l":"Error"}`,
            ),
          ).flat()
        : []),
    ],
    lasts: 20,
    tell: { alert: /stock/, severity: 'warning', within: 5 },
    most: 8,
  },
  {
    name: 'payments are declined, eight a minute',
    change: (minute) => [
      ...minute.quiet,
      ...lines(
        minute,
        8,
        'billing',
        '{time} ERROR billing.api: card of payment {uuid} was declined: insufficient funds',
      ),
    ],
    tell: { alert: /billing/, severity: 'warning', within: 5 },
    most: 8,
  },
  {
    name: 'declines rise slowly',
    change: (minute) => [
      ...minute.quiet,
      ...lines(
        minute,
        Math.floor(minute.number / 5),
        'billing',
        '{time} WARNING billing.api: payment {uuid}: card declined by issuer',
      ),
    ],
    tell: { alert: /billing/, severity: 'warning', within: 25 },
    most: 8,
  },
];

/** Words of their own, which no fingerprint takes for a number. */
function word(number: number): string {
  return [...number.toString(26)].map((digit) => 'bcdfghjklmnpqrstvwxyzaeiou'[Number.parseInt(digit, 26)]).join('');
}
