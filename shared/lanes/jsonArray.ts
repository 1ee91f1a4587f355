import { ESCAPED_QUOTE, unescapedClosingQuote } from '../text/quotes.js';

/**
 * The end of an array, escaped as its line stands in a record, that JSON.stringify would write as it is: no space, no
 * escape, no number in another notation, no key twice. -1 for any other.
 */
export function arrayEnd(text: string, start: number, depth = 1): number {
  if (text.charCodeAt(start) !== OPEN_ARRAY || depth > MAX_DEPTH) return -1;
  if (text.charCodeAt(start + 1) === CLOSE_ARRAY) return start + 2;
  for (let at = start + 1; ; at++) {
    at = plainEnd(text, at, depth);
    const next = at < 0 ? 0 : text.charCodeAt(at);
    if (next === CLOSE_ARRAY) return at + 1;
    if (next !== COMMA) return -1;
  }
}

function objectEnd(text: string, start: number, depth: number): number {
  if (text.charCodeAt(start + 1) === CLOSE_OBJECT) return start + 2;
  const keys: string[] = [];
  for (let at = start + 1; ; at++) {
    const keyEnd = plainTextEnd(text, at);
    const key = text.slice(at + ESCAPED_QUOTE.length, keyEnd - ESCAPED_QUOTE.length);
    if (keyEnd < 0 || !plainKey.test(key) || keys.includes(key) || text[keyEnd] !== ':') return -1;
    keys.push(key);
    at = plainEnd(text, keyEnd + 1, depth);
    const next = at < 0 ? 0 : text.charCodeAt(at);
    if (next === CLOSE_OBJECT) return at + 1;
    if (next !== COMMA) return -1;
  }
}

function plainEnd(text: string, at: number, depth: number): number {
  const first = text.charCodeAt(at);
  if (first === BACKSLASH) return plainTextEnd(text, at);
  if (first === OPEN_ARRAY) return arrayEnd(text, at, depth + 1);
  if (first === OPEN_OBJECT) return depth < MAX_DEPTH ? objectEnd(text, at, depth + 1) : -1;
  plainValue.lastIndex = at;
  return plainValue.test(text) ? plainValue.lastIndex : -1;
}

/** Behind the closing quote of a text without an escape of its own; -1 when `at` starts none. */
function plainTextEnd(text: string, at: number): number {
  if (!text.startsWith(ESCAPED_QUOTE, at)) return -1;
  const close = unescapedClosingQuote(text, at + ESCAPED_QUOTE.length);
  return close < 0 ? -1 : close + ESCAPED_QUOTE.length;
}

/** A whole number would come first in its object. */
const plainKey = /^[A-Za-z_][\w.-]*$/;
/** A word, or a number as JSON.stringify writes it that a double holds exactly. */
const plainValue = /(?:true|false|null|(?!-0(?!\.))-?(?:0|[1-9]\d{0,8})(?:\.\d{0,5}[1-9])?)(?![\d.eE])/y;

/** Deeper ones are left to the full parse, which minds the stack. */
const MAX_DEPTH = 20;

const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const COMMA = 44;

const BACKSLASH = 92;
