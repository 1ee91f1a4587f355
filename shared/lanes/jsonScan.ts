import { fromBinary } from '../text/binary.js';
import { ESCAPED_QUOTE, escapedClosingQuote } from '../text/quotes.js';
import { arrayEnd } from './jsonArray.js';

/** A value of the line, at any depth. */
export interface Leaf {
  /** The constant text before it: from the value before, with its key and an opening quote. */
  readonly literal: string;
  readonly kind: ValueKind;
}

export type ValueKind = 'text' | 'number' | 'word' | 'array';

/** The keys that lead to a value, as the line's object has them: no binary strings. */
export type Path = readonly string[];

/** A line taken apart: all texts are cut from its record. */
export interface ScannedLine {
  readonly leaves: readonly Leaf[];
  /** Of each leaf. */
  readonly paths: readonly Path[];
  /** Of each leaf, as it stands in the record. */
  readonly values: readonly string[];
  /** What follows the last value. */
  readonly tail: string;
}

/**
 * Takes a JSON object apart that stands in its record escaped. Empty texts and objects are constant; an array, whatever is in
 * it, is one value. Undefined for what programs hardly log: keys with escapes, spaces in unusual places.
 *
 *     {\"time\":\"16:41\",\"req\":{\"method\":\"GET\",\"note\":\"\"},\"n\":1}
 *     └ literal ─┘ ↑    └ literal ──────────────┘ ↑ └ literal ────────────┘↑└ tail
 *                leaf 0                         leaf 1                   leaf 2
 */
export function scanLine(text: string, start: number, end: number): ScannedLine | undefined {
  return new LineScan(text, start, end).scan();
}

class LineScan {
  private readonly leaves: Leaf[] = [];
  private readonly paths: Path[] = [];
  private readonly values: string[] = [];
  /** The keys around the place where the scan stands, and the one before it. */
  private readonly keys: string[] = [];
  private depth = 0;
  private literalStart: number;

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
  ) {
    this.literalStart = at;
  }

  scan(): ScannedLine | undefined {
    const { text, end, leaves, paths, values } = this;
    while (this.at < end) {
      if (text[this.at] !== '}') {
        if (!this.skipDelimiter() || !this.readKey() || !this.readValue()) return undefined;
        continue;
      }
      this.depth--;
      if (this.depth === 0) {
        return this.at + 1 === end ? { leaves, paths, values, tail: text.slice(this.literalStart, end) } : undefined;
      }
      this.at++;
    }
    return undefined;
  }

  /** The `{` or `,` before a key, and the space that may follow. */
  private skipDelimiter(): boolean {
    const { text } = this;
    const delimiter = text[this.at];
    if (delimiter === '{') this.depth++;
    else if (delimiter !== ',') return false;
    this.at++;
    if (text[this.at] === ' ') this.at++;
    return true;
  }

  /** `\"key\":`, and the space that may follow. */
  private readKey(): boolean {
    const { text, at } = this;
    const keyStart = at + ESCAPED_QUOTE.length;
    const keyEnd = escapedClosingQuote(text, keyStart);
    if (!text.startsWith(ESCAPED_QUOTE, at) || keyEnd < 0 || keyEnd >= this.end) return false;
    const key = text.slice(keyStart, keyEnd);
    const colon = keyEnd + ESCAPED_QUOTE.length;
    if (key.includes('\\') || text[colon] !== ':') return false;
    this.keys.length = this.depth - 1;
    this.keys.push(fromBinary(key));
    this.at = text[colon + 1] === ' ' ? colon + 2 : colon + 1;
    return true;
  }

  /** Of an object nothing is read: its keys come next. */
  private readValue(): boolean {
    const { text, at } = this;
    if (text.startsWith(EMPTY_OBJECT, at)) {
      this.at += EMPTY_OBJECT.length;
      return true;
    }
    if (text[at] === '{') return true;
    if (!text.startsWith(ESCAPED_QUOTE, at)) return this.readLeaf(kindOf(text.charCodeAt(at)));
    this.at += ESCAPED_QUOTE.length;
    const isEmpty = text.startsWith(ESCAPED_QUOTE, this.at);
    if (!isEmpty && !this.readLeaf('text')) return false;
    this.at += ESCAPED_QUOTE.length;
    return true;
  }

  private readLeaf(kind: ValueKind): boolean {
    const { text, at, leaves } = this;
    const end = valueEnd(kind, text, at);
    if (end <= at || end >= this.end) return false;
    this.paths.push([...this.keys]);
    this.values.push(text.slice(at, end));
    leaves.push({ literal: text.slice(this.literalStart, at), kind });
    this.literalStart = end;
    this.at = end;
    return true;
  }
}

const EMPTY_OBJECT = '{}';

function kindOf(first: number): ValueKind {
  if (first === OPEN_BRACKET) return 'array';
  return isLetter(first) ? 'word' : 'number';
}

/** Where a value ends, a text at the backslash before its closing quote; `from` or before it when there is none. */
export function valueEnd(kind: ValueKind, text: string, from: number): number {
  if (kind === 'text') return escapedClosingQuote(text, from);
  if (kind === 'array') return arrayEnd(text, from);
  let end = from;
  const belongs = kind === 'number' ? isNumeral : isLetter;
  while (belongs(text.charCodeAt(end))) end++;
  return end - from > MAX_NUMBER ? -1 : end;
}

/** Characters: a time in seconds has up to nine decimals. */
const MAX_NUMBER = 24;

const OPEN_BRACKET = 91;

/** A digit, the point or the minus; no exponent. */
function isNumeral(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46 || code === 45;
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}
