import type { Fields } from '../../line/parsed.js';
import { isDigit } from '../values/time.js';
import { readBehindLevel } from './behindLevel.js';
import { isSpace, opensGroup } from './headCursor.js';
import { HeadParts } from './headParts.js';
import { timeEnd } from './headTime.js';
import { isEmpty, isLevelWord, isLogger, isLowerCase, isNumber, isQualified } from './headWords.js';
import { joinedStart } from './joinedHead.js';
import { readUntilLevel } from './levelInHead.js';

/** What a program put before its message, as it stands in the line. */
export interface LineHead {
  readonly time: string | undefined;
  readonly level: string;
  readonly logger: string | undefined;
  readonly requestId: string | undefined;
  /** What else the head says. */
  readonly fields: Fields;
  /** Where the message starts. */
  readonly end: number;
}

/**
 * Reads the head of a line by its parts, whichever logger wrote them: a time, a level, and beside them threads, loggers,
 * process ids, places in the source and pairs, between spaces, brackets, dashes, bars or colons.
 *
 * The level makes the head. It stands first, or behind parts that begin no sentence, and a time stands with it, or else
 * a thread and a logger do: `error` amid prose is no level. Undefined for a line without such a head.
 */
export function readHead(line: string): LineHead | undefined {
  if (!mayHaveHead(line)) return undefined;
  const newline = line.indexOf('\n');
  return readParts(new HeadParts(line, Math.min(newline < 0 ? line.length : newline, LONGEST_HEAD)));
}

/** Spares most lines without a head the reader: those that start with a word which is no level and has no time behind it. */
function mayHaveHead(line: string): boolean {
  if (isDigit(line.charCodeAt(0)) || opensGroup(line[0])) return true;
  let end = 0;
  let hasSign = false;
  for (; end < line.length; end++) {
    const code = line.charCodeAt(end);
    if (isSpace(code) || code === BAR || code === OPEN_BRACKET || end > LONGEST_WORD) break;
    if (code === EQUALS) return false;
    hasSign ||= code === COLON || code === COMMA || code === SEMICOLON;
  }
  if (hasSign && joinedStart.test(line)) return true;
  const word = line.slice(0, line.charCodeAt(end - 1) === COLON ? end - 1 : end);
  if (isLevelWord(word)) return true;
  while (isSpace(line.charCodeAt(end))) end++;
  return timeEnd(line, end) > 0 || namedTime.test(line);
}

function readParts(head: HeadParts): LineHead | undefined {
  const found = readUntilLevel(head);
  if (found === undefined || head.level === undefined) return undefined;
  if (found === 'level' && !readBehindLevel(head)) return undefined;
  placeNames(head, head.level);
  const { time, level, logger, requestId, thread, fields, at } = head;
  if (thread !== undefined) fields.unshift(['thread', thread]);
  return { time, level, logger, requestId, fields, end: at };
}

/** Tells the names that stand before the level apart: which of them is the logger, and which the thread. */
function placeNames(head: HeadParts, level: string): void {
  if (head.words.length === 0 && head.groups.length === 0) return;
  const context: string[] = [];
  head.logger ??= head.words.pop();
  context.push(...head.words);
  for (const { text } of head.groups) {
    if (isEmpty(text)) continue;
    // Gunicorn and Envoy put the process and the level in brackets, Log4net only its thread.
    if (isNumber(text) && head.levelIsBracketed && head.readDetail(text)) continue;
    // Winston's labels stand before `info:`, spdlog's loggers before `[info]`.
    const isLabel = (head.isParted || head.levelIsBracketed) && isLowerCase(level) && isLogger(text);
    const isName = isLabel || isQualified(text);
    if (head.logger === undefined && isName) head.logger = text;
    else if (head.thread === undefined) head.thread = text;
    else context.push(text);
  }
  if (context.length > 0) head.fields.push(['context', context.join(' ')]);
}

const LONGEST_WORD = 100;
/** Characters. Behind them nothing belongs to a head. */
const LONGEST_HEAD = 500;

/** `Nov 22, 2026 …`, `Sun Nov 22 …`, `Sun, 22 Nov …` */
const namedTime = /^[A-Z][a-z]{2}[a-z]{0,6},? (?:\d\d?,? |[A-Z][a-z]{2} [ \d]\d )/;
const COMMA = 44;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const BAR = 124;
