import type { Parsed } from '../line/parsed.js';
import { undress, unwrap } from '../text/lineDress.js';
import type { DateStart, JsonFormat, TextFormat } from './format.js';
import { combined } from './formats/access/combined.js';
import { chi } from './formats/access/goFrameworks.js';
import { untimedRequest } from './formats/access/untimedRequest.js';
import { applicationJson } from './formats/application/applicationJson.js';
import { stackTrace } from './formats/application/bareTrace.js';
import { logfmt } from './formats/application/logfmt.js';
import { plainText } from './formats/application/plainText.js';
import { jsonFormats, textFormats } from './formats/index.js';
import { parseCut } from './json/cutJson.js';
import {
  isEntry,
  readHeldAccess,
  readHeldEntry,
  readHeldLine,
  readHeldObject,
  readHeldPairs,
  readTagged,
} from './json/heldLine.js';
import { parseLoose } from './json/looseJson.js';
import { type JsonObject, parseObject } from './json/object.js';
import { parseTime } from './values/time.js';

export type { Fields, Parsed } from '../line/parsed.js';

/**
 * Reads a line of any known format: the first format that recognises it decides both the columns and the type, and
 * a line that none recognises is an app line with its text in `message`. What the stream is called (stdout, stderr)
 * has no say: nginx, Python and Node all write harmless lines to stderr.
 */
export function parseLine(text: string): Parsed {
  return recognise(text) ?? parseText(text);
}

/** Reads a line that a format other than plain text recognises. */
export function recognise(text: string): Parsed | undefined {
  return readWithin(text, recogniseLine);
}

/** Reads any line as plain text. */
export function parseText(text: string): Parsed {
  return readWithin(text, plainText.parse);
}

/** The same for a line that is a JSON object, parsed already. */
export function parseJson(object: JsonObject): Parsed {
  const held = readHeldLine(object, parseLine);
  if (held) return held;
  const parsed = readHeldAccess(parseMembers(object), recognise);
  if (parsed.type === 'access') return parsed;
  return parsed.columns.level === undefined
    ? readHeldObject(parsed, parseJson)
    : readHeldEntry(parsed, object, parseJson);
}

function parseMembers(object: JsonObject): Parsed {
  let asked = anyKeys;
  for (const key in object) asked |= byKey.get(key) ?? 0;
  for (; asked !== 0; asked &= asked - 1) {
    const parsed = jsonFormats[LAST_BIT - Math.clz32(asked & -asked)]?.parse(object);
    if (parsed) return parsed;
  }
  return applicationJson.parse(object);
}

const LAST_BIT = 31;
/**
 * The formats that a key at the top of a line allows, as bits in their order: at most 32. V8 looks every key up slowly in
 * objects of many kinds. A line of 1,000 kinds took 11 µs so, and 26 µs when each format looked for its keys (Node 20).
 */
const byKey: ReadonlyMap<string, number> = formatBits();
/** The formats that may have any keys. */
const anyKeys = bitsOf(({ keys }) => keys === undefined);

function formatBits(): ReadonlyMap<string, number> {
  const all = new Set(jsonFormats.flatMap(({ keys = [] }: JsonFormat) => keys));
  return new Map([...all].map((key) => [key, bitsOf(({ keys }) => keys?.includes(key) ?? false)]));
}

function bitsOf(isAsked: (format: JsonFormat) => boolean): number {
  return jsonFormats.reduce((bits, format, index) => bits | (isAsked(format) ? 1 << index : 0), 0);
}

/** A format that was asked about a line, or would have been had no other read it before. */
export interface FormatTrial {
  /** Of the format. */
  readonly name: string;
  /** What the format makes of the line; undefined when it leaves it to the next one. */
  readonly parsed: Parsed | undefined;
}

/**
 * Asks all formats that may have written a line, in their order, for those who want to know why it was read as it was:
 * the first that reads it is the one that {@link recognise} goes by. Plain text is not among them.
 */
export function tryFormats(log: string | JsonObject): readonly FormatTrial[] {
  if (typeof log !== 'string') return tryAll(jsonFormats, log);
  let trials: readonly FormatTrial[] = [];
  readWithin(log, (line) => {
    trials = tryOnLine(line);
    return undefined;
  });
  return trials;
}

/** Reads the line within what its way put around it. What a wrapper says stays in `fields`; its time is that of a line without one. */
export function readWithin<Result extends Parsed | undefined>(
  text: string,
  read: (line: string) => Result,
  wrappers = MAX_WRAPPERS,
): Result {
  const line = undress(text);
  const wrapped = wrappers > 0 ? unwrap(line) : undefined;
  if (!wrapped) return read(line);
  const parsed = readWithin(wrapped.line, read, wrappers - 1);
  if (parsed === undefined) return parsed;
  return { ...parsed, time: parsed.time ?? parseTime(wrapped.time), fields: [...parsed.fields, ...wrapped.fields] };
}

/** A process manager's within a container runtime's. */
const MAX_WRAPPERS = 2;

function recogniseLine(line: string): Parsed | undefined {
  const bare = line.trim();
  // Frames are told by their indentation, and are asked for before it goes.
  return (isSpace(line.charCodeAt(0)) ? stackTrace.parse(line) : undefined) ?? recogniseBare(bare);
}

/** A line break too: some loggers start an entry with one. */
function isSpace(code: number): boolean {
  return code === SPACE || (code >= TAB && code <= CARRIAGE_RETURN);
}

const TAB = 9;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

function recogniseBare(line: string): Parsed | undefined {
  // No format but JSON starts with a brace.
  if (line.startsWith('{')) {
    const object = line.endsWith('}') ? parseObject(line) : undefined;
    return object ? parseJson(object) : (readLooseJson(line)?.parsed ?? parseCutJson(line));
  }
  for (const parse of parsersOf(line)) {
    const parsed = parse(line);
    if (parsed) return readHeldAccess(readHeldPairs(readHeldObject(parsed, parseJson), logfmt.parse), recogniseAccess);
  }
  return readTagged(line, parseJson);
}

function parsersOf(line: string): readonly TextFormat['parse'][] {
  const start = dateStartOf(line);
  if (start !== undefined) return byDate.get(start) ?? fromAnything;
  return (pairStart.test(line) ? byPair : byFirst)[line.charCodeAt(0)] ?? fromAnything;
}

/** What stands behind the head of a text line is asked of the formats once, and so no further head is. */
function recogniseAccess(line: string): Parsed | undefined {
  for (const format of heldFormats) {
    const parsed = format.parse(line);
    if (parsed) return parsed;
  }
  return undefined;
}

const heldFormats: readonly TextFormat[] = [combined, chi, untimedRequest];

/** Reads what is JSON by its looks alone, when it says of itself that it is a log line. */
function readLooseJson(line: string): { readonly object: JsonObject; readonly parsed: Parsed } | undefined {
  const { object, rest = '' } = parseLoose(line) ?? {};
  if (!object) return undefined;
  const parsed = parseJson(object);
  // Words behind an object may be about it, unless it is a whole entry.
  if (rest === '') return saysSomething(parsed) ? { object, parsed } : undefined;
  if (parsed.type !== 'access' && !isEntry(parsed.columns, object)) return undefined;
  return { object, parsed: { ...parsed, fields: [...parsed.fields, ['tail', rest]] } };
}

/** Whether what was read is what a log line says. */
function saysSomething(parsed: Parsed): boolean {
  if (parsed.type === 'access' || parsed.time !== undefined) return true;
  return parsed.columns.level !== undefined || parsed.columns.message !== undefined;
}

/** Reads the members of a cut object that stand whole, and keeps the rest; undefined when they say nothing of a log line. */
function parseCutJson(line: string): Parsed | undefined {
  const cut = parseCut(line);
  if (!cut) return undefined;
  const parsed = parseJson(cut.object);
  const fields: Parsed['fields'] = [...parsed.fields, ['cut', cut.rest]];
  if (parsed.type === 'access') return { ...parsed, fields };
  if (!saysSomething(parsed)) return undefined;
  const { message } = parsed.columns;
  return { ...parsed, columns: message === undefined ? { message: line, ...parsed.columns } : parsed.columns, fields };
}

/** The same as {@link recogniseLine}, without an end at the first format that reads the line. */
function tryOnLine(line: string): readonly FormatTrial[] {
  if (!isSpace(line.charCodeAt(0))) return tryOnBare(line);
  return [...tryAll([stackTrace], line), ...tryOnBare(line.trimStart())];
}

function tryOnBare(line: string): readonly FormatTrial[] {
  if (line.startsWith('{')) {
    const object = (line.endsWith('}') ? parseObject(line) : undefined) ?? readLooseJson(line)?.object;
    return object ? tryAll(jsonFormats, object) : [];
  }
  const start = dateStartOf(line);
  const allows = (first: RegExp) => line.charCodeAt(0) < 128 && first.test(line.charAt(0));
  const formats = start === undefined ? formatsFor(allows) : formatsOfDate(start);
  return tryAll([...formats, { name: 'json-behind-a-name', parse: (text) => readTagged(text, parseJson) }], line);
}

function tryAll<Line>(
  formats: readonly { readonly name: string; readonly parse: (line: Line) => Parsed | undefined }[],
  line: Line,
): readonly FormatTrial[] {
  return formats.map(({ name, parse }) => ({ name, parsed: parse(line) }));
}

/** The formats that may have written a line, by the code of its first character. */
const byFirst = Array.from({ length: 128 }, (_, code) => parsersFor((first) => first.test(String.fromCharCode(code))));
/** The same for a line that starts with a key and its value: most are pairs throughout, which no stricter format reads. */
const byPair = byFirst.map((parsers) => [
  ...parsers.filter((parse) => parse === logfmt.parse),
  ...parsers.filter((parse) => parse !== logfmt.parse),
]);
const pairStart = /^[A-Za-z_][\w.-]{0,63}=/;
/** The same for a line that starts with a date: most do that no format of their own has, and would be asked about by all of them. */
const byDate: ReadonlyMap<DateStart, readonly TextFormat['parse'][]> = new Map(
  (['2026-11-22 ', '2026-11-22T', '2026/11/22 ', '2026/11/22T'] as const).map((start) => [
    start,
    formatsOfDate(start).map(({ parse }) => parse),
  ]),
);
/** Those that are left for an empty line, or one that starts outside ASCII. */
const fromAnything = parsersFor(() => false);

function dateStartOf(line: string): DateStart | undefined {
  if (!date.test(line)) return undefined;
  const hasSpace = line.charCodeAt(10) === SPACE;
  if (line.charCodeAt(4) === SLASH) return hasSpace ? '2026/11/22 ' : '2026/11/22T';
  return hasSpace ? '2026-11-22 ' : '2026-11-22T';
}

const date = /^\d{4}([-/])\d\d\1\d\d[T ]\d/;
const SLASH = 47;

function parsersFor(allows: (first: RegExp) => boolean): readonly TextFormat['parse'][] {
  return formatsFor(allows).map(({ parse }) => parse);
}

function formatsOfDate(start: DateStart): readonly TextFormat[] {
  return formatsFor((first) => first.test(start.charAt(0))).filter(({ dates }) => dates?.includes(start) ?? true);
}

function formatsFor(allows: (first: RegExp) => boolean): readonly TextFormat[] {
  return textFormats
    .filter(({ name }: TextFormat) => name !== plainText.name)
    .filter(({ first }: TextFormat) => first === undefined || allows(first));
}
