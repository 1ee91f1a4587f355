import { fromBinary } from './binary.js';

/**
 * JSON that every reader takes. A lone surrogate, which JSON.stringify writes as the escape `\ud800`, makes DuckDB and
 * others refuse the whole file: it is written as the six characters it was.
 */
export function stringify(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\ud') ? json.replace(escapedBackslashOrSurrogate, keepAsText) : json;
}

/** The same for a string. Most need no escape: to look for one takes about half the time that JSON.stringify takes. */
export function stringifyText(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  return surrogate.test(text) ? stringify(text) : JSON.stringify(text);
}

const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/;
/** Decided at once for a text that V8 stores as Latin-1. */
const surrogate = /[\ud800-\udfff]/;

/** A backslash of the text itself is matched too, so that what follows it is not taken for an escape. */
const escapedBackslashOrSurrogate = /\\(?:\\|ud[89a-f][0-9a-f]{2})/g;

function keepAsText(match: string): string {
  return match === '\\\\' ? match : `\\${match}`;
}

/** What JSON allows in no string as it is. */
export const controlCharacter = /[\u0000-\u001f]/;

/** The text of a JSON string literal, given without its quotes; undefined when it is none. */
export function unescapeJson(literal: string): string | undefined {
  if (!needsUnescape.test(literal)) return literal;
  try {
    return JSON.parse(`"${literal}"`) as string;
  } catch {
    return undefined;
  }
}

/** The text of a JSON string literal that stands in a binary string. Most lines need no change, which one look at them tells. */
export function unescapeBinaryJson(literal: string): string | undefined {
  return needsChange.test(literal) ? unescapeJson(fromBinary(literal)) : literal;
}

/** Anything but printable ASCII, and of that a quote or a backslash. */
const needsChange = /[^ !#-[\]-~]/;

/** A quote, a backslash, or a control character, which JSON does not allow as it is. */
const needsUnescape = /["\\\u0000-\u001f]/;
