import type { TextFormat } from '../format.js';
import type { Parsed } from '../parsed.js';

/**
 * A line that belongs to a stack trace of Python, Java, Node.js or Ruby. When the collector did not join the trace,
 * each of its lines arrives alone; these are error lines, so that a trace is found where the error is.
 */
export const stackTrace: TextFormat = {
  name: 'stack-trace',
  samples: [
    { of: 'Java, a stack trace line by line', line: 'Caused by: java.lang.IllegalStateException: checkout 4 failed' },
    { of: 'Java, a frame', line: '\tat com.shop.Checkout.run(Checkout.java:52)' },
    { of: 'Python, a traceback line by line', line: "KeyError: 'missing-5'" },
  ],
  parse: parseStackLine,
};

function parseStackLine(line: string): Parsed | undefined {
  const exception = exceptionHead.exec(line)?.[1];
  if (exception) return { type: 'error', columns: { level: 'error', message: line, exception }, fields: [] };
  if (traceStart.test(line)) return { type: 'error', columns: { level: 'error', message: line }, fields: [] };
  if (frame.test(line)) return { type: 'error', columns: { message: line }, fields: [] };
  return undefined;
}

/** The exception's type, from the first line of a Java or Node.js stack or the last of a Python traceback. */
export function exceptionOfStack(stack: string): string | undefined {
  const first = stack.slice(0, stack.indexOf('\n') >>> 0);
  const head = exceptionHead.exec(first);
  if (head) return head[1];
  if (!traceStart.test(first)) return undefined;
  return exceptionHead.exec(stack.slice(stack.trimEnd().lastIndexOf('\n') + 1))?.[1];
}

/** `java.lang.IllegalStateException: checkout 4 failed`, `KeyError: 'missing-5'`, `Caused by: …`, `Exception in thread "main" …`. */
const exceptionHead =
  /^(?:Caused by: |Suppressed: |Exception in thread "[^"]*" |Uncaught )?((?:[A-Za-z_$][\w$]*[./])*(?:[A-Z][\w$]*)?(?:Error|Exception|Exit|Interrupt|Fault|Throwable))(?:: |\s*$)/;
const traceStart = /^(?:Traceback \(most recent call last\):|goroutine \d+ \[|panic: )/;
const frame =
  /^(?:\s+at .+[):\d]$|\s+File "[^"]*", line \d+|\s+\.\.\. \d+ (?:more|common frames omitted)|\s+from .+:\d+:in )/;
