import { parseAccessLine } from './accessLine.js';
import { parseApacheError, parseNginxError } from './errorLog.js';
import { parseJsonLine } from './json.js';
import { parseLogfmt } from './logfmt.js';
import type { LineParser, Parsed } from './parsed.js';
import { parseStackLine } from './stack.js';
import { parseJulHead, parsePythonDefault, parseText, parseTimedText } from './text.js';

export type { Fields, Parsed } from './parsed.js';

/**
 * Reads a line of any known format: the first parser that recognises it decides both the columns and the type, and
 * a line that none recognises is an app line with its text in `message`. What the stream is called (stdout, stderr)
 * has no say: nginx, Python and Node all write harmless lines to stderr.
 */
export function parseLine(line: string): Parsed {
  for (const parse of parsersFor(line.charCodeAt(0))) {
    const parsed = parse(line);
    if (parsed) return parsed;
  }
  return parseText(line);
}

const json: readonly LineParser[] = [parseJsonLine];
const text: readonly LineParser[] = [
  parseAccessLine,
  parseNginxError,
  parseTimedText,
  parseApacheError,
  parsePythonDefault,
  parseLogfmt,
  parseJulHead,
  parseStackLine,
];

const BRACE = '{'.charCodeAt(0);

/** No format but JSON starts with a brace. */
function parsersFor(first: number): readonly LineParser[] {
  return first === BRACE ? json : text;
}
