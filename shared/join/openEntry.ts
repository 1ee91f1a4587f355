import { joining } from '../bounds.js';
import { joinedRecord, type Place } from '../line/place.js';
import { isDigit } from '../parse/values/time.js';
import { statesProblem } from './continuation.js';
import type { Incoming, TextLine } from './incoming.js';
import { type Trace, traceAround } from './trace.js';

/** The entry of a stream that further lines may belong to. */
export interface OpenEntry {
  /** Its first line. */
  readonly event: TextLine;
  readonly arrival: number;
  /** All its lines, and how many of the log are in them: the runtime may have cut one. */
  readonly lines: string[];
  count: number;
  /** Names of the records that they came in, but for that of the first line: of most entries there is none. */
  furtherRecords: readonly string[];
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
  /** Whether that says of itself that something went wrong; undefined until it matters. */
  isProblem: boolean | undefined;
  /** Its last line names an error, whose message may go on in the next ones. */
  namesError: boolean;
  /** Nothing of its stream came before it, so that what it continues is elsewhere. */
  readonly isOrphan: boolean;
  /** Undefined until it matters. */
  isAccess: boolean | undefined;
}

export function opened({ event, arrival, text, begun }: Incoming, isOrphan: boolean): OpenEntry {
  const { log, time, place } = event;
  return {
    event,
    arrival,
    lines: [log],
    count: place.lines,
    furtherRecords: none,
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
    isProblem: undefined,
    namesError: false,
    isOrphan,
    isAccess: undefined,
  };
}

const none: readonly never[] = [];

interface Waiting {
  readonly line: Incoming;
  /** Blank lines above it. */
  readonly blanks: number;
}

export function wait(open: OpenEntry, line: Incoming): void {
  open.waiting = [...open.waiting, { line, blanks: open.blanks }];
  open.characters += line.event.log.length;
  open.blanks = 0;
}

export function join(open: OpenEntry, line: TextLine): void {
  for (const { line: waiting, blanks } of open.waiting) {
    addBlankLines(open, blanks);
    addLine(open, waiting.event);
  }
  open.waiting = none;
  addBlankLines(open, open.blanks);
  open.blanks = 0;
  addLine(open, line);
  open.characters += line.log.length;
  open.latest = line.time;
}

export function isProblem(open: OpenEntry): boolean {
  open.isProblem ??= statesProblem(open.head);
  return open.isProblem;
}

function addLine(open: OpenEntry, { log, place }: TextLine): void {
  open.lines.push(log);
  open.count += place.lines;
  const latest = open.furtherRecords.at(-1) ?? open.event.place.record;
  if (place.record !== latest) open.furtherRecords = [...open.furtherRecords, place.record];
  open.brackets += bracketsLeft(log);
}

function addBlankLines(open: OpenEntry, count: number): void {
  for (let blank = 0; blank < count; blank++) open.lines.push('');
  open.count += count;
}

export function joined(open: OpenEntry): TextLine {
  const { event, lines, isOrphan } = open;
  const whole = lines.length === 1 ? event : { ...event, log: lines.join('\n'), place: placeOf(open) };
  return isOrphan ? { ...whole, isContinuation: true } : whole;
}

function placeOf({ event: { place }, count, furtherRecords }: OpenEntry): Place {
  return { ...place, record: joinedRecord([place.record, ...furtherRecords]), lines: count };
}

export function hasRoom({ lines, waiting, characters }: OpenEntry, { log }: TextLine): boolean {
  return lines.length + waiting.length < joining.maxLines && characters + log.length <= joining.maxCharacters;
}

function bracketsLeft(line: string): number {
  const first = line.charCodeAt(0);
  // Most lines start with a digit or a capital: spared the expression.
  const isWord = isDigit(first) || (first >= UPPER_A && first <= UPPER_A + 25);
  return Number(opening.includes(line.charCodeAt(line.length - 1))) - Number(!isWord && closing.test(line));
}

const opening: readonly number[] = [...'{[('].map((bracket) => bracket.charCodeAt(0));
const closing = /^\s*[}\])]/;
const UPPER_A = 65;
