import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitTrace } from '../../../shared/parse/stackTrace.js';
import { messages } from '../../helpers/formats.js';
import { isLinear } from '../../helpers/linear.js';

/** A trace as its language prints it, its exception, and the exception's message. */
const traces: [language: string, trace: string, exception: string | undefined, message: string][] = [
  [
    'Java',
    'java.lang.IllegalStateException: no\nstock\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: closed\n\t... 2 more',
    'java.lang.IllegalStateException',
    'no\nstock',
  ],
  [
    'Java, uncaught',
    'Exception in thread "main" java.lang.NullPointerException\n\tat a.B.c(B.java:1)',
    'java.lang.NullPointerException',
    'java.lang.NullPointerException',
  ],
  [
    'Python',
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\n    ~^^\nshop.OutOfStock: no\nstock',
    'shop.OutOfStock',
    'no\nstock',
  ],
  [
    'Python, while another was handled',
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: \'a\'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "a.py", line 3, in g\nKeyboardInterrupt',
    'KeyboardInterrupt',
    'KeyboardInterrupt',
  ],
  [
    'Python, a group',
    '  + Exception Group Traceback (most recent call last):\n  |   File "a.py", line 1, in f\n  | ExceptionGroup: two (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n    | ValueError: 1',
    'ExceptionGroup',
    'two (2 sub-exceptions)',
  ],
  ['Node.js', 'TypeError: no stock\n    at f (file:///a.mjs:4:9)\n    at async g', 'TypeError', 'no stock'],
  [
    'Node.js, uncaught',
    "/app/a.mjs:4\n    throw new Error('no');\n    ^\n\nError: no stock\n    at f (file:///a.mjs:4:9)\n\nNode.js v20.20.0",
    'Error',
    'no stock',
  ],
  [
    '.NET, uncaught',
    'Unhandled exception. System.Exception: no stock\n ---> System.IO.IOException: closed\n   at Db.Open()\n   --- End of inner exception stack trace ---\n   at Shop.Run() in /src/Shop.cs:line 52',
    'System.Exception',
    'no stock',
  ],
  [
    'Ruby, uncaught',
    "/app/stock.rb:4:in 'reserve': no stock (Shop::OutOfStock)\n\tfrom /app/main.rb:9:in '<main>'",
    'Shop::OutOfStock',
    'no stock',
  ],
  ['Go', 'panic: no stock\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d', 'panic', 'no stock'],
  [
    'Dart',
    'Unhandled exception:\nFormatException: no\n#0      parse (package:shop/a.dart:2:3)\n#1      main (file:///a.dart:2:3)',
    'FormatException',
    'no',
  ],
  [
    'Elixir',
    '** (RuntimeError) no\n    (shop 0.1.0) lib/stock.ex:4: Shop.Stock.reserve/1\n    lib/a.exs:1: (file)',
    'RuntimeError',
    'no',
  ],
  ['PHP', 'Uncaught RuntimeException: no in /a.php:3\nStack trace:\n#0 {main}', 'RuntimeException', 'no in /a.php:3'],
];

describe.each(traces)('a trace of %s', (_, trace, exception, message) => {
  it('names its exception, whose message stands in for one', () => {
    expect(splitTrace(trace)).toEqual({ message, stack: trace, exception });
  });

  it('is parted from any message before it', () => {
    fc.assert(
      fc.property(messages, (said) => {
        const parted = splitTrace(`${said}\n${trace}`);
        expect(parted).toMatchObject({ exception });
        expect(parted?.message.startsWith(said)).toBe(true);
        expect(trace.endsWith(parted?.stack ?? '-') || parted?.stack === `${said}\n${trace}`).toBe(true);
      }),
    );
  });
});

it.each([
  [
    "thread 'main' panicked at src/main.rs:4:5:\nno stock\nof 7\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    'no stock\nof 7',
  ],
  [
    "thread 'main' (7) panicked at src/main.rs:4:5:\nno\nstack backtrace:\n   0: main\n             at ./src/main.rs:4:5",
    'no',
  ],
  ["thread '<unnamed>' panicked at 'no', src/main.rs:4:5\nnote: run with `RUST_BACKTRACE=1`", 'no'],
])('a panic of Rust, %j, says %j', (text, message) => {
  expect(splitTrace(text)).toEqual({ message, stack: text, exception: 'panic' });
});

it('an exception of Dart may have no type', () => {
  const text = 'Unhandled exception:\nBad state: no\n#0      main (file:///a.dart:2:3)';
  expect(splitTrace(text)).toEqual({ message: 'Bad state: no', stack: text });
});

it("Python's syntax error names its exception behind a message too", () => {
  const text = 'import failed\n  File "/a.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax';
  expect(splitTrace(text)).toEqual({ message: 'import failed', stack: text, exception: 'SyntaxError' });
});

it("Go's first call belongs to the calls, not to the message", () => {
  const stack = 'main.(*Stock).Reserve\n\t/app/stock.go:12\nruntime.goexit\n\t/go/asm_amd64.s:1598';
  expect(splitTrace(`no stock\n${stack}`)).toEqual({ message: 'no stock', stack });
  expect(splitTrace(stack)).toMatchObject({ stack });
});

it('a panic that gin recovered says what it says below the request', () => {
  const request = 'GET /x HTTP/1.1\nHost: a\n\n';
  for (const dump of ['', request]) {
    const text = `[Recovery] panic recovered:\n${dump}no stock\n/app/main.go:12 (0x7d2e2f)\n\tmain.f: panic("no stock")`;
    expect(splitTrace(text)).toEqual({ message: 'no stock', stack: text, exception: 'panic' });
  }
});

it.each([
  [
    'thrown by Node.js itself',
    "node:internal/modules/cjs/loader:1080\n  throw err;\n  ^\n\nError: Cannot find module '/app/x.js'\n    at Module._load (node:internal/modules/cjs/loader:1077:15)\n\nNode.js v20.10.0",
    'Error',
    "Cannot find module '/app/x.js'",
  ],
  [
    'a promise without a catch',
    'node:internal/process/promises:288\n            trigger(err);\n            ^\n\n[UnhandledPromiseRejection: reason "x".] {\n  code: \'ERR\'\n}\n\nNode.js v20.10.0',
    'UnhandledPromiseRejection',
    'reason "x".',
  ],
  ['a text that was thrown', "/app/a.js:1\nthrow 'no stock'\n^\nno stock\n\nNode.js v20.10.0", undefined, 'no stock'],
  ['an error with a code', 'TypeError [ERR_X]: no stock\n    at f (/a.js:1:2)', 'TypeError', 'no stock'],
  ['a code alone', 'AggregateError [ECONNREFUSED]: \n    at f (/a.js:1:2)', 'AggregateError', 'AggregateError'],
  [
    "Python's syntax error",
    '  File "/a.py", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax',
    'SyntaxError',
    'invalid syntax',
  ],
  [
    'a message that Python could not log',
    '--- Logging error ---\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nTypeError: no\nCall stack:\n  File "b.py", line 1, in g\nMessage: \'a\'\nArguments: (1,)',
    'TypeError',
    'no',
  ],
])('%s is no message of the program', (_, text, exception, message) => {
  expect(splitTrace(text)).toEqual({ message, stack: text, ...(exception && { exception }) });
});

it('a message that names its exception belongs to the trace', () => {
  const text = 'order 7 failed: Error: no stock\n    at f (a.js:1:1)';
  expect(splitTrace(text)).toEqual({ message: 'order 7 failed: Error: no stock', stack: text, exception: 'Error' });
});

it.each(['', 'one line', 'Error: one line', 'two\nlines', 'panic: over\nnothing', 'KeyError: a\nb'])(
  '%j has no trace',
  (text) => {
    expect(splitTrace(text)).toBeUndefined();
  },
);

it.each([
  '"main" #1 prio=5 os_prio=0 tid=0x1 nid=0x2 runnable\n   java.lang.Thread.State: RUNNABLE\n\tat a.B.c(B.java:1)',
  '"worker-1" #12 [23] daemon prio=5\n\tat a.B.c(B.java:1)',
])('a thread of a dump, %j, has failed in nothing', (text) => {
  expect(splitTrace(text)).toBeUndefined();
});

it('is linear on hostile text', () => {
  const starts = [
    '',
    'a\n',
    'Error: a\n\tat b:1\n',
    'Traceback (most recent call last):\n',
    '  + Exception Group Traceback\n  |   File "a", line 1\n',
    'panic: a\ngoroutine 1 [a]\n',
    "thread 'main' panicked at a.rs:1:2:\n",
    "thread '",
    '** (',
    'node:a:1\na\n^\n',
    'panic recovered:\n',
    'node:a:1\na\n^\n\n[A: ',
    '  File "a", line 1\n',
  ];
  const pieces = [
    '\n',
    ' ',
    'a',
    'A',
    '\n ',
    '\n  File "',
    '\n  | A',
    '\n  File "a", line 1',
    ' (A::A',
    'a.',
    'Error',
    '\tat a',
    '\n\tat a:1',
    ' from :1',
    '\n#0 a(1',
    '/a:1:in ',
    "x:1:in '",
    ' (A) (',
    '[(A',
    '\n---> ',
    '\n** (A',
    '\n    (a 1) a.ex:1: ',
    '\nnote: ',
    '\npanic recovered:\n',
    '\na.b\n\t/a.go:1',
  ];
  for (const start of starts) {
    for (const piece of pieces) {
      for (const end of ['', '\n\tat b:1']) {
        const linear = isLinear((times) => splitTrace(start + piece.repeat(times) + end), 100_000);
        expect({ start, piece, end, linear }).toEqual({ start, piece, end, linear: true });
      }
    }
  }
});
