import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EntryJoiner } from '../../../shared/join/entryJoiner.js';
import { joining } from '../../../shared/limits.js';
import { Origin } from '../../../shared/line/origin.js';

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
    if (/\S/.test(log)) joiner.add({ log, time, origin: of }, 0);
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
  '.NET console': `crit: Shop.Services.StockService[0]
      could not reserve stock
      System.InvalidOperationException: no stock
         at Shop.Services.StockService.Reserve() in /src/Stock.cs:line 5`,
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
