/**
 * Where texts in double quotes end. A quote ends its text unless a backslash escapes it, and that backslash may be
 * escaped itself: what decides is how many of them stand before the quote.
 *
 *     as it stands in JSON                 {"path":"say \"hi\" \\"}
 *     the same JSON, as a line of a record {"log":"{\"path\":\"say \\\"hi\\\" \\\\\"}"}
 *
 * The functions start behind the opening quote. They look back no further than to it, for it is no backslash.
 */

/** The closing quote of a text in JSON: an even number of backslashes stands before it. -1 when the text goes on. */
export function closingQuote(json: string, start: number): number {
  for (let quote = json.indexOf('"', start); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    if (backslashesBefore(json, quote) % 2 === 0) return quote;
  }
  return -1;
}

/**
 * The closing quote of a text in a line that is itself a text of its record: where its `\"` starts, or -1 when the
 * record's text ends first.
 *
 *     before a quote   in the line   what it is
 *     none             none          the end of the record's text, as with every even number
 *     \                none          the end of the line's text
 *     \\\              \             a quote within the line's text
 *     \\\\\            \\            the end of the line's text, whose last character is a backslash
 */
export function escapedClosingQuote(record: string, start: number): number {
  for (let quote = record.indexOf('"', start); quote >= 0; quote = record.indexOf('"', quote + 1)) {
    const backslashes = backslashesBefore(record, quote);
    if (backslashes % 2 === 0) return -1;
    // One is the record's escape of the quote; the others are pairs, each a backslash of the line.
    if (((backslashes - 1) / 2) % 2 === 0) return quote - ESCAPED_QUOTE.length + 1;
  }
  return -1;
}

/** The same for a text that holds no escape of its own, which takes two quick searches; -1 when it holds one. */
export function unescapedClosingQuote(record: string, start: number): number {
  const quote = record.indexOf('"', start);
  return quote > start && record.indexOf('\\', start) === quote - 1 ? quote - 1 : -1;
}

/** How many backslashes stand directly before `at`. */
export function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === BACKSLASH) count++;
  return count;
}

/** A quote of the line, as its record escapes it. */
export const ESCAPED_QUOTE = '\\"';

const BACKSLASH = 92;
