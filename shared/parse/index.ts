import type { Parsed } from '../line/parsed.js';
import { stripColours } from '../text/colours.js';
import type { TextFormat } from './format.js';
import { applicationJson } from './formats/application/applicationJson.js';
import { plainText } from './formats/application/plainText.js';
import { jsonFormats, textFormats } from './formats/index.js';
import { parseCut } from './json/cutJson.js';
import { readHeldAccess, readHeldLine, readHeldObject } from './json/heldLine.js';
import { type JsonObject, parseObject } from './json/object.js';

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
  const line = stripColours(text);
  // No format but JSON starts with a brace.
  if (line.startsWith('{')) {
    const object = line.endsWith('}') ? parseObject(line) : undefined;
    return object ? parseJson(object) : parseCutJson(line);
  }
  const formats = date.test(line) ? dated : byFirst;
  for (const parse of formats[line.charCodeAt(0)] ?? fromAnything) {
    const parsed = parse(line);
    if (parsed) return readHeldObject(parsed, parseJson);
  }
  return undefined;
}

/** Reads the members of a cut object that stand whole, and keeps the rest; undefined when they say nothing of a log line. */
function parseCutJson(line: string): Parsed | undefined {
  const cut = parseCut(line);
  if (!cut) return undefined;
  const parsed = parseJson(cut.object);
  const fields: Parsed['fields'] = [...parsed.fields, ['cut', cut.rest]];
  if (parsed.type === 'access') return { ...parsed, fields };
  const { level, message } = parsed.columns;
  if (level === undefined && message === undefined && parsed.time === undefined) return undefined;
  return { ...parsed, columns: message === undefined ? { message: line, ...parsed.columns } : parsed.columns, fields };
}

/** Reads any line as plain text. */
export function parseText(text: string): Parsed {
  return plainText.parse(stripColours(text));
}

/** The same for a line that is a JSON object, parsed already. */
export function parseJson(object: JsonObject): Parsed {
  const held = readHeldLine(object, parseLine);
  if (held) return held;
  const parsed = readHeldAccess(parseMembers(object), recognise);
  return parsed.type === 'app' && parsed.columns.level === undefined ? readHeldObject(parsed, parseJson) : parsed;
}

function parseMembers(object: JsonObject): Parsed {
  for (const { parse } of jsonFormats) {
    const parsed = parse(object);
    if (parsed) return parsed;
  }
  return applicationJson.parse(object);
}

/** The formats that may have written a line, by the code of its first character. */
const byFirst = Array.from({ length: 128 }, (_, code) => formatsFor((first) => first.test(String.fromCharCode(code))));
/** The same for a line that starts with a date: most do that no format of their own has, and would be asked about by all of them. */
const dated = Array.from({ length: 128 }, (_, code) =>
  formatsFor(
    (first) => first.test(String.fromCharCode(code)),
    ({ undated }) => !undated,
  ),
);
const date = /^\d{4}([-/])\d\d\1\d\d[T ]\d/;
/** Those that are left for an empty line, or one that starts outside ASCII. */
const fromAnything = formatsFor(() => false);

function formatsFor(
  allows: (first: RegExp) => boolean,
  fits: (format: TextFormat) => boolean = () => true,
): readonly TextFormat['parse'][] {
  return textFormats
    .filter((format: TextFormat) => format.name !== plainText.name && fits(format))
    .filter(({ first }: TextFormat) => first === undefined || allows(first))
    .map(({ parse }) => parse);
}
