import { decodeLogEscapes } from '../../text/logEscapes.js';
import { closingQuote } from '../../text/quotes.js';
import { type JsonObject, parseObject } from './object.js';

/** An object at the start of a text, and what stands behind it. */
export interface LooseObject {
  readonly object: JsonObject;
  readonly rest: string;
}

/**
 * An object that was written by a template instead of a JSON library: nginx's `log_format` without `escape=json`, a shell's
 * `echo`. It may have `\x22` of nginx or another backslash that JSON does not know, line breaks, tabs and quotes in its texts,
 * values that are missing or stand without quotes (`"upstream_status":,`, `:-`, `:0.001, 0.002`) and commas too many.
 * Undefined for a text that starts with no such object.
 */
export function parseLoose(text: string): LooseObject | undefined {
  const reader = new LooseReader(text);
  const json = text.startsWith('{') ? reader.readObject(0) : undefined;
  const object = json === undefined ? undefined : parseObject(json);
  return object && { object, rest: text.slice(reader.at).trim() };
}

/** Walks over loose JSON once. Each of its readers returns JSON proper, or undefined where the text can't be read. */
class LooseReader {
  at = 0;

  constructor(private readonly text: string) {}

  readObject(depth: number): string | undefined {
    return this.readList('{', '}', depth, () => {
      const key = this.readString();
      if (key === undefined || this.skipSpaces() !== ':') return undefined;
      this.at++;
      const value = this.readValue('}', depth);
      return value === undefined ? undefined : `${key}:${value}`;
    });
  }

  private readList(open: string, close: string, depth: number, readItem: () => string | undefined): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const items: string[] = [];
    this.at++;
    for (let next = this.skipSpaces(); next !== close; next = this.skipSpaces()) {
      if (next !== ',') {
        const item = readItem();
        const end = this.skipSpaces();
        if (item === undefined || (end !== ',' && end !== close)) return undefined;
        items.push(item);
      }
      if (this.text[this.at] === ',') this.at++;
    }
    this.at++;
    return open + items.join(',') + close;
  }

  private readValue(close: string, depth: number): string | undefined {
    switch (this.skipSpaces()) {
      case '"':
        return this.readString();
      case '{':
        return this.readObject(depth + 1);
      case '[':
        return this.readList('[', ']', depth + 1, () => this.readValue(']', depth + 1));
      default:
        return this.readBare(close);
    }
  }

  private readString(): string | undefined {
    if (this.text[this.at] !== '"') return undefined;
    const start = this.at + 1;
    let end = closingQuote(this.text, start);
    // A quote that nothing of an object follows is one of the text's own.
    while (end >= 0 && !this.isEnd(end + 1)) end = closingQuote(this.text, end + 1);
    if (end < 0) return undefined;
    this.at = end + 1;
    return `"${mendEscapes(this.text.slice(start, end))}"`;
  }

  private isEnd(at: number): boolean {
    endOfString.lastIndex = at;
    return endOfString.test(this.text);
  }

  /** Up to the comma before the next key, in an array up to any: several upstreams' times are one value. */
  private readBare(close: string): string | undefined {
    const end = close === '}' ? memberEnd : elementEnd;
    end.lastIndex = this.at;
    const at = end.exec(this.text)?.index;
    if (at === undefined) return undefined;
    const value = this.text.slice(this.at, at).trim();
    this.at = at;
    if (value.includes('"')) return undefined;
    if (value === '') return 'null';
    return scalar.test(value) ? value : JSON.stringify(value);
  }

  private skipSpaces(): string | undefined {
    spaces.lastIndex = this.at;
    spaces.test(this.text);
    this.at = spaces.lastIndex;
    return this.text[this.at];
  }
}

/** Who writes one backslash that JSON does not know has not escaped the others either, but for those before a quote. */
function mendEscapes(literal: string): string {
  if (!mayNeedMending.test(literal)) return literal;
  const isEscaped = !literal.replace(knownEscapes, '').includes('\\');
  return literal.replace(isEscaped ? hexOrControl : backslashOrControl, (text) => {
    if (text.startsWith('\\x')) return JSON.stringify(decodeLogEscapes(text)).slice(1, -1);
    if (text === '\\') return '\\\\';
    return text.startsWith('\\') ? text : JSON.stringify(text).slice(1, -1);
  });
}

/** Logs are nested a few levels deep. */
const MAX_DEPTH = 100;
const spaces = /\s*/y;
const endOfString = /\s*[,:}\]]/y;
const memberEnd = /,(?=\s*["}])|\}/g;
const elementEnd = /[,\]]/g;
const scalar = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;
const mayNeedMending = /["\\\u0000-\u001f]/;
const knownEscapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4}|x[\da-fA-F]{2})/g;
/** A run of nginx's escapes is one text in UTF-8. Other escapes are matched too, so that their second half is not. */
const hexOrControl = /(?:\\x[\da-fA-F]{2})+|\\.|["\u0000-\u001f]/gs;
const backslashOrControl = /\\"|\\|["\u0000-\u001f]/g;
