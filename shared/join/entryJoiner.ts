import { joining } from '../limits.js';
import type { LogEvent, Origin } from '../line/origin.js';
import { goCall } from '../parse/stackTrace.js';
import { undress, unwrap } from '../text/lineDress.js';
import {
  hasTagsOf,
  isContinuation,
  isFrame,
  isFurtherPart,
  isReason,
  looksLikeEntry,
  mayBeAccess,
  postgresProcess,
  statesProblem,
} from './continuation.js';
import { streamKey } from './streamKey.js';
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
  /** Whether a line is an access line, which continues nothing and nothing continues. Asked only when it seems to. */
  isAccess(event: TextLine): boolean;
}

/**
 * Joins the lines of one entry, whoever shipped them: a stack trace to the line that it belongs to, and the further lines of
 * a message. The lines of a container's stream (stdout or stderr) travel in order, so each stream has at most one open entry;
 * lines of other streams, JSON and access lines go past it. What a container runtime put before a line may tell the stream too.
 *
 * A line is joined only if it can be nothing else than the continuation of what came before (docs/multiline.md).
 */
export class EntryJoiner {
  private readonly streams = new Map<string, Stream>();
  /** The key of each origin that was met: it is put together once. */
  private readonly keys = new WeakMap<Origin, string>();
  private latest: Latest | undefined;
  private joinedLines = 0;

  constructor(private readonly sink: EntrySink) {}

  /** How many lines, blank ones among them, are part of an entry that was given to the sink, and not its first line. */
  get joined(): number {
    return this.joinedLines;
  }

  /** Adds a line to the open entry of its stream, or closes that one and opens another. */
  add(event: TextLine, arrival: number): void {
    const line = this.whole(incoming(event, arrival));
    if (line) this.addWhole(line);
  }

  private addWhole(line: Incoming): void {
    const stream = this.streamOfLine(line);
    if (visible.test(line.text)) this.addTo(stream, line);
    else this.addBlankTo(stream);
  }

  /** A line with nothing visible: part of an entry if more of it follows, and no line at all otherwise. */
  addBlank(origin: Origin): void {
    const stream = this.streamOf(origin, '');
    this.addBlankTo(stream.process ?? stream);
  }

  /** Closes what is open: nothing more will come. */
  end(): void {
    for (const stream of this.streams.values()) this.close(stream);
    this.streams.clear();
    this.latest = undefined;
  }

  private close(stream: Stream): void {
    this.giveUpCut(stream);
    while (stream.open) this.turnTo(stream, undefined);
    for (const process of stream.processes.values()) this.close(process);
    stream.processes.clear();
    stream.process = undefined;
  }

  /** The line with what the runtime had cut off before it; nothing while it is cut itself. */
  private whole(line: Incoming): Incoming | undefined {
    const stream = this.streamOf(line.event.origin, line.wrapper);
    if (!stream.cut && !line.isCut) return line;
    const whole = stream.cut && goesOnIn(stream.cut, line) ? continued(stream.cut, line) : line;
    if (whole !== line) this.joinedLines++;
    else this.giveUpCut(stream);
    stream.cut = whole.isCut ? whole : undefined;
    return whole.isCut ? undefined : whole;
  }

  /** The rest of a line has not come: it stays as it is. */
  private giveUpCut(stream: Stream): void {
    const { cut } = stream;
    stream.cut = undefined;
    if (cut) this.addWhole(cut);
  }

  /**
   * The processes of PostgreSQL share a stream, and write their entries at the same time: each has a stream within it. A line
   * without a prefix goes on in the last; one of another program is behind them all.
   */
  private streamOfLine({ event, wrapper, text }: Incoming): Stream {
    const stream = this.streamOf(event.origin, wrapper);
    const process = postgresProcess(text);
    if (process === undefined) {
      if (stream.process && /^\S/.test(text)) this.close(stream);
      return stream.process ?? stream;
    }
    if (stream.open || stream.processes.size >= joining.maxProcesses) this.close(stream);
    const known = stream.processes.get(process);
    stream.process = known ?? newStream();
    if (!known) stream.processes.set(process, stream.process);
    return stream.process;
  }

  private streamOf(origin: Origin, wrapper: string): Stream {
    if (this.latest?.origin === origin && this.latest.wrapper === wrapper) return this.latest.stream;
    const key = `${this.keyOf(origin)} ${wrapper}`;
    let stream = this.streams.get(key);
    if (!stream) {
      this.makeRoom();
      stream = newStream();
      this.streams.set(key, stream);
    }
    this.latest = { origin, wrapper, stream };
    return stream;
  }

  private keyOf(origin: Origin): string {
    const known = this.keys.get(origin);
    if (known !== undefined) return known;
    const key = streamKey(origin);
    this.keys.set(origin, key);
    return key;
  }

  /** Of streams without end, the one that was met first is closed. */
  private makeRoom(): void {
    if (this.streams.size < joining.maxStreams) return;
    for (const [key, stream] of this.streams) {
      this.close(stream);
      this.streams.delete(key);
      return;
    }
  }

  private addBlankTo({ open }: Stream): void {
    if (open && open.blanks < joining.maxBlankLines) open.blanks++;
    else this.sink.blank();
  }

  private addTo(stream: Stream, line: Incoming): void {
    if (!stream.open) {
      stream.open = opened(line, stream.isNew && isContinuation(line.text) && !this.isAccess(line));
      stream.isNew = false;
      return;
    }
    const relation = this.relationTo(stream.open, line);
    if (relation === 'continues') join(stream.open, line.event);
    else if (relation === 'passes') this.sink.entry(line.event, line.arrival);
    else if (relation === 'perhaps') wait(stream.open, line);
    else this.turnTo(stream, line);
  }

  private relationTo(open: OpenEntry, line: Incoming): Relation {
    if (!hasRoom(open, line.event) || isApart(open, line.event)) return 'other';
    if (mayGoOn(open, line) && this.isAccess(line)) {
      open.passed++;
      return 'passes';
    }
    const relation = relationOf(open, line);
    if (relation === 'other') return relation;
    open.isAccess ??= this.sink.isAccess(open.event);
    return open.isAccess ? 'other' : relation;
  }

  private isAccess({ text, event }: Incoming): boolean {
    return mayBeAccess(text) && this.sink.isAccess(event);
  }

  /** Closes the open entry. Lines that waited to see whether they belong to it are entries of their own, and then `next`. */
  private turnTo(stream: Stream, next: Incoming | undefined): void {
    const { open } = stream;
    stream.open = undefined;
    if (!open) return;
    this.joinedLines += open.lines.length - 1;
    this.sink.entry(joined(open), open.arrival);
    for (const { line, blanks } of open.waiting) {
      for (let blank = 0; blank < blanks; blank++) this.addBlankTo(stream);
      this.addTo(stream, line);
    }
    for (let blank = 0; blank < open.blanks; blank++) this.addBlankTo(stream);
    if (next) this.addTo(stream, next);
  }
}

interface Latest {
  readonly origin: Origin;
  readonly wrapper: string;
  readonly stream: Stream;
}

interface Stream {
  open: OpenEntry | undefined;
  /** Nothing of it has come yet. */
  isNew: boolean;
  /** Of PostgreSQL, by their numbers, and the one that wrote last. */
  readonly processes: Map<string, Stream>;
  process: Stream | undefined;
  /** A line that containerd has cut, whose rest follows. */
  cut: Incoming | undefined;
}

function newStream(): Stream {
  return { open: undefined, isNew: true, processes: new Map(), process: undefined, cut: undefined };
}

/** A line, and what is asked of it more than once. */
interface Incoming {
  readonly event: TextLine;
  readonly arrival: number;
  /** What the program printed, without what its runtime or a terminal put around it. Lines are joined as they came. */
  readonly text: string;
  /** What that said of who wrote the line: the stream within `2026-… stderr F …`, the container within `web-1  | …`. */
  readonly wrapper: string;
  /** The runtime cut it, and says so. */
  readonly isCut: boolean;
  readonly begun: Trace | undefined;
}

function incoming(event: TextLine, arrival: number): Incoming {
  const line = undress(event.log);
  const wrapped = unwrap(line);
  const text = wrapped?.line ?? line;
  return {
    event,
    arrival,
    text,
    wrapper: wrapped?.fields[0]?.[1] ?? '',
    isCut: wrapped?.fields[1]?.[0] === 'logtag',
    begun: traceBegunBy(text),
  };
}

function goesOnIn({ event, text }: Incoming, line: Incoming): boolean {
  const isLate = isApart({ latest: event.time }, line.event);
  return !isLate && text.length + line.text.length <= joining.maxCharacters;
}

/** What stands before the last part is that of a whole line, or says that this one is cut too. */
function continued({ event, arrival, text }: Incoming, line: Incoming): Incoming {
  const rest = undress(line.event.log);
  const head = rest.slice(0, rest.length - line.text.length);
  return incoming({ ...event, log: head + text + line.text }, arrival);
}

interface OpenEntry {
  /** Its first line. */
  readonly event: TextLine;
  readonly arrival: number;
  /** All its lines. */
  readonly lines: string[];
  /** Those of the lines that wait among them. */
  characters: number;
  /** How many brackets its lines end with, less those that they begin with. */
  brackets: number;
  /** When the collector read the last line, ms since the epoch. */
  latest: number | undefined;
  /** Blank lines since then. */
  blanks: number;
  /** Access lines that went past it: each is read twice. */
  passed: number;
  /** Lines that belong to the entry only if a frame or the name of an error follows. */
  waiting: readonly Waiting[];
  trace: Trace | undefined;
  /** It has a frame or the name of an error below its first line. */
  hasTrace: boolean;
  /** The line that states its level. */
  head: string;
  /** Its last line names an error, whose message may go on in the next ones. */
  namesError: boolean;
  /** Nothing of its stream came before it, so that what it continues is elsewhere. */
  readonly isOrphan: boolean;
  /** Undefined until it matters. */
  isAccess: boolean | undefined;
}

function opened({ event, arrival, text, begun }: Incoming, isOrphan: boolean): OpenEntry {
  const { log, time } = event;
  return {
    event,
    arrival,
    lines: [log],
    characters: log.length,
    brackets: bracketsLeft(log),
    latest: time,
    blanks: 0,
    passed: 0,
    waiting: none,
    // Of an entry that its collector joined, the end is there already.
    trace: log.includes('\n') ? undefined : (begun ?? traceAround(text)),
    hasTrace: false,
    head: log,
    namesError: false,
    isOrphan,
    isAccess: undefined,
  };
}

const none: readonly Waiting[] = [];

interface Waiting {
  readonly line: Incoming;
  /** Blank lines above it. */
  readonly blanks: number;
}

function wait(open: OpenEntry, line: Incoming): void {
  open.waiting = [...open.waiting, { line, blanks: open.blanks }];
  open.characters += line.event.log.length;
  open.blanks = 0;
}

function join(open: OpenEntry, { log, time }: TextLine): void {
  for (const { line, blanks } of open.waiting) {
    addBlankLines(open, blanks);
    addLine(open, line.event.log);
  }
  open.waiting = none;
  addBlankLines(open, open.blanks);
  open.blanks = 0;
  addLine(open, log);
  open.characters += log.length;
  open.latest = time;
}

function addLine(open: OpenEntry, log: string): void {
  open.lines.push(log);
  open.brackets += bracketsLeft(log);
}

function addBlankLines({ lines }: OpenEntry, count: number): void {
  for (let blank = 0; blank < count; blank++) lines.push('');
}

function joined({ event, lines, isOrphan }: OpenEntry): TextLine {
  const whole = lines.length === 1 ? event : { ...event, log: lines.join('\n') };
  return isOrphan ? { ...whole, isContinuation: true } : whole;
}

function hasRoom({ lines, waiting, characters }: OpenEntry, { log }: TextLine): boolean {
  return lines.length + waiting.length < joining.maxLines && characters + log.length <= joining.maxCharacters;
}

/** The lines of an entry are read within a moment of each other. */
function isApart({ latest }: Pick<OpenEntry, 'latest'>, { time }: TextLine): boolean {
  return latest !== undefined && time !== undefined && Math.abs(time - latest) > joining.maxGap;
}

/** What a line is to an entry: `perhaps` until the next lines tell. What `passes` leaves the entry open. */
type Relation = 'continues' | 'perhaps' | 'passes' | 'other';

/** Whether an entry may go on behind the line, or in it: as much as costs little to tell. */
function mayGoOn({ head, trace, hasTrace, waiting, passed }: OpenEntry, { text }: Incoming): boolean {
  if (passed >= joining.maxPassing) return false;
  return trace !== undefined || hasTrace || waiting.length > 0 || /^\s/.test(text) || statesProblem(head);
}

/** Takes down in the entry what the line says of those that may follow. */
function relationOf(open: OpenEntry, line: Incoming): Relation {
  const { text } = line;
  const trace = open.trace && traceWith(open.trace, text);
  if (trace) {
    takeTrace(open, trace, text);
    return 'continues';
  }
  if (isContinuation(text)) return relationOfContinuation(open, line);
  if (closing.test(text) && open.brackets > 0) return 'continues';
  if (isFurtherPart(text, open.event.log) || hasTagsOf(open.event.log, text)) return 'continues';
  return relationAtMargin(open, line);
}

function takeTrace(open: OpenEntry, trace: Trace, text: string): void {
  const isHead = trace.kind === 'javaUtilLogging';
  // Behind a head of two lines anything may come that may come behind one of one.
  open.trace = isHead && trace.isComplete ? undefined : trace;
  if (isHead) open.head = text;
  open.namesError = trace.kind === 'python' && trace.isComplete;
}

/** A printed object ends at the margin: the `}` of Node.js below the properties of an error. */
const closing = /^[}\])]{1,10}[,;]?$/;

function bracketsLeft(line: string): number {
  return Number(/[{[(]$/.test(line)) - Number(/^\s*[}\])]/.test(line));
}

/** A frame shows that the lines which waited belong to the entry. A line that is merely indented may belong to the last of those. */
function relationOfContinuation(open: OpenEntry, { text, begun }: Incoming): Relation {
  if (open.namesError && isReason(text)) return 'continues';
  const isCall = isFrame(text);
  // Python has no frames behind the message.
  if (open.waiting.length > 0 && (!isCall || open.trace?.isComplete)) return 'other';
  const around = traceAround(text);
  if (around?.kind === 'python' && beginsTrace(open)) return 'other';
  open.trace = begun ?? open.trace ?? around;
  open.hasTrace ||= isCall;
  if (isCall) open.namesError = cause.test(text);
  return 'continues';
}

/** Python prints the place of a syntax error without a heading. */
function beginsTrace({ trace, hasTrace, isOrphan, lines, head }: OpenEntry): boolean {
  return !trace && !hasTrace && !isOrphan && !lines.at(-1)?.endsWith(':') && !statesProblem(head);
}

const cause = /^\s*(?:Caused by|Suppressed|Wrapped by): /;

/**
 * At the margin stand, below a line that says that something went wrong, the further lines of its message and the error that
 * its trace begins with. Below any other line they are entries of their own.
 */
function relationAtMargin(open: OpenEntry, { text, begun }: Incoming): Relation {
  const isThrown = begun?.isThrown || namesError.test(text);
  const mayBeMessage = open.namesError && !looksLikeEntry(text) && !(open.trace && (begun || isThrown));
  if (mayBeMessage) return hasRoomToWait(open) ? 'perhaps' : 'other';
  if (mayBeGoCall(open, text)) return 'perhaps';
  if (open.hasTrace || open.trace) return 'other';
  if (!isThrown && (begun || open.lines.length > 1 || looksLikeEntry(text))) return 'other';
  if (!statesProblem(open.head)) return 'other';
  if (!isThrown) return hasRoomToWait(open) ? 'perhaps' : 'other';
  open.trace = begun;
  open.hasTrace = true;
  open.namesError = !begun;
  return 'continues';
}

/** Below what has calls already, or may have some: one call waits for its place, which proves it. */
function mayBeGoCall({ trace, hasTrace, waiting, lines, head }: OpenEntry, text: string): boolean {
  if (waiting.length > 0 || !goCall.test(text)) return false;
  if (trace || hasTrace) return trace?.kind === 'goCalls';
  return lines.length === 1 && (statesProblem(head) || !looksLikeEntry(head));
}

function hasRoomToWait({ waiting }: OpenEntry): boolean {
  return waiting.length < joining.maxWaitingLines;
}

const visible = /\S/;
