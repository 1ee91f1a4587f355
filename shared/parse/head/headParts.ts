import { isDigit } from '../values/time.js';
import { type Group, HeadCursor } from './headCursor.js';
import { timeEnd } from './headTime.js';
import { isCaller, isNumber, isUuid } from './headWords.js';

/** What has been read of the head of a line, and the parts of it that say by themselves what they are. */
export class HeadParts extends HeadCursor {
  time: string | undefined;
  level: string | undefined;
  logger: string | undefined;
  thread: string | undefined;
  requestId: string | undefined;
  readonly fields: [key: string, value: unknown][] = [];
  /** How many have been read: the first two are ids. */
  numbers = 0;
  hasCaller = false;
  /** What stands before the level and may be a logger: the last one is. */
  readonly words: string[] = [];
  /** The same in brackets: a thread, unless it looks like a logger. */
  readonly groups: Group[] = [];
  levelIsBracketed = false;
  /** The message starts with the level itself. */
  keepsLevel = false;

  readTime(): boolean {
    const end = this.time === undefined ? timeEnd(this.line, this.at) : -1;
    if (end < 0 || end > this.limit) return false;
    this.time = this.line.slice(this.at, end);
    this.at = end;
    return true;
  }

  /** fern's `[2026-11-22][16:41:02]`. */
  readSplitTime(): boolean {
    // Most lines are spared the expression.
    if (this.time !== undefined || this.line.charCodeAt(this.at) !== OPEN_BRACKET) return false;
    const [whole = '', date, clock] = this.match(splitTime) ?? [];
    if (whole === '') return false;
    this.time = `${date} ${clock}`;
    this.at += whole.length;
    return true;
  }

  /** The text of a group without the time that it starts with, or has behind its first word. */
  withoutTime(text: string, start: number): string {
    for (const at of [0, text.search(inner) + 1]) {
      const found = timeEnd(this.line, start + at);
      const end = found - start;
      if (found === -1 || end > text.length) continue;
      this.time = text.slice(at, end);
      return text.slice(0, at) + text.slice(end);
    }
    return text;
  }

  /** A number, a request's id or a place in the source, which say by themselves what they are. */
  readDetail(word: string): boolean {
    if (isNumber(word)) this.fields.push([numberKeys[this.numbers++] ?? 'number', Number(word)]);
    else if (isUuid(word) && this.requestId === undefined) this.requestId = word;
    else if (isCaller(word) && !this.hasCaller) {
      this.hasCaller = true;
      this.fields.push(['caller', word]);
    } else return false;
    return true;
  }

  takeDetail(word: string, end: number): boolean {
    if (!this.readDetail(word)) return false;
    this.at = end;
    return true;
  }

  /** `shop.views:52`, `main:o.a.z.s.ServerCnxnFactory@309`, `L83`. */
  readPlace(word: string): boolean {
    // Most loggers have no number behind them: spared the expression.
    if (!isDigit(word.charCodeAt(word.length - 1))) return false;
    const { thread, logger, number } = place.exec(word)?.groups ?? {};
    if (number === undefined || (logger !== undefined && this.logger !== undefined)) return false;
    this.logger ??= logger;
    this.thread ??= thread;
    this.fields.push(['line', Number(number)]);
    return true;
  }

  readPair(): boolean {
    const [whole = '', key = '', quoted, bare] = this.match(pair) ?? [];
    if (whole === '') return false;
    if (key === 'request_id') this.requestId ??= quoted ?? bare;
    else this.fields.push([key, quoted ?? bare]);
    this.at += whole.length;
    return true;
  }

  takeLevel(level: string): boolean {
    this.level = level;
    this.at += level.length;
    return true;
  }

  takeWord(word: string, end: number): boolean {
    this.words.push(word);
    this.at = end;
    return true;
  }

  takeLogger(logger: string | undefined, whole: string): boolean {
    if (logger === undefined || !this.readPlace(logger)) this.logger = logger;
    this.at = this.spacesEnd(this.at + whole.length);
    return true;
  }

  placeContext(text: string, mayBeThread = false): void {
    if (text === '') return;
    if (text.startsWith('req-')) this.requestId ??= text.split(' ', 1)[0];
    else if (mayBeThread && this.thread === undefined && this.groups.length === 0) this.thread = text;
    else this.fields.push(['context', text]);
  }
}

/** More are no head. */
export const MOST_PARTS = 10;

/** What parts the values within a pair of brackets. */
export const inner = /[\s|,]+|\/(?=[A-Z]+$)|:(?=\s|$)/;
/** A logger with a line, or a line alone. */
export const place = /^(?:(?:(?<thread>\S{1,120}):)?(?<logger>[A-Za-z_][\w.$]{0,100})[:@]|L)(?<number>\d{1,6})$/;
const numberKeys: readonly string[] = ['pid', 'tid'];
const OPEN_BRACKET = 91;
const splitTime = /\[(\d{4}-\d\d-\d\d)\]\[(\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\]/y;
const pair = /([A-Za-z_][\w.-]*)=(?:"([^"\n]*)"|([^\s"]*))(?=\s)/y;
