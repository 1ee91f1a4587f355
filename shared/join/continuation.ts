/**
 * Whether a line can only continue the text before it, whatever that was: it begins with a space or tab, or with what only
 * stands inside a stack trace.
 */
export function isContinuation(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === SPACE || first === TAB ? !isIndentedEntry(line) : insideTraces.test(line);
}

function isIndentedEntry(line: string): boolean {
  return indentedEntries.some((entry) => entry.test(line));
}

const indentedEntries: readonly RegExp[] = [
  /** Python indents even the first line of a group of exceptions. */
  /^ {2}\+ Exception Group Traceback/,
  /** Rust's tracing over several lines, Consul, Nomad. */
  /^\s{1,40}\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d/,
  /** Before a colon and one word it may be a key of YAML. */
  /^\s{1,40}(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL)(?: +[^\s=:|]|\t|: +\S+ +\S)/,
  /^\s{1,40}\[ ?(?:trace|debug|info|notice|warn|warning|error|severe|critical|fatal) ?\] \S/i,
  /** One space is little: Next.js puts it before a sign or a request. The lines of boxes and trees are no such signs. */
  /^ (?:(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL): |[✓✔✅✗✘✖❌⨯×⚠○●◐ℹ▲►▶]\ufe0f? +\S|(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ \d{3}\b)/,
];

/**
 * Java's causes and abridged frames; JavaScript's and .NET's frames at the margin; Ruby's and PHP's; Go's goroutines;
 * the ends of Rust's, Dart's and Python's traces.
 */
const insideTraces =
  /^(?:Caused by:(?: |$)|Suppressed: |Wrapped by: |\.\.\. \d+ (?:more|common frames omitted)|at (?:async |new )?[^\s(]{1,300} ?\([^()]{0,400}\)$|at (?:async )?(?:file:\/\/|node:|\/|[A-Za-z]:\\)\S{1,400}:\d+$|(?:from )?[^\s:]{1,400}:\d+:in [`'][^'\n]{0,300}'$|#\d+ +\S|goroutine \d+ (?:gp=|\[)|created by \S+ in goroutine |Stack trace:$|\[stacktrace\]$|\[previous exception\] |stack backtrace:$|note: (?:run with `RUST_BACKTRACE|Some details are omitted)|<asynchronous suspension>$|During handling of the above exception, another|The above exception was the direct cause|--- End of )/;

/** Whether a line may be one of an access log, which says how a request was answered: as much as costs little to tell. */
export function mayBeAccess(line: string): boolean {
  return request.test(line) && !isFrame(line);
}

const request = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE)\b|\bHTTP\/\d/;

/** A call within a trace, or what only stands between calls: what is above it was no entry of its own. */
export function isFrame(line: string): boolean {
  return frame.test(line);
}

const frame =
  /^\s*(?:at \S|(?:\| +)?File "|from \S+:\d+:in |[^\s:]{1,400}:\d+:in [`']|#\d+ |\.\.\. \d+ |Caused by: |\S{1,400}\.(?:go|s):\d{1,7}(?: |$)|goroutine \d+ |\(\w[^)]{0,200}\) \S+:\d+: )/;

/** An indented line that shows the one above to be part of a message: pydantic's reason below the name of a field. */
export function isReason(line: string): boolean {
  return reason.test(line);
}

const reason = /^ {2}\S.{0,2000}[[(]type=[\w.]{1,100}[,;)\]]/;

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

/** The number of the PostgreSQL process that wrote a line, each of which writes its own entries; undefined for any other line. */
export function postgresProcess(line: string): string | undefined {
  if (!line.includes(':  ')) return undefined;
  const [, prefix = ''] = postgresEntry.exec(line) ?? postgresPart.exec(line) ?? [];
  return bracketed.exec(prefix)?.[1];
}

/** `[7]`, or `[7-1]` with the number of the line. */
const bracketed = /\[(\d+)(?:-\d+)?\]/;

/** The number in brackets; the whole prefix, apart from what counts lines and milliseconds, when there is none. */
function processOf(prefix = ''): string {
  return bracketed.exec(prefix)?.[1] ?? prefix.replace(/\d+/g, '#');
}

/**
 * Whether a line has the tags of a Rails entry and no head of its own: each line of a message has them.
 *
 * https://api.rubyonrails.org/classes/ActiveSupport/TaggedLogging.html
 */
export function hasTagsOf(entry: string, line: string): boolean {
  if (!line.startsWith('[') || !entry.includes(' -- ')) return false;
  const tags = railsTags.exec(entry)?.[1];
  return tags !== undefined && line.startsWith(tags);
}

const railsTags = /^[A-Z], \[[^\]]{1,60}\] {1,3}[A-Z]{3,7} -- [^:]{0,100}: ((?:\[[^\]\n]{1,200}\] ?)+)/;

/**
 * Whether a line looks like the first of an entry: it states a time or a level, or opens with a bracket, a quote or a brace.
 * What does not may be a further line of a message.
 */
export function looksLikeEntry(line: string): boolean {
  return entryStart.test(line);
}

const entryStart =
  /^(?:[\d[({<"'|]|[A-Z]{3,9}\b|[A-Z][a-z]{2}\s+\d|[EWIDF],? ?[\d[]|(?:trace|debug|info|notice|warn(?:ing)?|error|fatal|crit(?:ical)?|fail|dbug|Error|Warning|Info|Debug)\b)/;

/**
 * Whether a line at the margin starts as entries do and messages don't: with a date and a time, or with the key that its
 * entry starts with, `time=` or `level=`.
 */
export function startsAnother(head: string, line: string): boolean {
  if (dated.test(line)) return true;
  const key = firstKey.exec(line)?.[0];
  return key !== undefined && head.startsWith(key);
}

const dated = /^\d{4}([-/])\d\d\1\d\d[T ]\d\d:\d\d/;
const firstKey = /^[A-Za-z_][\w.-]{0,63}=/;

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
