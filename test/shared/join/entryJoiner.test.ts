import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joining } from '../../../shared/bounds.js';
import { EntryJoiner } from '../../../shared/join/entryJoiner.js';
import { Origin } from '../../../shared/line/origin.js';
import { somePlace } from '../../helpers/rows.js';

const origin = new Origin({ service: 'web', source: 'stderr' }, [['container_id', 'a']]);

interface Joined {
  readonly entries: string[];
  readonly orphans: string[];
  readonly blanks: number;
}

interface Given {
  readonly log: string;
  readonly origin?: Origin;
  readonly time?: number;
}

function join(lines: readonly (string | Given)[]): Joined {
  const { further, ...joined } = joinAndCount(lines);
  return joined;
}

/** @returns with how many lines of entries are not their first */
function joinAndCount(lines: readonly (string | Given)[]): Joined & { readonly further: number } {
  const [entries, orphans]: [string[], string[]] = [[], []];
  let blanks = 0;
  const joiner = new EntryJoiner({
    entry({ log, isContinuation }) {
      entries.push(log);
      if (isContinuation) orphans.push(log);
    },
    blank: () => blanks++,
    isAccess: ({ log }) => / HTTP\/1\.1" \d{3}/.test(log),
  });
  for (const each of lines) {
    const { log, time, origin: of = origin } = typeof each === 'string' ? { log: each } : each;
    if (/\S/.test(log)) joiner.add({ log, time, origin: of, place: somePlace }, 0);
    else joiner.addBlank(of);
  }
  joiner.end();
  return { entries, orphans, blanks, further: joiner.joined };
}

/** Each is one entry, line by line as a program prints it. */
const entries = {
  'Java, logged': `2026-11-22T16:41:37.447Z SEVERE  [main] com.shop.Checkout - checkout failed order=4
java.lang.IllegalStateException: checkout 4 failed
\tat Main.a(Main.java:2)
\tSuppressed: java.io.IOException: closed
\t\tat Main.c(Main.java:9)
Caused by: java.lang.ClassCastException: class A cannot be cast to class B
\tat Main.b(Main.java:2)
\t... 2 more`,
  'Java, uncaught': `Exception in thread "main" java.lang.IllegalStateException: checkout 4 failed
\tat com.shop.Checkout.run(Checkout.java:52)
Caused by: java.io.IOException: closed
\t... 3 more`,
  'Java, a message of several lines': `2026-11-22 16:41:37.445 [main] ERROR com.shop.Checkout - query failed
select *
from orders
java.sql.SQLException: no table
\tat com.shop.Db.run(Db.java:3)`,
  'java.util.logging': `Nov 22, 2026 4:41:02 PM com.shop.Checkout run
SEVERE: checkout failed`,
  'java.util.logging, with an exception': `Nov 22, 2026 4:41:02 PM com.shop.Checkout run
WARNING: checkout failed
java.lang.IllegalStateException: no stock
\tat com.shop.Checkout.run(Checkout.java:52)`,
  'Python, logged': `2026-11-22 16:41:36,469 ERROR billing: charge failed customer=5
Traceback (most recent call last):
  File "/app/app.py", line 6, in <module>
    if i%20==5: {}['missing-%d'%i]
                ~~^^^^^^^^^^^^^^^^
KeyError: 'missing-5'`,
  'Python, chained': `Traceback (most recent call last):
  File "/srv/billing.py", line 22, in send
    raise TimeoutError("no answer")
TimeoutError: no answer

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/billing.py", line 42, in charge
    send(order)
shop.errors.GatewayError: charge is in doubt`,
  'Java, with a message of several lines, logged': `2026-11-22 16:41:02,123 ERROR [main] com.shop.Pay - charge failed
org.hibernate.JDBCConnectionException: Unable to acquire
a connection
\tat org.hibernate.A.b(A.java:1)
Caused by: java.sql.SQLException: refused,
\ttwice
by the server
\tat com.x.Y.z(Y.java:3)`,
  'Django, a request that failed': `Internal Server Error: /orders
Traceback (most recent call last):
  File "/app/views.py", line 3, in pay
    charge()
KeyError: 'card'`,
  "Rust's tracing, over several lines": `  2026-11-22T16:41:37.447Z ERROR shop::pay: no stock
    at src/pay.rs:12
    in shop::pay::charge with order: 7`,
  'Python, a group': `  + Exception Group Traceback (most recent call last):
  |   File "/app/a.py", line 3, in <module>
  | ExceptionGroup: two failed (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: a
    +---------------- 2 ----------------
    | TypeError: b
    +------------------------------------`,
  'Python, a group of one': `  + Exception Group Traceback (most recent call last):
  |   File "/app/a.py", line 3, in <module>
  | ExceptionGroup: one failed (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: a
    +------------------------------------`,
  'Python, the words of a database': `ERROR:app:query failed
Traceback (most recent call last):
  File "/app/a.py", line 3, in run
psycopg2.errors.UndefinedTable: relation "orders" does not exist
LINE 1: SELECT * FROM orders
                      ^
HINT:  There is another.

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/b.py", line 3, in run
sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "orders" does not exist
LINE 1: SELECT * FROM orders
                      ^

[SQL: SELECT * FROM orders]
[parameters: {'a': 1}]
(Background on this error at: https://sqlalche.me/e/20/f405)`,
  'Python, what pydantic refuses': `Traceback (most recent call last):
  File "/app/a.py", line 3, in run
pydantic_core._pydantic_core.ValidationError: 2 validation errors for Order
name
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.5/v/missing
price.amount
  Input should be a valid integer [type=int_type, input_value='x', input_type=str]
    For further information visit https://errors.pydantic.dev/2.5/v/int_type`,
  'Python, chained behind a message of several lines': `Traceback (most recent call last):
  File "/app/a.py", line 3, in run
ValueError: one
two

three

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/b.py", line 3, in run
KeyError: 'x'`,
  'Python, a message that could not be logged': `--- Logging error ---
Traceback (most recent call last):
  File "/usr/lib/python3.11/logging/__init__.py", line 1110, in emit
TypeError: not all arguments converted during string formatting
Call stack:
  File "/app/a.py", line 3, in run
    logging.info("a", 1)
Message: 'a'
Arguments: (1,)`,
  'Go, a panic': `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.(*Stock).Reserve(0xc000012018, 0x5)
\t/app/stock.go:9 +0x1d
main.main()
\t/app/main.go:9 +0x1d
exit status 2`,
  'Go, a deadlock': `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [chan receive]:
main.main()
\t/app/main.go:5 +0x1d`,
  'Go, a handler that panicked': `2026/11/22 16:41:02 http: panic serving 10.0.0.1:4711: no stock
goroutine 19 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1801 +0x147
created by net/http.(*Server).Serve in goroutine 1
\t/usr/local/go/src/net/http/server.go:3000 +0x1`,
  "Go, zap's calls": `2026-11-28T09:41:02.124Z\tERROR\tapp/main.go:12\tno stock\t{"order": 7}
main.(*Stock).Reserve
\t/app/main.go:12
runtime.goexit
\t/usr/local/go/src/runtime/asm_amd64.s:1598`,
  'Go, calls below a bare message': `no stock
github.com/acme/shop.Reserve
\t/app/shop/stock.go:12
main.main
\t/app/main.go:20`,
  'Go, a panic that gin recovered': `2026/11/28 09:41:02 [Recovery] 2026/11/28 - 09:41:02 panic recovered:
GET /x HTTP/1.1
Host: localhost:8080
User-Agent: curl/8.0

no stock
/usr/local/go/src/runtime/panic.go:884 (0x43b0b2)
\tgopanic: done = runOpenDeferDefer(gp._defer)
/app/main.go:12 (0x7d2e2f)
\tmain.func1: panic("no stock")`,
  '.NET console': `crit: Shop.Services.StockService[0]
      could not reserve stock
      System.InvalidOperationException: no stock
         at Shop.Services.StockService.Reserve() in /src/Stock.cs:line 5`,
  '.NET console, a message that begins with a level': `fail: Shop.Services.StockService[0]
      ERROR no stock
      2026-11-22 16:41:02 last seen`,
  '.NET, unhandled': `Unhandled exception. System.InvalidOperationException: no stock
 ---> System.IO.IOException: closed
   at Shop.Db.Read() in /src/Db.cs:line 3
   --- End of inner exception stack trace ---
   at Shop.Program.Main() in /src/Program.cs:line 7`,
  'Ruby, uncaught': `/app/stock.rb:4:in 'reserve': no stock (OutOfStock)
\tfrom /app/stock.rb:9:in 'block in run'
\tfrom /app/stock.rb:12:in '<main>'`,
  'Ruby, frames at the margin': `E, [2026-11-22T16:41:02.123456 #7] ERROR -- : no stock (OutOfStock)
/app/stock.rb:4:in 'reserve'
/app/stock.rb:12:in '<main>'`,
  'PHP, uncaught': `PHP Fatal error:  Uncaught RuntimeException: no stock in /app/stock.php:3
Stack trace:
#0 /app/index.php(5): reserve()
#1 {main}
  thrown in /app/stock.php on line 3`,
  Laravel: `[2026-11-22 16:41:02] production.ERROR: no stock {"exception":"[object] (RuntimeException(code: 0): no stock at /app/stock.php:3)
[stacktrace]
#0 /app/index.php(5): reserve()
#1 {main}
"}`,
  'Rust, a panic': `thread 'main' panicked at src/main.rs:4:5:
index out of bounds: the len is 3 but the index is 99
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
  'Rust, a backtrace': `thread 'tokio-runtime-worker' panicked at 'called \`Option::unwrap()\` on a \`None\` value', src/main.rs:4:5
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:5:5`,
  Elixir: `16:41:02.123 [error] GenServer #PID<0.120.0> terminating
** (RuntimeError) no stock
    (shop 0.1.0) lib/shop.ex:5: Shop.reserve/1
    (stdlib 5.0) gen_server.erl:1077: :gen_server.try_handle_call/4
Last message: {:reserve, 5}
State: %{stock: 0}`,
  'Rust, anyhow': `Error: could not start

Caused by:
    0: could not read the settings
    1: No such file or directory (os error 2)`,
  'Rust, eyre': `Error: could not start

Caused by:
    No such file or directory (os error 2)

Location:
    src/main.rs:3:5`,
  'Rails, with tags': `F, [2026-11-22T16:41:02.123456 #7] FATAL -- : [shop] [0b7a]   
[shop] [0b7a] NoMethodError (undefined method 'x' for nil):
[shop] [0b7a]   
[shop] [0b7a] app/controllers/a.rb:3:in 'show'`,
  'Java, a thread of a dump': `"main" #1 prio=5 os_prio=0 tid=0x1 nid=0x2 waiting on condition
   java.lang.Thread.State: TIMED_WAITING (sleeping)
\tat java.lang.Thread.sleep(java.base@17/Native Method)`,
  Dart: `Unhandled exception:
Bad state: no stock
#0      main (file:///app/a.dart:2:3)
#1      _delayEntrypointInvocation.<anonymous closure> (dart:isolate-patch/isolate_patch.dart:297:19)
<asynchronous suspension>`,
  'Node.js, uncaught': `/app/index.js:3
throw Object.assign(new Error('no stock'), { code: 'EMPTY' });
^

Error: no stock
    at Object.<anonymous> (/app/index.js:3:21)
    at Module._compile (node:internal/modules/cjs/loader:1554:14) {
  code: 'EMPTY'
}

Node.js v20.20.2`,
  'Node.js, thrown by itself': `node:events:497
      throw er; // Unhandled 'error' event
      ^

Error: listen EADDRINUSE: address already in use :::3000
    at Server.listen (node:net:1817:16)
Emitted 'error' event on Server instance at:
    at emitErrorNT (node:net:1796:8) {
  code: 'EADDRINUSE'
}

Node.js v20.20.2`,
  'Node.js, a promise without a catch': `node:internal/process/promises:288
            triggerUncaughtException(err, true /* fromPromise */);
            ^

[UnhandledPromiseRejection: This error originated in a promise. The reason "x".] {
  code: 'ERR_UNHANDLED_REJECTION'
}

Node.js v20.20.2`,
  'Node.js, logged': `TypeError: x is not a function
    at /app/index.js:3:21
    at async Promise.all (index 0) {
  [cause]: {
    code: 'EMPTY'
  }
}`,
  PostgreSQL: `2026-11-22 16:41:02.123 UTC [7] ERROR:  duplicate key value violates unique constraint "orders_pkey"
2026-11-22 16:41:02.123 UTC [7] DETAIL:  Key (id)=(7) already exists.
2026-11-22 16:41:02.123 UTC [7] STATEMENT:  INSERT INTO orders
\tVALUES (7)`,
  'MySQL, a slow query': `# Time: 2026-11-22T16:41:02.123456Z
# User@Host: shop[shop] @ web [10.0.0.7]  Id:    12
# Query_time: 3.000123  Lock_time: 0.000010 Rows_sent: 1  Rows_examined: 100000
SET timestamp=1795365662;
SELECT *
FROM orders
WHERE total > 5;`,
  'indented lines': `settings of this process:
  port: 8080
  workers: 4`,
  'YAML below a head': `ERROR settings are refused:
  level: ERROR
  ERROR: 3
  ERROR_CODE: 3
  - INFO
  [a, b]
  2026-11-22: free
 port: 80`,
  'SQL below a head': `ERROR query failed:
   SELECT error, GET
     FROM orders
    WHERE day = '2026-11-22 00:00:00'`,
} as const;

describe('lines of one entry', () => {
  it.each(Object.entries(entries))('%s: all lines become one entry', (_, text) => {
    expect(join(text.split('\n'))).toEqual({ entries: [text], orphans: [], blanks: 0 });
  });

  it.each(Object.entries(entries))('%s: between two other lines it is still one entry', (_, text) => {
    const [before, after] = ['2026-11-22 16:41:01 INFO started', '2026-11-22 16:41:09 INFO order=7 accepted'];
    expect(join([before, ...text.split('\n'), after]).entries).toEqual([before, text, after]);
  });
});

it.each([
  ['containerd', (line: string) => `2026-11-22T16:41:02.123456789Z stderr F ${line}`],
  ['Docker Compose', (line: string) => `web-1  | ${line}`],
  ['a terminal', (line: string) => `\u001b[31m${line}\u001b[0m\r`],
])('lines that %s has wrapped are joined as they came', (_, wrap) => {
  const lines = entries['Java, logged'].split('\n').map(wrap);
  expect(join([...lines, wrap('2026-11-22 16:41:09 INFO done')]).entries).toEqual([
    lines.join('\n'),
    wrap('2026-11-22 16:41:09 INFO done'),
  ]);
});

describe('indented lines that are entries of their own', () => {
  it.each([
    '    2026-11-28T09:41:02.124Z [ERROR] agent: worse',
    ' 2026-11-28 09:41:03 ERROR boom',
    ' 2026/11/28 09:41:03 boom',
    ' [2026-11-28 09:41:02 +0000] [7] [ERROR] boom',
    ' ERROR boom',
    '\tERROR boom',
    '    WARNING: disk nearly full',
    ' ERROR: boom',
    '  [warn] boom',
    '  [ERROR] boom',
    ' ✓ Ready in 200ms',
    ' ⨯ Error: boom',
    ' ⚠ Port 3000 is in use',
    ' GET / 200 in 12ms',
    '  10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 5',
  ])('%j', (line) => {
    for (const before of ['INFO started', 'ERROR no stock', 'words', 'Error: a\n    at a (/a.js:1:2)']) {
      expect(join([...before.split('\n'), line]).entries.sort()).toEqual([before, line].sort());
    }
    expect(join([line])).toEqual({ entries: [line], orphans: [], blanks: 0 });
  });

  it('are continued as others are', () => {
    const lines = [' ⨯ Error: boom', '    at a (/a.js:1:2)'];
    expect(join(['words', ...lines]).entries).toEqual(['words', lines.join('\n')]);
  });
});

it('lets an access line go past a trace that goes on behind it', () => {
  const access = 'INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK';
  for (const [name, text] of Object.entries(entries)) {
    const lines = text.split('\n');
    if (lines.length < 4 || !/Python|Go|Java/.test(name)) continue;
    expect(join([...lines.slice(0, 3), access, ...lines.slice(3)]).entries).toEqual([access, text]);
  }
});

it('ends an entry that as many access lines went past as may do so', () => {
  const access = 'INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK';
  const [head, frame] = ['ERROR no stock', '\tat a.B.c(B.java:1)'];
  const passing = Array.from({ length: joining.maxPassing }, () => access);
  expect(join([head, ...passing, frame]).entries).toEqual([...passing, `${head}\n${frame}`]);
  expect(join([head, ...passing, access, frame]).entries).toEqual([...passing, head, access, frame]);
});

it.each([
  [
    'the streams of a container',
    '2026-11-22T16:41:02.123456789Z stdout F ',
    '2026-11-22T16:41:02.123456789Z stderr F ',
  ],
  ['two containers of Docker Compose', 'web-1  | ', 'db-1   | '],
])('parts %s by what the runtime wrote before their lines', (_, one, other) => {
  const lines = [`${one}ERROR a`, `${other}ERROR b`, `${one}\tat a.B.c(B.java:1)`, `${other}\tat d.E.f(E.java:1)`];
  expect(join(lines).entries).toEqual([`${lines[0]}\n${lines[2]}`, `${lines[1]}\n${lines[3]}`]);
});

it('keeps the blank lines of an entry that a runtime has wrapped', () => {
  const wrap = (line: string) => `2026-11-22T16:41:02.123456789Z stderr F ${line}`;
  const [first, last] = ['panic: no stock', 'goroutine 1 [running]:'].map(wrap) as [string, string];
  expect(join([first, wrap(''), last, wrap('')])).toEqual({ entries: [`${first}\n\n${last}`], orphans: [], blanks: 1 });
});

it.each(['', '2026-11-22T16:41:02.123456789Z stderr F '])(
  'parts the processes of PostgreSQL, wrapped in %j',
  (wrapper) => {
    const lines = [
      '2026-11-22 16:41:02.123 UTC [7] ERROR:  a',
      '2026-11-22 16:41:02.123 UTC [8] ERROR:  b',
      '2026-11-22 16:41:02.124 UTC [7] STATEMENT:  SELECT error',
      '\tFROM a',
      '2026-11-22 16:41:02.124 UTC [8] STATEMENT:  SELECT b',
    ].map((line) => wrapper + line);
    expect(join(lines).entries).toEqual([[lines[0], lines[2], lines[3]].join('\n'), [lines[1], lines[4]].join('\n')]);
  },
);

describe('lines that containerd has cut', () => {
  const cri = (tag: string, line: string, stream = 'stdout') =>
    `2026-11-22T16:41:02.123456789Z ${stream} ${tag} ${line}`;

  it('are put together, each stream for itself', () => {
    const lines = [
      cri('P', '{"level":'),
      cri('P', 'ERROR ', 'stderr'),
      cri('P', '"error"'),
      cri('F', 'a', 'stderr'),
      cri('F', '}'),
    ];
    expect(joinAndCount([...lines, cri('F', 'INFO b')])).toMatchObject({
      entries: [cri('F', '{"level":"error"}'), cri('F', 'ERROR a', 'stderr'), cri('F', 'INFO b')].sort(
        (a, b) => Number(a.includes('stderr')) - Number(b.includes('stderr')),
      ),
      further: 3,
    });
  });

  it('stay as they are without their rest', () => {
    expect(join([cri('F', 'INFO a'), cri('P', 'INFO b')]).entries).toEqual([cri('F', 'INFO a'), cri('P', 'INFO b')]);
    const [first, late] = [cri('P', 'INFO a'), cri('F', 'INFO b')];
    expect(
      join([
        { log: first, time: 1000 },
        { log: late, time: 1001 + joining.maxGap },
      ]).entries,
    ).toEqual([first, late]);
  });
});

describe('what the collector says of a line', () => {
  const saying = (extra: Readonly<Record<string, unknown>>) =>
    new Origin({ service: 'web', source: 'stderr' }, Object.entries(extra));
  const [head, frame] = ['ERROR no stock', '\tat a.B.c(B.java:1)'];

  it.each([
    [{}, { trace: 'x' }],
    [{ container_id: 'a' }, { container_id: 'b' }],
    [{ kubernetes: { pod_name: 'a' } }, { kubernetes: { pod_name: 'b' } }],
    [{ kubernetes_pod_id: 1 }, { kubernetes_pod_id: 2 }],
  ])('%j and %j are of two entries', (one, other) => {
    const lines = [
      { log: head, origin: saying(one) },
      { log: 'ERROR other', origin: saying(other) },
      { log: frame, origin: saying(one) },
    ];
    expect(join(lines).entries.sort()).toEqual(['ERROR other', `${head}\n${frame}`].sort());
    expect(join([lines[0] as Given, { log: frame, origin: saying(other) }])).toMatchObject({
      entries: [head, frame],
      orphans: [frame],
    });
  });

  it.each([
    [{ event_id: '1' }, { event_id: '2' }],
    [{ partial_id: '1' }, { partial_id: '2', partial_last: true }],
    [
      { offset: 1, '@timestamp': 'x' },
      { offset: 90, '@timestamp': 'y' },
    ],
  ])('%j and %j may be of one', (one, other) => {
    const lines = [
      { log: head, origin: saying(one) },
      { log: frame, origin: saying(other) },
    ];
    expect(join(lines).entries).toEqual([`${head}\n${frame}`]);
  });

  it('without end, as a number of each line, holds back no more entries than may be open', () => {
    const given = Array.from({ length: joining.maxStreams + 5 }, (_, n) => ({
      log: `line ${n}`,
      origin: saying({ n }),
    }));
    expect(join(given).entries).toEqual(given.map(({ log }) => log));
  });
});

describe('lines that are entries of their own', () => {
  it.each([
    [
      'an error below a line that states no problem',
      ['2026-11-22 16:41:01 INFO started', 'Error: no stock', '    at a (/a.js:1:2)'],
      2,
    ],
    [
      'a traceback below a line that states no problem',
      ['listening', 'Traceback (most recent call last):', '  File "a.py", line 1', 'KeyError: 1'],
      2,
    ],
    [
      'two tracebacks in a row',
      [1, 2].flatMap((key) => ['Traceback (most recent call last):', '  File "a.py", line 1', `KeyError: ${key}`]),
      2,
    ],
    [
      'what comes below a traceback, then frames of another error',
      [
        'Traceback (most recent call last):',
        '  File "a.py", line 1',
        'KeyError: 1',
        'worker 7',
        '    at a (/a.js:1:2)',
      ],
      2,
    ],
    [
      'settings below a traceback',
      ['Traceback (most recent call last):', '  File "a.py", line 1', 'KeyError: 1', 'settings:', '  port: 1'],
      2,
    ],
    [
      'an exception below an INFO of java.util.logging',
      ['Nov 22, 2026 4:41:02 PM a.B c', 'INFO: started', 'java.io.IOException: closed', '\tat a.B.c(B.java:1)'],
      2,
    ],
    [
      'a level below frames of Python',
      ['Traceback (most recent call last):', '  File "a.py", line 1', 'INFO: started'],
      2,
    ],
    ['words that look like a call of Go, without a place', ['ERROR a', 'main.f', 'settings.json', 'worker.go'], 4],
    ['a call of Go below an INFO', ['2026-11-22 16:41:01 INFO a', 'main.f', '\t/app/main.go:12'], 2],
    ['what follows a panic that gin recovered', [...entries['Go, a panic that gin recovered'].split('\n'), 'ready'], 2],
    [
      'lines of two requests of Rails',
      ['I, [2026-11-22T16:41:02.123456 #7]  INFO -- : [0b7a] started', '[0b7b] of another', '[0b7a] goes on'],
      3,
    ],
    ['two errors in a row', ['TypeError: a', '    at a (/a.js:1:2)', 'TypeError: b', '    at b (/a.js:1:2)'], 2],
    ['words at the margin below an error', ['ERROR no stock', 'retrying in 5 s', 'gave up'], 3],
    ['words, then an indented line below the last of them', ['ERROR no stock', 'settings:', '  port: 8080'], 2],
    [
      'PostgreSQL entries of two processes',
      ['2026-11-22 16:41:02.123 UTC [7] ERROR:  a', '2026-11-22 16:41:02.123 UTC [8] DETAIL:  b'],
      2,
    ],
    [
      'an indented line below an access line',
      ['10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET / HTTP/1.1" 200 5', '  indented'],
      2,
    ],
    [
      'a line below a slow query that its collector joined',
      ['# Time: 2026-11-22T16:41:02.123456Z\n# Query_time: 3.0\nSELECT 1;', 'ready'],
      2,
    ],
    ['a place and what follows it', ['listening on web:8080', 'ready'], 2],
    ['words that begin like frames', ['2026-11-22 16:41:01 ERROR a', 'at 10:00 the job starts'], 2],
  ])('%s', (_, lines, count) => {
    expect(join(lines).entries).toHaveLength(count);
  });
});

it("takes Python's syntax error, which has no heading, for an entry of its own", () => {
  const lines = ['  File "/app/a.py", line 3', '    x = = 1', '        ^', 'SyntaxError: invalid syntax'];
  expect(join(['INFO started', ...lines, 'INFO next']).entries).toEqual([
    'INFO started',
    lines.join('\n'),
    'INFO next',
  ]);
  const stack = ['INFO called by', 'Stack (most recent call last):', '  File "/app/a.py", line 3, in run', '    run()'];
  expect(join(stack).entries).toEqual(['INFO called by', stack.slice(1).join('\n')]);
});

it('keeps a continuation that opens an invocation as one entry of its own, marked', () => {
  const lines = [
    '    if i == 5: fail()',
    '  File "a.py", line 3, in run',
    '    raise KeyError(5)',
    'KeyError: 5',
    'INFO next',
  ];
  expect(join(lines)).toMatchObject({
    entries: [lines.slice(0, 4).join('\n'), 'INFO next'],
    orphans: [lines.slice(0, 4).join('\n')],
  });
});

it('counts blank lines that belong to no entry', () => {
  expect(join(['', 'INFO a', '', 'INFO b', ''])).toEqual({ entries: ['INFO a', 'INFO b'], orphans: [], blanks: 3 });
});

it('joins nothing across more than the longest gap', () => {
  const gap = joining.maxGap + 1;
  expect(
    join([
      { log: 'ERROR a', time: 1000 },
      { log: '  b', time: 1000 + gap },
    ]).entries,
  ).toHaveLength(2);
  expect(
    join([
      { log: 'ERROR a', time: 1000 },
      { log: '  b', time: 999 + gap },
    ]).entries,
  ).toHaveLength(1);
});

it('ends an entry that has as many lines as one may have', () => {
  const lines = ['ERROR a', ...Array.from({ length: joining.maxLines }, (_, index) => `  ${index}`)];
  const joined = join(lines).entries;
  expect(joined).toHaveLength(2);
  expect(joined.join('\n')).toBe(lines.join('\n'));
});

it('gives no entry more characters than one may have, those of lines that waited among them', () => {
  const rest = Array.from({ length: 9 }, (_, index) => `some ${'x'.repeat(90_000)} ${index}`);
  const part = [...rest, 'Caused by: java.lang.X: y'];
  const { entries: joined } = join([
    'ERROR: it failed',
    '  at a.b(C.java:1)',
    'Caused by: java.lang.X: z',
    ...part,
    ...part,
    ...part,
  ]);
  expect(Math.max(...joined.map(({ length }) => length))).toBeLessThanOrEqual(joining.maxCharacters + joining.maxLines);
  expect(joined.join('\n').split('some ')).toHaveLength(1 + 3 * rest.length);
});

describe('any interleaving of streams', () => {
  const texts = fc.constantFrom(
    ...Object.values(entries),
    '2026-11-22 16:41:01 INFO started',
    'order 7 accepted',
    'WARN low',
  );

  it('takes the entries of each stream apart as they were written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(texts, { maxLength: 6 }), { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (streams, picks) => {
          // A line of words below an error might be its message: a line with a time stands between all entries.
          const written = streams.map((of) => of.flatMap((text) => [text, '2026-11-22 16:41:09 INFO done']));
          const origins = streams.map(
            (_, at) => new Origin({ service: 'web', source: 'stderr' }, [['container_id', `${at}`]]),
          );
          const left = written.map((of) => of.flatMap((text) => text.split('\n')));
          const lines: Given[] = [];
          while (left.some((of) => of.length > 0)) {
            const open = left.flatMap((of, at) => (of.length > 0 ? [at] : []));
            const at = open[(picks.next().value ?? 0) % open.length] as number;
            lines.push({ log: left[at]?.shift() ?? '', origin: origins[at] as Origin });
          }
          expect(join(lines).entries.sort()).toEqual(written.flat().sort());
        },
      ),
    );
  });

  it('loses no line, whatever the lines are', () => {
    const line = fc.oneof(
      fc.constantFrom(...Object.values(entries).flatMap((text) => text.split('\n'))),
      fc.string({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        const { entries: joined, blanks, further } = joinAndCount(lines.map((log) => log.replace(/\n/g, ' ')));
        const visible = lines.map((log) => log.replace(/\n/g, ' ')).filter((log) => /\S/.test(log));
        const out = joined.flatMap((text) => text.split('\n'));
        expect(out.filter((log) => log !== '')).toEqual(visible);
        expect(out.filter((log) => log === '').length + blanks).toBe(lines.length - visible.length);
        expect(joined.length + further + blanks).toBe(lines.length);
      }),
    );
  });
});
