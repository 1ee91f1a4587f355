import { closingQuote } from '../../text/quotes.js';
import { type JsonObject, parseObject } from './object.js';

/** A JSON object that was cut before its end, as container runtimes cut lines of over 16 KB. */
export interface CutObject {
  /** The members that stand whole, those of nested objects included. */
  readonly object: JsonObject;
  /** The text behind them. */
  readonly rest: string;
}

/** Reads what is left of an object that was cut. Undefined for a text that is none, or in which no member stands whole. */
export function parseCut(text: string): CutObject | undefined {
  const whole = wholeMembers(text);
  if (!whole) return undefined;
  const rest = text.slice(whole.end).replace(/^,?\s*/, '');
  // Nothing of a further member: the first line of an object that was printed over several.
  if (rest === '') return undefined;
  const object = parseObject(text.slice(0, whole.end) + whole.closing);
  return object && { object, rest };
}

/** Where the last whole value ends, and the brackets that close what is open there; undefined for an object that ends. */
function wholeMembers(text: string): { readonly end: number; readonly closing: string } | undefined {
  /** The brackets that will close what is open, the innermost first. */
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
        if (quote < 0) return { end, closing };
        at = quote;
        if (isValue || open[0] === ']') mark(at + 1);
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
        if (open.length >= MAX_DEPTH) return { end, closing };
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
  return { end, closing };
}

/** Logs are nested a few levels deep. */
const MAX_DEPTH = 100;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
