import { closingQuote } from '../text/quotes.js';

export { closingQuote };

/** A value of a line whose values stand apart by one space; those that may hold spaces are in quotes or brackets. */
export interface Token {
  /** Without its quotes or brackets; escapes are kept. */
  readonly value: string;
  /** As it stands in the line. */
  readonly raw: string;
  readonly form: 'bare' | 'quoted' | 'bracketed';
}

/** All values from `start` on, or undefined when a quote or bracket is never closed. */
export function tokenize(line: string, start = 0): Token[] | undefined {
  const tokens: Token[] = [];
  for (let position = start; position < line.length; ) {
    const open = line[position];
    const form = open === '"' ? 'quoted' : open === '[' && !isSocket(line, position) ? 'bracketed' : 'bare';
    const end = form === 'bare' ? bareEnd(line, position) : valueEnd(line, position + 1, form);
    if (end < 0) return undefined;
    const raw = line.slice(position, end);
    if (raw !== '') tokens.push({ value: form === 'bare' ? raw : raw.slice(1, -1), raw, form });
    position = end + 1;
  }
  return tokens;
}

/** `[2001:db8::7]:8080`: the brackets are the address's own. */
function isSocket(line: string, start: number): boolean {
  socket.lastIndex = start;
  return socket.test(line);
}

const socket = /\[[\da-f:.]{2,45}\]:\d{1,5}/iy;

/** A number where the program wrote one, exactly; else the text. */
export function numberOrText(value: string): number | string {
  return number.test(value) ? Number(value) : value;
}

/** 15 digits at most: a double holds no more. No leading zeros, as in `007`: that is an id. */
const number = /^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$|^[1-9]\d{9,14}$/;

/** The end of the word that starts at `start`. */
export function wordEnd(line: string, start: number): number {
  const end = line.indexOf(' ', start);
  return end < 0 ? line.length : end;
}

/** The end of a word, or of a pair whose value is in quotes: `ua="10.0.0.1:80, 10.0.0.2:80"`. */
function bareEnd(line: string, start: number): number {
  const end = wordEnd(line, start);
  const pair = line.slice(start, end).indexOf('="');
  return pair < 0 ? end : valueEnd(line, start + pair + 2, 'quoted');
}

/** Past the quote or bracket that ends a value: a space or the line's end follows it, since Envoy escapes no quotes. */
function valueEnd(line: string, start: number, form: 'quoted' | 'bracketed'): number {
  for (let from = start; ; ) {
    const close = form === 'quoted' ? closingQuote(line, from) : line.indexOf(']', from);
    if (close < 0) return -1;
    if (close + 1 === line.length || line[close + 1] === ' ') return close + 1;
    from = close + 1;
  }
}
