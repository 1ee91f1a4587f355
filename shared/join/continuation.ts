/**
 * Whether a line can only continue the text before it, whatever that was: it begins with a space or tab, or with what only
 * stands inside a stack trace.
 */
export function isContinuation(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === SPACE || first === TAB ? !indentedEntry.test(line) : insideTraces.test(line);
}

/** Python indents even the first line of a group of exceptions, and Rust's tracing each entry that it prints over several lines. */
const indentedEntry =
  /^ {2}(?:\+ Exception Group Traceback|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,40} +(?:TRACE|DEBUG|INFO|WARN|ERROR)\b)/;

/**
 * Java's causes and abridged frames; JavaScript's and .NET's frames at the margin; Ruby's and PHP's; Go's goroutines;
 * the ends of Rust's, Dart's and Python's traces.
 */
const insideTraces =
  /^(?:Caused by: |Suppressed: |Wrapped by: |\.\.\. \d+ (?:more|common frames omitted)|at (?:async |new )?[^\s(]{1,300} ?\([^()]{0,400}\)$|at (?:async )?(?:file:\/\/|node:|\/|[A-Za-z]:\\)\S{1,400}:\d+$|(?:from )?[^\s:]{1,400}:\d+:in [`'][^'\n]{0,300}'$|#\d+ +\S|goroutine \d+ (?:gp=|\[)|created by \S+ in goroutine |Stack trace:$|\[stacktrace\]$|\[previous exception\] |stack backtrace:$|note: (?:run with `RUST_BACKTRACE|Some details are omitted)|<asynchronous suspension>$|During handling of the above exception, another|The above exception was the direct cause|--- End of )/;

/** A call within a trace, or what only stands between calls: what is above it was no entry of its own. */
export function isFrame(line: string): boolean {
  return frame.test(line);
}

const frame =
  /^\s*(?:at \S|(?:\| +)?File "|from \S+:\d+:in |[^\s:]{1,400}:\d+:in [`']|#\d+ |\.\.\. \d+ |Caused by: |goroutine \d+ |\(\w[^)]{0,200}\) \S+:\d+: )/;

/**
 * Whether a line is a further part of a PostgreSQL entry. Such parts have a prefix of their own, which names the same process.
 *
 * https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
export function isFurtherPart(line: string, entry: string): boolean {
  if (!line.includes(':  ') || !entry.includes(':  ')) return false;
  const part = postgresPart.exec(line);
  const head = part && postgresEntry.exec(entry);
  return head ? processOf(part[1]) === processOf(head[1]) : false;
}

const postgresPart = /^(.{0,300}?)\b(?:DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE): {2}/;
const postgresEntry = /^(.{0,300}?)\b(?:DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC): {2}/;

/** The number in brackets; the whole prefix, apart from what counts lines and milliseconds, when there is none. */
function processOf(prefix = ''): string {
  return /\[(\d+)\]/.exec(prefix)?.[1] ?? prefix.replace(/\d+/g, '#');
}

/**
 * Whether a line looks like the first of an entry: it states a time or a level, or opens with a bracket, a quote or a brace.
 * What does not may be a further line of a message.
 */
export function looksLikeEntry(line: string): boolean {
  return entryStart.test(line);
}

const entryStart =
  /^(?:[\d[({<"'|]|[A-Z]{3,9}\b|[A-Z][a-z]{2}\s+\d|[EWIDF],? ?[\d[]|(?:trace|debug|info|notice|warn(?:ing)?|error|fatal|crit(?:ical)?|fail|dbug|Error|Warning|Info|Debug)\b)/;

/** Whether an entry says of itself that something went wrong: a stack trace may then belong to it. */
export function statesProblem(head: string): boolean {
  return problem.test(head.slice(0, PROBLEM_WITHIN));
}

const problem =
  /\b(?:ERROR|ERR|FATAL|CRITICAL|CRIT|SEVERE|EMERG|ALERT|PANIC|WARN|WARNING|EROR|FTL|Error|error|fatal|critical|crit|severe|warn|warning|fail|fehl|panic)\b|[Ee]xception|^[EFW][\d,]|\[[EFW]\]/;

/** Characters in which a level is looked for. */
const PROBLEM_WITHIN = 200;

const SPACE = 32;
const TAB = 9;
