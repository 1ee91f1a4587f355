import { closingQuote } from '../../text/quotes.js';

/**
 * JSON as Python's `json` writes it, with `NaN`, `Infinity` and `-Infinity` as texts: JSON has no such numbers. Undefined
 * for a text without one.
 */
export function quoteNonFinite(text: string): string | undefined {
  let result = '';
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (end < 0) break;
      at = end + 1;
      continue;
    }
    const word = words.find((each) => text.startsWith(each, at));
    if (word === undefined) {
      at++;
      continue;
    }
    result += `${text.slice(copied, at)}"${word}"`;
    at += word.length;
    copied = at;
  }
  return copied === 0 ? undefined : result + text.slice(copied);
}

const QUOTE = 34;
const words = ['NaN', 'Infinity', '-Infinity'];
