import type { EntryColumns, Fields, Parsed } from '../../../line/parsed.js';
import { detach } from '../../../text/detach.js';
import type { TextFormat } from '../../format.js';
import { isFreeKey } from '../../freeKeys.js';
import { closingQuote, wordEnd } from '../../tokens.js';
import { isError, type Level, parseLevel } from '../../values/level.js';
import { parseTime } from '../../values/time.js';
import { parseTraceId } from '../../values/traceIds.js';
import { accessJson } from '../access/accessJson.js';
import { applicationJson } from './applicationJson.js';

/** Pairs of key and value, under the same key names as in JSON. */
export const logfmt: TextFormat = {
  name: 'logfmt',
  first: /[A-Za-z_]/,
  samples: [
    {
      of: "Go's log/slog, text",
      line: 'time=2026-11-22T16:41:02.500Z level=WARN msg="slow query" took=32.338µs service=search',
    },
    {
      of: 'Rails, lograge, of a request that failed',
      line: "method=GET path=/orders/7 format=html controller=OrdersController action=show status=500 error='NoMethodError: undefined method 'id' for nil' duration=4.10 view=0.00",
    },
    { of: 'log15', line: 't=2026-11-22T16:41:02+0000 lvl=eror msg="peer failed" id=1' },
  ],
  parse: parseLogfmt,
};

function parseLogfmt(line: string): Parsed | undefined {
  return start.test(line) ? (parseUsual(line) ?? parsePairs(line)) : undefined;
}

/**
 * A line of the usual keys with one space between its pairs. Its columns are filled as the pairs are met, which takes
 * less than half the time of an object that is then asked for every name a column may go by.
 *
 * @returns undefined for any other line; a property test holds the two ways together
 */
function parseUsual(line: string): Parsed | undefined {
  const lineNumber = ++linesRead;
  const found: Found = { time: undefined, level: undefined, message: undefined, request_id: undefined };
  const fields: Fields = [];
  let isLog = false;
  let pairs = 0;
  for (let at = 0; at < line.length; pairs++) {
    const equals = line.indexOf('=', at);
    const key = equals < 0 ? undefined : keyNamed(line.slice(at, equals));
    // An object has a key but once.
    if (key === undefined || key.lineNumber === lineNumber) return undefined;
    key.lineNumber = lineNumber;
    isLog ||= key.isKnown;

    const isQuoted = line.charCodeAt(equals + 1) === QUOTE;
    const valueStart = isQuoted ? equals + 2 : equals + 1;
    const valueEnd = isQuoted ? closingQuote(line, valueStart) : wordEnd(line, valueStart);
    const end = isQuoted ? valueEnd + 1 : valueEnd;
    if (valueEnd < 0 || (end < line.length && line.charCodeAt(end) !== SPACE)) return undefined;
    const raw = line.slice(valueStart, valueEnd);
    if (!isQuoted && (notBare.test(raw) || raw.startsWith("'"))) return undefined;
    const value = isQuoted ? unquote(raw) : raw;
    // The message may have a stack trace behind it, or say nothing.
    if (key.column === 'message' && (value.includes('\n') || value.trim() === '')) return undefined;
    if (key.column === undefined || !fill(found, key.column, value)) fields.push([key.name, value]);
    at = end + 1;
  }
  if (pairs < 2 || !isLog) return undefined;
  const { time, level, message, request_id } = found;
  const columns: EntryColumns = message === undefined ? {} : { message };
  if (level) columns.level = level;
  if (request_id !== undefined) columns.request_id = request_id;
  return { type: isError(level) ? 'error' : 'app', time, columns, fields };
}

interface Found {
  /** ms since the epoch */
  time: number | undefined;
  level: Level | undefined;
  message: string | undefined;
  request_id: string | undefined;
}

/** Whether the column understands the value; what it does not stays in `fields`. */
function fill(found: Found, column: keyof Found, value: string): boolean {
  switch (column) {
    case 'time':
      found.time = parseTime(value);
      break;
    case 'level':
      found.level = parseLevel(value);
      break;
    case 'message':
      found.message = value;
      break;
    case 'request_id':
      found.request_id = parseTraceId(value);
      break;
  }
  return found[column] !== undefined;
}

interface Key {
  readonly name: string;
  /** Undefined for one that goes to `fields`. */
  readonly column: keyof Found | undefined;
  /** Whether it tells a log line from an assignment in prose. */
  readonly isKnown: boolean;
  /** The line that had it last. */
  lineNumber: number;
}

/** Undefined for a text that is no key, and for a key that another column may come from. */
function keyNamed(text: string): Key | undefined {
  const met = keys.get(text);
  // Keys that are ids don't repeat, and must fill neither the memory nor the time.
  if (met !== undefined || keys.has(text) || keys.size >= MAX_KEYS) return met;
  const name = detach(text);
  const column = usual.get(name);
  const isUsual = column !== undefined || (keyName.test(name) && name !== log15Time && isFreeKey(name));
  const key = isUsual ? { name, column, isKnown: known.has(name), lineNumber: 0 } : undefined;
  keys.set(name, key);
  return key;
}

/** Keys met so far. */
const keys = new Map<string, Key | undefined>();
const MAX_KEYS = 1000;
let linesRead = 0;

/** The best name of each of these columns: no other key of the line can outdo it. */
const usual = new Map<string, keyof Found>([
  ['time', 'time'],
  ['level', 'level'],
  ['msg', 'message'],
  ['request_id', 'request_id'],
]);
const keyName = /^[A-Za-z_][\w.-]*$/;
const notBare = /[\s"]/;
const SPACE = 32;
const QUOTE = 34;

/** Any line of pairs: what their keys mean is left to the formats of JSON. */
function parsePairs(line: string): Parsed | undefined {
  const pairs: [string, string][] = [];
  let end = 0;
  for (const [text, key = '', quoted, single, bare = ''] of line.matchAll(pair)) {
    end += text.length;
    pairs.push([key, quoted === undefined ? (single ?? bare) : unquote(quoted)]);
  }
  // Whatever stands between two pairs makes the line something else than logfmt.
  if (end !== line.length || pairs.length < 2 || !pairs.some(([key]) => known.has(key))) return undefined;
  const isLog15 = !pairs.some(([key]) => key === 'time');
  const object = Object.fromEntries(
    pairs.map(([key, value]) => [isLog15 && isLog15Time(key, value) ? 'time' : key, value]),
  );
  return accessJson.parse(object) ?? applicationJson.parse(object);
}

const log15Time = 't';
/** log15, and go-ethereum with it, names its time by a letter. */
function isLog15Time(key: string, value: string): boolean {
  return key === log15Time && parseTime(value) !== undefined;
}

const start = /^[A-Za-z_][\w.-]*=/;
/**
 * Sticky: each pair starts where the one before it ended, so a hostile line is read once. Lograge puts an error in single
 * quotes and escapes none within; such a text is looked through to its end in vain where there is none, and so is bounded.
 */
const pair =
  /([A-Za-z_][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\n]|'(?!\s+[A-Za-z_][\w.-]{0,63}=|$)){0,1000})'|([^\s"]*))(?:\s+|$)/gsy;

/** A line without one of these is an assignment in prose, not a log line. */
const known = new Set(['level', 'lvl', 'severity', 'msg', 'message', 'time', 'ts', 'timestamp', 'method', 'status']);

function unquote(value: string): string {
  if (!value.includes('\\')) return value;
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}
