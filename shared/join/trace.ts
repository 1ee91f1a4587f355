import { goPlace } from '../parse/stackTrace.js';

/**
 * What runtimes print over several lines, and how such a text goes on. Lines that begin with a space or tab continue any text,
 * so only those that begin at the margin are told apart here. Every expression is anchored and bounded.
 */
export interface Trace {
  /** What has been printed so far decides what may come next. */
  readonly kind: TraceKind;
  /** Lines since the trace began, its first one included. */
  readonly length: number;
  /** Set when the trace has said all that it must: only what names it again may still follow. */
  readonly isComplete: boolean;
  /** It is printed below the line that says what went wrong, as logging an exception does; else it is an entry of its own. */
  readonly isThrown: boolean;
}

type TraceKind =
  | 'python'
  | 'pythonLogging'
  | 'go'
  | 'goCalls'
  | 'goRecovered'
  | 'rust'
  | 'rustInline'
  | 'rustError'
  | 'dart'
  | 'node'
  | 'elixir'
  | 'php'
  | 'slowQuery'
  | 'javaUtilLogging'
  | 'dotnet';

/** The trace that a line begins, at the start of an entry or within one; undefined for any other line. */
export function traceBegunBy(line: string): Trace | undefined {
  // Asked of every line of text, and hardly ever true.
  if (!begins.test(line) && !hasLastWord(line) && !line.includes(EXCEPTION_MEMBER)) return undefined;
  for (const kind of kindNames) {
    if (kinds[kind].begins?.test(line) || kinds[kind].isBegunWithin?.(line)) return beginning(kind);
  }
  return undefined;
}

function hasLastWord(line: string): boolean {
  return line.endsWith(TERMINATING) || line.endsWith(RECOVERED);
}

function beginning(kind: TraceKind): Trace {
  return { kind, length: 1, isComplete: false, isThrown: kinds[kind].isThrown ?? false };
}

/** The trace that a further line stands in, when its beginning is elsewhere: a frame of Python's, whose end is at the margin. */
export function traceAround(line: string): Trace | undefined {
  // Asked of the first line of every entry: of most, their first character tells.
  const first = line.charCodeAt(0);
  if (first !== SPACE && first !== TAB && first !== UPPER_C) return undefined;
  if (/^ {2,4}File "[^"]{0,400}", line \d+/.test(line)) return beginning('python');
  if (line === CAUSES) return beginning('rustError');
  return goPlace.test(line) ? beginning('goCalls') : undefined;
}

/** The trace with one more line, which begins at the margin; undefined when the line is no part of it. */
export function traceWith(trace: Trace, line: string): Trace | undefined {
  const { goesOn, ends, mayFollow } = kinds[trace.kind];
  const length = trace.length + 1;
  if (!trace.isComplete && ends?.(line, trace)) return { ...trace, length, isComplete: true };
  if (!trace.isComplete && goesOn?.(line, trace)) return { ...trace, length };
  return mayFollow?.test(line)
    ? { ...trace, length, isComplete: again.test(line) ? false : trace.isComplete }
    : undefined;
}

interface Kind {
  /**
   * Anchored: looked for at every place of every line, it would take longer than all else that is asked of the line. Without
   * it, the trace is only told by what is in it.
   */
  readonly begins?: RegExp;
  /** Whether a line whose start does not tell begins the trace. */
  readonly isBegunWithin?: (line: string) => boolean;
  readonly isThrown?: true;
  /** Whether a line at the margin is inside the trace. */
  readonly goesOn?: (line: string, trace: Trace) => boolean;
  /** Whether it is the last that the trace must have. */
  readonly ends?: (line: string, trace: Trace) => boolean;
  /** What may come at any time, also behind the end. */
  readonly mayFollow?: RegExp;
}

const TAB = 9;
const SPACE = 32;
const UPPER_C = 67;
/** Above the causes of an error of anyhow or eyre. */
const CAUSES = 'Caused by:';
/** Of Elixir's `GenServer Shop.Cart terminating`. */
const TERMINATING = 'terminating';
/** Of gin's `[Recovery] 2026/11/22 - 16:41:02 panic recovered:`. */
const RECOVERED = 'panic recovered:';
const recoveredPlace = /^\S{1,400}\.(?:go|s):\d{1,7} \(0x[\da-f]{1,16}\)$/;
/** Of Monolog's context. */
const EXCEPTION_MEMBER = '{"exception":"[object] (';

/** Whether a line at the margin below Python's frames names the exception. */
function namesThrown(line: string): boolean {
  return namesException.test(line) && !statesLevel.test(line);
}

const namesException = /^[A-Za-z_][\w.]{0,200}(?:: |:?$)/;
const statesLevel = /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)\b/;

/** A chained exception prints a whole traceback of its own. */
const again = /^(?:During handling of the above exception, |The above exception was the direct cause )/;
const traceback = /^Traceback \(most recent call last\):/;

const kinds: Readonly<Record<TraceKind, Kind>> = {
  /** Frames are indented; the first line at the margin names the exception. https://docs.python.org/3/library/traceback.html */
  python: {
    begins: /^(?: {2}\+ Exception Group )?Traceback \(most recent call last\):/,
    isThrown: true,
    // A group ends in a line of its own; what it holds is indented.
    ends: (line) => namesThrown(line) || /^\s{1,80}\+-{9,80}$/.test(line),
    goesOn: (line) => traceback.test(line),
    // The database's words below an error of SQLAlchemy's or psycopg's are lines of its message.
    mayFollow:
      /^(?:During handling of the above exception, another exception occurred:|The above exception was the direct cause of the following exception:|LINE \d+: |(?:DETAIL|HINT|CONTEXT): |\[(?:SQL|parameters): |\(Background on this error at: )/,
  },
  /** A message that could not be put together. https://docs.python.org/3/library/logging.html#logging.Handler.handleError */
  pythonLogging: {
    begins: /^--- Logging error ---$/,
    goesOn: (line) => traceback.test(line) || /^(?:Call stack:$|Message: )/.test(line) || namesThrown(line),
    ends: (line) => /^Arguments: /.test(line),
  },
  /** Calls stand at the margin, their places behind a tab. https://pkg.go.dev/runtime/debug#PrintStack */
  go: {
    begins: /^(?:panic: |fatal error: |goroutine \d+ (?:gp=|\[)|runtime: goroutine stack exceeds)/,
    mayFollow:
      /^(?:goroutine \d+ |\[signal |[\w/*()[\]{}·~%-]{1,300}\.[\w.*()[\]{}·~%-]{1,300}\(.{0,2000}\)$|created by \S|exit status \d+$|panic\(|\.\.\.|\[?(?:r[a-z0-9]{1,4}|[cfg]s|rflags|rip) +0x|fatal error: |runtime stack:|panic: |stack: )/,
  },
  /** Calls without a heading, behind an entry: only their places tell them. */
  goCalls: {},
  /** gin's request, message and stack of a panic. https://pkg.go.dev/github.com/gin-gonic/gin#Recovery */
  goRecovered: {
    isBegunWithin: (line) => line.endsWith(RECOVERED),
    goesOn: (line, { length }) => length <= 100 && !/^(?:\[GIN|\d{4}[-/]\d\d[-/]\d\d)/.test(line),
    ends: (line) => recoveredPlace.test(line),
    mayFollow: recoveredPlace,
  },
  /** The message follows the place, since Rust 1.73. */
  rust: {
    begins: /^thread '[^']{0,200}' (?:\(\d+\) )?panicked at \S{1,400}:$/,
    goesOn: (_line, { length }) => length === 1,
    mayFollow: /^(?:note: |stack backtrace:$)/,
  },
  /** Before 1.73 it stood on the same line. */
  rustInline: {
    begins: /^thread '[^']{0,200}' (?:\(\d+\) )?panicked at '/,
    mayFollow: /^(?:note: |stack backtrace:$)/,
  },
  /** The causes of an error of anyhow or eyre are indented. https://docs.rs/anyhow, https://docs.rs/eyre */
  rustError: { mayFollow: /^(?:Location:|Stack backtrace:|note: .{1,300})$/ },
  /** https://api.dart.dev/dart-core/StackTrace-class.html */
  dart: {
    begins: /^Unhandled exception:$/,
    goesOn: (_line, { length }) => length === 1,
    mayFollow: /^(?:#\d+ |<asynchronous suspension>$)/,
  },
  /** The place, the line of code, a caret, the error with its properties in braces, and the version of Node.js. */
  node: {
    begins: /^(?:(?:file:\/\/)?(?:[A-Za-z]:)?[^\s:]{1,400}\.[cm]?[jt]sx?|node:[\w/]{1,200}):\d{1,7}$/,
    goesOn: (line, { length }) =>
      length === 1 || (length <= 5 && (namesError.test(line) || /^\[[A-Z]\w{2,80}: /.test(line))),
    mayFollow: /^(?:\^+$|Node\.js v\d|Emitted '[^']{1,80}' event |\(Use `node --trace)/,
  },
  /** What a process that ends says of itself. https://hexdocs.pm/logger/Logger.html */
  elixir: {
    begins: /^\*\* \([A-Z]/,
    isBegunWithin: (line) => /\bterminating$/.test(line),
    mayFollow:
      /^(?:\*\* \(|(?:Last message|State|Initial Call|Ancestors|Message Queue Length|Messages|Links|Dictionary|Trapping Exits|Status|Heap Size|Stack Size|Reductions|Start Call|Function|Args|Client)\b.{0,40}:)/,
  },
  /** https://www.php.net/manual/en/throwable.gettraceasstring.php; frameworks print `[stacktrace]` in brackets. */
  php: {
    isThrown: true,
    begins: /^(?:(?:PHP )?Stack trace:$|\[stacktrace\]$|(?:PHP )?Fatal error: {1,2}Uncaught )/,
    isBegunWithin: (line) => line.includes(EXCEPTION_MEMBER),
    mayFollow:
      /^(?:#\d+ |\[stacktrace\]$|\[previous exception\] |(?:PHP )?Stack trace:$|PHP {1,4}\d+\. |Next [A-Z]|"\} ?$|thrown in )/,
  },
  /** The slow query log: comments, then the statement. https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html */
  slowQuery: {
    begins: /^# (?:Time: \d|User@Host: )/,
    // A statement may begin its lines with anything but the time of the next entry.
    goesOn: (line) => !endsStatement(line) && !/^\[?\d{4}-\d\d-\d\d[T ]/.test(line),
    ends: endsStatement,
  },
  /** java.util.logging's own two lines: time, class and method, then level and message. */
  javaUtilLogging: {
    begins: /^[A-Z][a-z]{2} \d\d?, \d{4} \d\d?:\d\d:\d\d [AP]M \S+(?: \S+)?$/,
    ends: (line, { length }) => length === 1 && /^(?:SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /.test(line),
  },
  /** The console logger puts the message below its head, whatever that begins with. https://learn.microsoft.com/dotnet/core/extensions/console-log-formatter */
  dotnet: {
    begins: /^(?:trce|dbug|info|warn|fail|crit): \S{1,300}\[\d{1,10}\]$/,
    goesOn: (line) => line.startsWith('      '),
  },
};

const kindNames = Object.keys(kinds) as TraceKind[];
const begins = new RegExp(kindNames.flatMap((kind) => kinds[kind].begins?.source ?? []).join('|'));

/** `java.lang.IllegalStateException: no stock`, `TypeError: x is not a function`: what stands above frames, at the margin. */
export const namesError =
  /^(?:Uncaught )?(?:[A-Za-z_$][\w$]*[./\\]|[A-Za-z_$][\w$]*::){0,20}(?:[A-Z][\w$]{0,100})?(?:Error|Exception|Throwable|Exit|Interrupt|Fault)\b(?:$|[:( [])/;

/** Statements that only prepare the one that was slow do not end the entry. */
function endsStatement(line: string): boolean {
  return line.endsWith(';') && !/^(?:SET timestamp|use )/i.test(line);
}
