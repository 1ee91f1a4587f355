import type { Parsed } from '../../../line/parsed.js';
import { toEntry } from '../../entry.js';
import type { TextFormat } from '../../format.js';
import { exceptionHead, frame, markedException, traceOpening } from '../../stackTrace.js';

/**
 * A stack trace that no logger wrote: an uncaught exception of Java, Python, Node.js, .NET, Ruby, Go, Rust, Dart or Elixir. When the
 * collector did not join the trace, each of its lines arrives alone; these are error lines too, so that a trace is
 * found where the error is.
 */
export const stackTrace: TextFormat = {
  name: 'stack-trace',
  samples: [
    { of: 'Java, a stack trace line by line', line: 'Caused by: java.lang.IllegalStateException: checkout 4 failed' },
    { of: 'Java, a frame', line: '\tat com.shop.Checkout.run(Checkout.java:52)' },
    { of: 'Python, a traceback line by line', line: "KeyError: 'missing-5'" },
    {
      of: 'Java, an uncaught exception',
      line: 'Exception in thread "main" java.lang.IllegalStateException: checkout 4 failed\n\tat com.shop.Checkout.run(Checkout.java:52)\nCaused by: java.io.IOException: closed\n\t... 3 more',
    },
    {
      of: 'Python, an uncaught exception',
      line: 'Traceback (most recent call last):\n  File "/app/billing.py", line 7, in charge\n    prices[sku]\nKeyError: \'missing-5\'',
    },
    {
      of: 'Rust, a panic',
      line: "thread 'main' panicked at src/main.rs:4:5:\nindex out of bounds: the len is 3 but the index is 99\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    },
    {
      of: 'Dart, an uncaught exception',
      line: 'Unhandled exception:\nBad state: no stock\n#0      reserve (file:///app/stock.dart:4:3)\n#1      main (file:///app/main.dart:9:3)',
    },
    {
      of: 'Node.js, an error with properties',
      line: "Error: connect ECONNREFUSED 10.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1494:16) {\n  errno: -111,\n  code: 'ECONNREFUSED'\n}",
    },
    {
      of: 'Elixir, an uncaught exception',
      line: '** (RuntimeError) no stock\n    (shop 0.1.0) lib/stock.ex:4: Shop.Stock.reserve/1',
    },
    {
      of: 'Go, a panic',
      line: 'panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d\nexit status 2',
    },
  ],
  parse: parseStack,
};

function parseStack(line: string): Parsed | undefined {
  const isOneLine = !line.includes('\n');
  const first = isOneLine ? line : line.slice(0, line.indexOf('\n'));
  const marked = markedException(first);
  const exception = marked?.exception ?? exceptionHead.exec(first)?.[1];
  const opening = exception === undefined && traceOpening.test(first);
  if (!exception && !opening && !frame.test(first)) return undefined;
  // Of a trace that nobody joined, its heading is no error beside the one that it belongs to.
  if (isOneLine && opening && heading.test(first)) return { type: 'app', columns: { message: line }, fields: [] };
  if (!isOneLine) {
    const entry = toEntry({ message: line });
    if (entry.type === 'error') return { ...entry, columns: { ...entry.columns, level: levelOf(first) } };
  }
  if (exception) {
    const message = isOneLine ? (marked?.message ?? line) : line;
    return { type: 'error', columns: { level: 'error', message, exception }, fields: [] };
  }
  if (opening) return { type: 'error', columns: { level: levelOf(first), message: line }, fields: [] };
  return { type: 'error', columns: { message: line }, fields: [] };
}

const heading = /^(?:Stack trace:|\[stacktrace\]|stack backtrace:)$/;

/** Go ends the process after a panic that nobody recovered, Rust only the thread: https://go.dev/ref/spec#Handling_panics */
function levelOf(first: string): 'fatal' | 'error' {
  return /^(?:panic|fatal error): /.test(first) ? 'fatal' : 'error';
}
