import { stripColours } from './colours.js';
import { applicationJson } from './formats/applicationJson.js';
import { jsonFormats, textFormats } from './formats/index.js';
import { plainText } from './formats/plainText.js';
import { type JsonObject, parseObject } from './keys.js';
import type { Parsed } from './parsed.js';

export type { Fields, Parsed } from './parsed.js';

/**
 * Reads a line of any known format: the first format that recognises it decides both the columns and the type, and
 * a line that none recognises is an app line with its text in `message`. What the stream is called (stdout, stderr)
 * has no say: nginx, Python and Node all write harmless lines to stderr.
 */
export function parseLine(text: string): Parsed {
  const line = stripColours(text);
  // No format but JSON starts with a brace.
  if (line.startsWith('{')) {
    const object = line.endsWith('}') ? parseObject(line) : undefined;
    return object ? parseJson(object) : plainText.parse(line);
  }
  for (const { parse } of textFormats) {
    const parsed = parse(line);
    if (parsed) return parsed;
  }
  return plainText.parse(line);
}

/** The same for a line that is a JSON object, parsed already. */
export function parseJson(object: JsonObject): Parsed {
  for (const { parse } of jsonFormats) {
    const parsed = parse(object);
    if (parsed) return parsed;
  }
  return applicationJson.parse(object);
}
