import { joining } from '../bounds.js';
import type { Origin } from '../line/origin.js';
import { isContinuation, mayBeAccess, postgresProcess } from './continuation.js';
import { continued, goesOnIn, type Incoming, incoming, isApart, type TextLine } from './incoming.js';
import { hasRoom, join, joined, type OpenEntry, opened, wait } from './openEntry.js';
import { mayGoOn, type Relation, relationOf } from './relation.js';
import { streamKey } from './streamKey.js';

export type { TextLine } from './incoming.js';

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
  /** Streams whose last line is cut. */
  private cutStreams = 0;

  constructor(private readonly sink: EntrySink) {}

  /** How many lines, blank ones among them, are part of an entry that was given to the sink, and not its first line. */
  get joined(): number {
    return this.joinedLines;
  }

  /** Whether a line of this origin goes on with one that its runtime cut, whatever it looks like. */
  awaitsRest(origin: Origin): boolean {
    return this.cutStreams > 0 && this.streamOf(origin, '').cut !== undefined;
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
    this.awaitRest(stream, whole.isCut ? whole : undefined);
    return whole.isCut ? undefined : whole;
  }

  private awaitRest(stream: Stream, cut: Incoming | undefined): void {
    this.cutStreams += Number(cut !== undefined) - Number(stream.cut !== undefined);
    stream.cut = cut;
  }

  /** The rest of a line has not come: it stays as it is. */
  private giveUpCut(stream: Stream): void {
    const { cut } = stream;
    this.awaitRest(stream, undefined);
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
    if (!hasRoom(open, line.event) || isApart(open.latest, line.event)) return 'other';
    // In this order: the first costs the least.
    if (mayBeAccess(line.text) && mayGoOn(open, line) && this.sink.isAccess(line.event)) {
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

const visible = /\S/;
