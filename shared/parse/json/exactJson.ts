import { backslashesBefore, closingQuote } from '../../text/quotes.js';

/**
 * As `JSON.parse`, without its losses:
 * - a number that a double can't hold (`12345678901234567890`, `1e400`) becomes a string of the digits as written;
 * - a key that an object has more than once keeps its last value, as everywhere; the earlier ones become `key#1`, `key#2` …
 *
 * Most lines hold neither and are only looked over, which takes less time than JSON.parse itself.
 *
 * @throws SyntaxError when the text is not JSON, RangeError when it is nested thousands deep
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isPlain(text, value)) return value;
  const exact = spellOut(text);
  return exact === text ? value : JSON.parse(exact);
}

/** Whether plain parsing has lost nothing for certain. */
function isPlain(text: string, value: unknown): boolean {
  let keys = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) {
    if (backslashesBefore(text, at) % 2 !== 0) continue;
    keys++;
    if (isLongNumber(text, text.charCodeAt(at + 2) === SPACE ? at + 3 : at + 2)) return false;
  }
  // More keys in the text than in the value: one is repeated.
  return keys === countKeys(value) && !hiddenKey.test(text) && !(text.includes('[') && longElement.test(text));
}

/** A double holds any number of 15 digits; one with an exponent may be of any size. */
function isLongNumber(text: string, start: number): boolean {
  for (let at = start; ; at++) {
    const code = text.charCodeAt(at);
    if (!(isDigit(code) || code === DOT || (code === MINUS && at === start))) {
      return at - start >= 16 || (at > start && (code | 32) === LETTER_E);
    }
  }
}

/** The same for what stands in an array. */
const longElement = /[,[]\s*-?(?:[\d.]{16}|[\d.]+[eE])/;
/** A key that is not followed by its colon at once, and so was not counted; or a value at some distance. */
const hiddenKey = /"\s+:|":\s{2}|":[\t\r\n]/;

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const each of value) count += countKeys(each);
    return count;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    count++;
    const each = object[key];
    if (typeof each === 'object') count += countKeys(each);
  }
  return count;
}

/** Characters to put into the text before the one at `at`. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Where the keys of an object that is being walked end, by key. */
type KeyEnds = Map<string, number[]>;

/** Rewrites JSON text, which must be valid, into JSON whose plain parsing loses nothing. */
function spellOut(json: string): string {
  const insertions: Insertion[] = [];
  /** The objects and arrays around the current place; undefined for an array. */
  const around: (KeyEnds | undefined)[] = [];
  for (let at = 0; at < json.length; ) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = closingQuote(json, at + 1) + 1;
      const keys = around.at(-1);
      if (keys && isKey(json, end)) addKey(keys, json.slice(at, end), end - 1);
      at = end;
    } else if (code === MINUS || isDigit(code)) {
      numberAt.lastIndex = at;
      const number = numberAt.exec(json)?.[0] ?? '';
      if (!fitsDouble(number)) insertions.push({ at, text: '"' }, { at: at + number.length, text: '"' });
      at += number.length;
    } else {
      if (code === OPEN_OBJECT) around.push(new Map());
      else if (code === OPEN_ARRAY) around.push(undefined);
      else if (code === CLOSE_OBJECT) renameRepeated(around.pop(), insertions);
      else if (code === CLOSE_ARRAY) around.pop();
      at++;
    }
  }
  return insert(json, insertions);
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (json.charCodeAt(at) <= SPACE) at++;
  return json.charCodeAt(at) === COLON;
}

function addKey(keys: KeyEnds, quoted: string, end: number): void {
  const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  const ends = keys.get(key);
  if (ends) ends.push(end);
  else keys.set(key, [end]);
}

function renameRepeated(keys: KeyEnds | undefined, insertions: Insertion[]): void {
  for (const [key, ends] of keys ?? []) {
    let number = 0;
    for (const at of ends.slice(0, -1)) {
      do number++;
      while (keys?.has(`${key}#${number}`));
      insertions.push({ at, text: `#${number}` });
    }
  }
}

/** Whether a double, written out again, has the digits of this number. */
function fitsDouble(number: string): boolean {
  return number.length < 16 && !number.includes('e') && !number.includes('E')
    ? true
    : digitsOf(number) === digitsOf(String(Number(number)));
}

/** A number as its significant digits and the power of ten of the last one: equal for `1.50` and `15e-1`. */
function digitsOf(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = numberParts.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return end === 0 ? '0' : `${sign}${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function insert(text: string, insertions: Insertion[]): string {
  if (insertions.length === 0) return text;
  insertions.sort((a, b) => a.at - b.at);
  let result = '';
  let start = 0;
  for (const insertion of insertions) {
    result += text.slice(start, insertion.at) + insertion.text;
    start = insertion.at;
  }
  return result + text.slice(start);
}

const numberAt = /[-+.\deE]+/y;
const numberParts = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

const SPACE = 32;
const QUOTE = 34;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const LETTER_E = 101;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
