import { joining } from '../limits.js';
import type { LogEvent, Origin } from '../line/origin.js';
import { undress, unwrap } from '../text/lineDress.js';
import { isContinuation, isFrame, isFurtherPart, looksLikeEntry, statesProblem } from './continuation.js';
import { namesError, type Trace, traceAround, traceBegunBy, traceWith } from './trace.js';

/** A line of text on its way into an entry. */
export interface TextLine extends LogEvent {
  readonly log: string;
}

/** Takes what was joined. */
export interface EntrySink {
  /**
   * An entry to which nothing can be added any more.
   *
   * @param arrival of the record that its first line came in, ms since the epoch
   */
  entry(event: TextLine, arrival: number): void;
  /** A blank line that belongs to no entry. */
  blank(): void;
  /** Whether a line is an access line, which nothing can continue. Asked only when something seems to. */
  isAccess(event: TextLine): boolean;
}

/**
 * Joins the lines of one entry, whoever shipped them: a stack trace to the line that it belongs to, and the further lines of
 * a message. The lines of a container's stream (stdout or stderr) travel in order, so each stream has at most one open entry;
 * lines of other streams, JSON and access lines go past it.
 *
 * A line is joined only if it can be nothing else than the continuation of what came before (docs/multiline.md).
 */
export class EntryJoiner {
  private readonly streams = new Map<string, Stream>();
  /** The stream of each origin that was met: its key is put together once. */
  private readonly byOrigin = new WeakMap<Origin, Stream>();
  private latest: { readonly origin: Origin; readonly stream: Stream } | undefined;
  private joinedLines = 0;

  constructor(private readonly sink: EntrySink) {}

  /** How many lines, blank ones among them, are part of an entry that was given to the sink, and not its first line. */
  get joined(): number {
    return this.joinedLines;
  }

  /** Adds a line to the open entry of its stream, or closes that one and opens another. */
  add(event: TextLine, arrival: number): void {
    this.addTo(this.streamOf(event.origin), incoming(event, arrival));
  }

  /** A line with nothing visible: part of an entry if more of it follows, and no line at all otherwise. */
  addBlank(origin: Origin): void {
    const { open } = this.streamOf(origin);
    if (open && open.blanks < joining.maxBlankLines) open.blanks++;
    else this.sink.blank();
  }

  /** Closes what is open: nothing more will come. */
  end(): void {
    for (const stream of this.streams.values()) while (stream.open) this.turnTo(stream, undefined);
    this.streams.clear();
  }

  private streamOf(origin: Origin): Stream {
    if (this.latest?.origin === origin) return this.latest.stream;
    let stream = this.byOrigin.get(origin);
    if (!stream) {
      const key = streamKey(origin);
      stream = this.streams.get(key) ?? { open: undefined, isNew: true };
      this.streams.set(key, stream);
      this.byOrigin.set(origin, stream);
    }
    this.latest = { origin, stream };
    return stream;
  }

  private addTo(stream: Stream, line: Incoming): void {
    if (!stream.open) {
      stream.open = opened(line, stream.isNew);
      stream.isNew = false;
      return;
    }
    const relation = this.relationTo(stream.open, line);
    if (relation === 'continues') join(stream.open, line.event);
    else if (relation === 'perhaps') stream.open.waiting = [...stream.open.waiting, line];
    else this.turnTo(stream, line);
  }

  private relationTo(open: OpenEntry, line: Incoming): Relation {
    if (!hasRoom(open, line.event) || isApart(open, line.event)) return 'other';
    const relation = relationOf(open, line);
    if (relation === 'other') return relation;
    open.isAccess ??= this.sink.isAccess(open.event);
    return open.isAccess ? 'other' : relation;
  }

  /** Closes the open entry. Lines that waited to see whether they belong to it are entries of their own, and then `next`. */
  private turnTo(stream: Stream, next: Incoming | undefined): void {
    const { open } = stream;
    stream.open = undefined;
    if (!open) return;
    this.joinedLines += open.lines.length - 1;
    this.sink.entry(joined(open), open.arrival);
    for (let blank = 0; blank < open.blanks; blank++) this.sink.blank();
    for (const waiting of open.waiting) this.addTo(stream, waiting);
    if (next) this.addTo(stream, next);
  }
}

interface Stream {
  open: OpenEntry | undefined;
  /** Nothing of it has come yet. */
  isNew: boolean;
}

/** A line, and what is asked of it more than once. */
interface Incoming {
  readonly event: TextLine;
  readonly arrival: number;
  /** What the program printed, without what its runtime or a terminal put around it. Lines are joined as they came. */
  readonly text: string;
  readonly begun: Trace | undefined;
}

function incoming(event: TextLine, arrival: number): Incoming {
  const line = undress(event.log);
  const text = unwrap(line)?.line ?? line;
  return { event, arrival, text, begun: traceBegunBy(text) };
}

interface OpenEntry {
  /** Its first line. */
  readonly event: TextLine;
  readonly arrival: number;
  /** All its lines. */
  readonly lines: string[];
  characters: number;
  /** When the collector read the last line, ms since the epoch. */
  latest: number | undefined;
  /** Blank lines since then. */
  blanks: number;
  /** Lines that belong to the entry only if a frame or the name of an error follows. */
  waiting: readonly Incoming[];
  trace: Trace | undefined;
  /** It has a frame or the name of an error below its first line. */
  hasTrace: boolean;
  /** Its last line names an error, whose message may go on in the next ones. */
  namesError: boolean;
  /** Nothing of its stream came before it, so that what it continues is elsewhere. */
  readonly isOrphan: boolean;
  /** Undefined until it matters. */
  isAccess: boolean | undefined;
}

function opened({ event, arrival, text, begun }: Incoming, isFirst: boolean): OpenEntry {
  const { log, time } = event;
  const isOrphan = isFirst && isContinuation(text);
  return {
    event,
    arrival,
    lines: [log],
    characters: log.length,
    latest: time,
    blanks: 0,
    waiting: none,
    // Of an entry that its collector joined, the end is there already.
    trace: log.includes('\n') ? undefined : (begun ?? (isOrphan ? traceAround(text) : undefined)),
    hasTrace: false,
    namesError: false,
    isOrphan,
    isAccess: undefined,
  };
}

const none: readonly Incoming[] = [];

function join(open: OpenEntry, { log, time }: TextLine): void {
  for (const { event } of open.waiting) open.lines.push(event.log);
  open.waiting = none;
  for (; open.blanks > 0; open.blanks--) open.lines.push('');
  open.lines.push(log);
  open.characters += log.length;
  open.latest = time;
}

function joined({ event, lines, isOrphan }: OpenEntry): TextLine {
  const whole = lines.length === 1 ? event : { ...event, log: lines.join('\n') };
  return isOrphan ? { ...whole, isContinuation: true } : whole;
}

function hasRoom({ lines, waiting, characters }: OpenEntry, { log }: TextLine): boolean {
  return lines.length + waiting.length < joining.maxLines && characters + log.length <= joining.maxCharacters;
}

/** The lines of an entry are read within a moment of each other. */
function isApart({ latest }: OpenEntry, { time }: TextLine): boolean {
  return latest !== undefined && time !== undefined && Math.abs(time - latest) > joining.maxGap;
}

/** Who wrote a line, on which stream: as much as tells its lines from those of others. An object is nobody's id. */
function streamKey({ columnsJson, extra }: Origin): string {
  const ids = extra.filter(([key]) => key === 'container_id' || key === 'log_group' || key === 'log_stream');
  return `${columnsJson} ${ids.map(([, id]) => (typeof id === 'object' ? '' : String(id))).join(' ')}`;
}

/** What a line is to an entry: `perhaps` until the next lines tell. */
type Relation = 'continues' | 'perhaps' | 'other';

/** Takes down in the entry what the line says of those that may follow. */
function relationOf(open: OpenEntry, line: Incoming): Relation {
  const { text } = line;
  const trace = open.trace && traceWith(open.trace, text);
  if (trace) {
    open.trace = trace;
    return 'continues';
  }
  if (isContinuation(text)) return relationOfContinuation(open, line);
  if (closing.test(text) && hasOpenBracket(open.lines)) return 'continues';
  if (isFurtherPart(text, open.event.log)) return 'continues';
  return relationAtMargin(open, line);
}

/** A printed object ends at the margin: the `}` of Node.js below the properties of an error. */
const closing = /^[}\])]{1,10}[,;]?$/;

function hasOpenBracket(lines: readonly string[]): boolean {
  let depth = 0;
  for (const line of lines) depth += Number(/[{[(]$/.test(line)) - Number(/^\s*[}\])]/.test(line));
  return depth > 0;
}

/** A frame shows that the lines which waited belong to the entry. A line that is merely indented may belong to the last of those. */
function relationOfContinuation(open: OpenEntry, { text, begun }: Incoming): Relation {
  const isCall = isFrame(text);
  if (open.waiting.length > 0 && !isCall) return 'other';
  open.trace = begun ?? open.trace ?? traceAround(text);
  open.hasTrace ||= isCall;
  if (isCall) open.namesError = cause.test(text);
  return 'continues';
}

const cause = /^\s*(?:Caused by|Suppressed|Wrapped by): /;

/**
 * At the margin stand, below a line that says that something went wrong, the further lines of its message and the error that
 * its trace begins with. Below any other line they are entries of their own.
 */
function relationAtMargin(open: OpenEntry, { text, begun }: Incoming): Relation {
  if (open.namesError && !looksLikeEntry(text)) return hasRoomToWait(open) ? 'perhaps' : 'other';
  if (open.hasTrace || open.trace) return 'other';
  const isThrown = begun?.isThrown || namesError.test(text);
  if (!isThrown && (begun || open.lines.length > 1 || looksLikeEntry(text))) return 'other';
  if (!statesProblem(open.event.log)) return 'other';
  if (!isThrown) return hasRoomToWait(open) ? 'perhaps' : 'other';
  open.trace = begun;
  open.hasTrace = true;
  open.namesError = !begun;
  return 'continues';
}

function hasRoomToWait({ waiting }: OpenEntry): boolean {
  return waiting.length < joining.maxWaitingLines;
}
