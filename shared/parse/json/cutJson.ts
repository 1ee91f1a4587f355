import { closingQuote } from '../../text/quotes.js';
import { type JsonObject, parseObject } from './object.js';

/** A JSON object that was cut before its end, as container runtimes cut lines of over 16 KB. */
export interface CutObject {
  /** The members that stand whole, those of nested objects included, and as much as there is of a text that was cut. */
  readonly object: JsonObject;
  /** What stands behind them, without that text. */
  readonly rest: string;
}

/** Reads what is left of an object that was cut. Undefined for a text that is none, or in which no member stands whole. */
export function parseCut(text: string): CutObject | undefined {
  const whole = wholeMembers(text);
  if (!whole) return undefined;
  const { end, closing, value, open } = whole;
  const rest = text.slice(end).replace(/^,?\s*/, '');
  // Nothing of a further member: the first line of an object that was printed over several.
  if (rest === '') return undefined;
  const object = parseObject(text.slice(0, end) + closing);
  if (!object || value < 0) return object && { object, rest };
  const kept = withoutHalfEscape(text);
  const longer = parseObject(`${kept}"${open}`);
  if (!longer) return { object, rest };
  return { object: longer, rest: rest.slice(0, rest.length - (text.length - value)) + text.slice(kept.length) };
}

interface WholeMembers {
  /** Where the last whole value ends. */
  readonly end: number;
  /** The brackets that close what is open there. */
  readonly closing: string;
  /** Where the text of a value starts that has no end, behind its quote; -1 when the cut is elsewhere. */
  readonly value: number;
  /** The brackets that close what is open at the cut. */
  readonly open: string;
}

/** Undefined for an object that ends. */
function wholeMembers(text: string): WholeMembers | undefined {
  /** The innermost first. */
  let open = '';
  let end = 0;
  let closing = '';
  let isValue = false;
  const mark = (at: number) => {
    end = at;
    closing = open;
  };
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const quote = closingQuote(text, at + 1);
        const isText = isValue || open[0] === ']';
        if (quote < 0) return { end, closing, value: isText ? at + 1 : -1, open };
        at = quote;
        if (isText) mark(at + 1);
        break;
      }
      case COLON:
        isValue = true;
        break;
      case COMMA:
        mark(at);
        isValue = false;
        break;
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (open.length >= MAX_DEPTH) return { end, closing, value: -1, open };
        open = (text.charCodeAt(at) === OPEN_OBJECT ? '}' : ']') + open;
        isValue = false;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open = open.slice(1);
        if (open === '') return undefined;
        mark(at + 1);
        break;
    }
  }
  return { end, closing, value: -1, open };
}

/** A text that was cut within an escape of JSON, such as `\u00e`, up to that. */
function withoutHalfEscape(text: string): string {
  const at = text.lastIndexOf('\\');
  if (at < text.length - LONGEST_ESCAPE) return text;
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  // Of an even number, each second one is the character that the one before it stands for.
  const isWhole = (at - first) % 2 === 1 || /^\\(?:[^u]|u[\da-f]{4})/is.test(text.slice(at));
  return isWhole ? text : text.slice(0, at);
}

const LONGEST_ESCAPE = 6;
const BACKSLASH = 92;
/** Logs are nested a few levels deep. */
const MAX_DEPTH = 100;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
