/** A text that ends in a stack trace, which the collector joined to it. */
export interface Traced {
  /** What was said before the trace; the exception's own message (or else its type) when that was nothing. */
  readonly message: string;
  /** The trace as it was logged, with the line that names the exception. */
  readonly stack: string;
  readonly exception?: string;
}

/**
 * Parts a text of several lines from its stack trace: Java's and Node.js's `\tat …`, Python's `Traceback`, Ruby's
 * `file:1:in …`, PHP's and Dart's `#0 …`, .NET's `   at …`, Go's goroutines, Rust's panics, Elixir's `** (…)`. Undefined
 * for a text without one.
 */
export function splitTrace(text: string): Traced | undefined {
  // A trace has several lines, and most texts have one.
  if (!text.includes('\n')) return undefined;
  if (text.startsWith("thread '")) return splitPanic(text);
  if (text.startsWith('"') && javaThread.test(text)) return undefined;
  const start = findTrace(text);
  if (start === undefined) return splitUncaught(text);
  const before = text.slice(0, start).trimEnd();
  const recovered = goRecovered.exec(before);
  if (recovered) return { message: recovered[1] ?? before, stack: text.trimEnd(), exception: 'panic' };
  const own = before !== '' && !noMessages.some((head) => head.test(before));
  const head = lineAt(text, start);
  // Frames without a line that names the exception: what stands before them does so.
  const stack = (own && (rubyUncaught.test(head) || !frame.test(head)) ? text.slice(start) : text).trimEnd();
  const thrown = thrownBy(stack, text.slice(start), before);
  return {
    message: own ? before : thrown.message || thrown.exception || before,
    stack,
    ...(thrown.exception && { exception: thrown.exception }),
  };
}

/** The exception's type, from the first line of a Java or Node.js stack or the last of a Python traceback. */
export function exceptionOfStack(stack: string): string | undefined {
  return (
    exceptionHead.exec(lineAt(stack, 0))?.[1] ?? (traceback.test(stack) ? pythonThrown(stack).exception : undefined)
  );
}

/** `java.lang.IllegalStateException: checkout 4 failed`, `KeyError: 'missing-5'`, `Caused by: …`, `Exception in thread "main" …`. */
export const exceptionHead =
  /^(?:Caused by: |Suppressed: |Wrapped by: |Exception in thread "[^"]*" |Unhandled exception\. |(?:Uncaught )+)?((?:[A-Za-z_$][\w$]*(?:[./\\]|::))*(?:[A-Z][\w$]*)?(?:Error|Exception|Exit|Interrupt|Fault|Throwable))(?: \[[A-Z][A-Z\d_]*\](?=:))?(?:: |(?<=\]):\s*$|(?<=\]):\n|\s*$|\n)/;

/** What stands above frames. */
export const traceOpening =
  /^(?:Traceback \(most recent call last\):|Stack \(most recent call last\):| {2}\+ Exception Group Traceback |goroutine \d+ (?:gp=|\[)|panic: |fatal error: |Stack trace:|\[stacktrace\]|stack backtrace:|Unhandled exception:(?=\n|$))/;

/** The exception that the line names, and its message where the line has that: of Elixir and of a Rust panic. Most lines are told by their first characters. */
export function markedException(line: string): { readonly exception: string; readonly message: string } | undefined {
  if (line.startsWith('** (')) {
    const exception = elixirHead.exec(line)?.[1];
    return exception === undefined ? undefined : { exception, message: line };
  }
  const panic = line.startsWith("thread '") ? rustPanic.exec(line) : null;
  return panic ? { exception: 'panic', message: panic[1] ?? line } : undefined;
}

/** `** (RuntimeError) no stock` */
const elixirHead = /^\*\* \(([A-Za-z][\w.]{0,200})(?: [^)\n]{0,200})?\) ?/;

/** The first line of a panic, with its message before Rust 1.73: https://doc.rust-lang.org/std/macro.panic.html */
const rustPanic = /^thread '[^'\n]*' (?:\(\d+\) )?panicked at (?:'([^\n]*)', )?[^\s']*:\d+:\d+:?$/;

/** A call of a stack: Java, Node.js and .NET; Python; Java's abridgement; Ruby; Go; PHP; Dart; Elixir. */
export const frame =
  /^(?:\s+at .+[)\]>:\d](?: \{)?$|\s+---> |\s+(?:\| +)?File "[^"]*", line \d+|\s+\.\.\. \d+ (?:more|common frames omitted)|\s+from .+:\d+:in |\/?[\w./@-]+:\d+:in [`']|\t\S+\.(?:go|s):\d+|[\w./@+~-]+\.(?:go|s):\d+ \(0x[\da-f]+\)$|#\d+ (?:\{main\}|\S+\(\d+\): |\[internal function\])|#\d+ +\S.* \((?:package|dart|file):|\s+(?:\([\w.]+(?: [\w.+-]+)?\) )?[\w./-]+\.(?:exs?|erl):\d+: )/;

/** The index at which the trace starts. The first line is none by itself: without frames it is but a message. */
function findTrace(text: string): number | undefined {
  let end = text.indexOf('\n');
  if (traceOpening.test(text)) return hasTrace(text, end + 1) ? 0 : undefined;
  let above = 0;
  while (end >= 0) {
    const line = lineAt(text, end + 1);
    // Go prints the place of a call below its name.
    if (isTrace(line)) return above > 0 && goPlace.test(line) && goCall.test(lineAt(text, above)) ? above : end + 1;
    above = end + 1;
    end = text.indexOf('\n', above);
  }
  return undefined;
}

/** Where a call of Go stands, below its name; what is linked to it may be assembly. */
export const goPlace = /^\t\S{1,400}\.(?:go|s):\d{1,7}(?: |$)/;
/** `main.(*Stock).Reserve`: the name as zap and pkg/errors print it, without arguments. */
export const goCall = /^[\w/.~%-]{1,300}\.[\w.()*[\]{}·-]{1,300}$/;

function hasTrace(text: string, from: number): boolean {
  for (let start = from; start > 0; start = text.indexOf('\n', start) + 1) {
    if (isTrace(lineAt(text, start))) return true;
  }
  return false;
}

function isTrace(line: string): boolean {
  return frame.test(line) || exceptionHead.test(line) || traceOpening.test(line) || elixirHead.test(line);
}

interface Thrown {
  readonly exception?: string | undefined;
  readonly message?: string | undefined;
}

function thrownBy(stack: string, trace: string, before: string): Thrown {
  if (traceback.test(trace)) return pythonThrown(withoutCallStack(trace));
  const thrown = pythonSource.test(trace) ? pythonThrown(trace) : undefined;
  if (thrown?.exception) return thrown;
  const goThrown = go.exec(trace);
  if (goThrown) return { exception: goThrown[1], message: goThrown[2] };
  if (dart.test(trace)) return dartThrown(trace);
  const elixir = elixirHead.exec(stack);
  if (elixir) return { exception: elixir[1], message: messageOf(stack, elixir[0].length) };
  if (goroutine.test(trace)) return before.includes('panic') ? { exception: 'panic' } : {};
  for (const text of [stack, trace]) {
    const head = exceptionHead.exec(text);
    if (head) return { exception: head[1], message: messageOf(text, head[0].trimEnd().length) };
  }
  const uncaught = rubyUncaught.exec(before) ?? rubyUncaught.exec(lineAt(trace, 0));
  if (uncaught) return { exception: uncaught[2], message: uncaught[1] };
  // Node.js and PHP name the exception behind what the program says, Ruby and PHP's frameworks in brackets.
  return { exception: (embedded.exec(before) ?? rails.exec(before) ?? bracketed.exec(before))?.[1] };
}

/** Node.js prints what has no frames in brackets (`[UnhandledPromiseRejection: …] {`), and what is no error as it is. */
function splitUncaught(text: string): Traced | undefined {
  const source = nodeSourceAbove.exec(text);
  if (!source) return undefined;
  const thrown = text.slice(source[0].length);
  const [, exception, message] = nodeBracketed.exec(thrown) ?? [];
  return { message: message ?? lineAt(thrown, 0), stack: text.trimEnd(), ...(exception && { exception }) };
}

/** Rust tells what happened on the lines behind the place, up to a note or the backtrace. */
function splitPanic(text: string): Traced | undefined {
  const panic = rustPanic.exec(lineAt(text, 0));
  const end = text.indexOf('\n');
  if (!panic || end < 0) return undefined;
  const stop = text.slice(end).search(behindPanic);
  const said = panic[1] ?? text.slice(end, stop < 0 ? undefined : end + stop).trim();
  return { message: said || lineAt(text, 0), stack: text.trimEnd(), exception: 'panic' };
}

/** Dart prints the exception on a line of its own, by its type or not. */
function dartThrown(trace: string): Thrown {
  const start = trace.indexOf('\n') + 1;
  const head = exceptionHead.exec(lineAt(trace, start));
  return { exception: head?.[1], message: messageOf(trace, start + (head?.[0].length ?? 0)) };
}

/** Python names the exception behind the last of the frames, with a message of any number of lines. */
function pythonThrown(stack: string): Thrown {
  const group = exceptionGroup.exec(stack);
  if (group) return { exception: group[1], message: group[2] };
  // Loguru marks the frame that caught the exception.
  const last = Math.max(stack.lastIndexOf('\n  File "'), stack.lastIndexOf('\n> File "'));
  let start = stack.indexOf('\n', last + 1) + 1;
  while (start > 0 && (stack[start] === ' ' || stack[start] === '\n')) start = stack.indexOf('\n', start) + 1;
  const rest = start > 0 ? stack.slice(start).trimEnd() : '';
  const type = pythonType.exec(rest);
  return type ? { exception: type[1], message: rest.slice(type[0].length) } : {};
}

/** Where logging a message failed, the calls that led there stand behind the exception. */
function withoutCallStack(trace: string): string {
  const start = trace.indexOf('\nCall stack:\n');
  return start < 0 ? trace : trace.slice(0, start);
}

/** The message of an exception goes on until its first frame. */
function messageOf(text: string, start: number): string {
  let end = text.indexOf('\n', start);
  while (end >= 0 && !isTrace(lineAt(text, end + 1))) end = text.indexOf('\n', end + 1);
  return text.slice(start, end < 0 ? undefined : end).trim();
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end);
}

const traceback = /^(?:Traceback|Stack \(most| {2}\+ Exception Group Traceback)/;
const pythonType = /^([A-Za-z_][\w.]*)(?:: |(?=\n)|$)/;
const exceptionGroup = /^ {2}\+ Exception Group.*?\n {2}\| ([A-Za-z_][\w.]*): ([^\n]*)/s;
/** gin prints the request between its own words and those of the panic. */
const goRecovered = /\bpanic recovered:\n(?:.*\n)*(.+)$/;
const go = /^(panic|fatal error): (.*)/;
const goroutine = /^goroutine /;
const dart = /^Unhandled exception:\n/;
/** Of a thread dump, whose frames say where a thread is and not that anything failed: `"main" #1 prio=5 os_prio=0 …`. */
const javaThread = /^"[^"\n]*" (?:#\d+ |\[\d+\] |daemon |prio=|os_prio=)/;
const behindPanic = /\n(?:note: |stack backtrace:)/;
/** The place in the source that Node.js prints above an uncaught error: the file, the line of code, a caret. */
const nodeSource = /^(?:file:\/\/|node:|[A-Za-z]:)?[^\s:]+:\d+\n[^\n]*\n[ \t]*\^+$/;
const nodeSourceAbove = /^(?:file:\/\/|node:|[A-Za-z]:)?[^\s:]+:\d+\n[^\n]*\n[ \t]*\^+\n\n?(?=\S)/;
const nodeBracketed = /^\[([A-Z]\w*): ([^\n]*)\](?: \{)?(?:\n|$)/;
/** The place of a syntax error, which has no heading. */
const pythonSource = /^ {2,4}File "[^"\n]*", line \d+/;
/** `/app/stock.rb:4:in 'reserve': no stock (OutOfStock)` */
const rubyUncaught = /^\/?[\w./@-]+:\d+:in [`'][^'\n]*': (.*) \(((?:[A-Z]\w*::)*[A-Z]\w*)\)$/s;
/** What stands before an exception without being a message of the program's. */
const noMessages = [exceptionHead, elixirHead, nodeSource, pythonSource, /^--- Logging error ---$/, rubyUncaught];
const embedded = /(?:^|[\s([])((?:[A-Za-z_][\w$]*[.\\])*(?:[A-Z]\w*)?(?:Error|Exception))(?:: |\()/;
const bracketed = /\(((?:[A-Z]\w*::)*[A-Z]\w*)\)$/;
/** Rails: `NoMethodError (undefined method 'x' for nil):`. */
const rails = /(?:^|\n)((?:[A-Z]\w*::)*[A-Z]\w*) \(.*\):$/;
