import { type Group, isSpace } from './headCursor.js';
import { type HeadParts, inner, MOST_PARTS } from './headParts.js';
import { timeEnd } from './headTime.js';
import { isLevelLetter, isLevelName, isLevelWord, isLogger, isNumber, isPlainWord, isSubject } from './headWords.js';
import { joinedStart, readJoined } from './joinedHead.js';

/**
 * Reads part after part up to the level, whatever stands before it.
 *
 * @returns what was read last: the level, or all up to the message; undefined when there turns out to be no head
 */
export function readUntilLevel(head: HeadParts): 'level' | 'all' | undefined {
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    if (!readPart(head)) return undefined;
    if (head.level !== undefined) return head.keepsLevel ? 'all' : 'level';
    const joint = head.jointAt();
    if (joint !== undefined) return readJoined(head, joint) ? 'all' : undefined;
    head.skipSeparators();
    // A word that begins a line begins a head only before a time.
    if (head.time === undefined && head.words.length > 0 && timeEnd(head.line, head.at) < 0) return undefined;
  }
  return undefined;
}

function readPart(head: HeadParts): boolean {
  if (head.readTime() || head.readSplitTime()) return true;
  const group = head.readGroup();
  if (!group) return readWord(head);
  if (!readWithin(head, group) && (isNumber(group.text) || !head.readDetail(group.text))) head.groups.push(group);
  return true;
}

/** A level, a time, or several parts of the head: `[2026-11-22T16:41:02Z ERROR shop::pay]`, `[ERROR|auth|L83]`, `[worker 3/INFO]`. */
function readWithin(head: HeadParts, { text, start, open }: Group): boolean {
  if (
    head.level === undefined &&
    (isLevelWord(text) || (head.time !== undefined && open === '[' && isLevelLetter(text)))
  ) {
    head.level = text;
    head.levelIsBracketed = true;
    return true;
  }
  const rest = head.time === undefined ? head.withoutTime(text, start) : text;
  const isTimed = rest !== text;
  if (!isTimed && !inner.test(text)) return false;
  const words = rest.split(inner).filter((word) => word !== '');
  // A letter with a time is Tornado's `[I 261122 16:41:02 web:12]`.
  const levelAt = words.findIndex(
    (word, index) => isLevelName(word) || (isTimed && index === 0 && isLevelLetter(word)),
  );
  if (!isTimed && (levelAt < 0 || head.level !== undefined)) return false;
  head.level ??= words[levelAt];
  const before = words.slice(0, Math.max(levelAt, 0));
  if (before.length > 0) head.thread = before.join(' ');
  for (const word of words.slice(levelAt + 1)) {
    if (!head.readDetail(word) && !head.readPlace(word)) head.words.push(word);
  }
  return true;
}

function readWord(head: HeadParts): boolean {
  const { line, at } = head;
  const end = head.wordEnd(at);
  const word = line.slice(at, end);
  const name = word.endsWith(':') ? word.slice(0, -1) : word;
  if (isLevelName(name) || isLevelAt(head, name, at + name.length)) return head.takeLevel(name);
  if (head.time !== undefined && loudWords.test(name) && isBare(head, at + name.length)) {
    head.keepsLevel = true;
    head.level = name;
    return true;
  }
  if (head.time !== undefined && readMarkedLevel(head, word, end)) return true;
  const first = head.time === undefined && head.words.length === 0 ? joinedStart.exec(word)?.[1] : undefined;
  if (first !== undefined) return isLevelWord(first) ? head.takeLevel(first) : head.takeWord(first, at + first.length);
  if (head.readPair() || head.takeDetail(name, end)) return true;
  // A sentence begins with plain words: one may be a logger, two are prose.
  if (!isLogger(name) || (isPlainWord(name) && head.words.some(isPlainWord))) return false;
  return head.takeWord(name, end);
}

/** `*ERROR*` of Apache Sling, `E!` of Telegraf, `critical/ApiListener:` of Icinga. */
function readMarkedLevel(head: HeadParts, word: string, end: number): boolean {
  const [, starred, letter = '', named, logger] = markedLevel.exec(word) ?? [];
  const level = starred ?? named ?? letter;
  if (!isLevelWord(level) && !isLevelLetter(letter)) return false;
  head.level = level;
  head.logger ??= logger;
  head.at = end;
  return true;
}

/** Whether what stands around a word that is no certain level says that it is one. */
function isLevelAt(head: HeadParts, word: string, end: number): boolean {
  const { line } = head;
  if (isLevelLetter(word)) return head.time !== undefined && isLetterAt(head, head.at);
  if (!isLevelWord(word)) return false;
  if (head.time === undefined && head.groups.length === 0) return head.words.length === 0 && startsTime(head, end);
  const isColon = line[end] === ':' && isSpace(line.charCodeAt(end + 1));
  // BIND: `general: error: `.
  if (isColon) return (head.words.length === 0 || line[head.at - 2] === ':') && !isSubject(word);
  if (head.time !== undefined && head.follows(capitalsAndBracket, head.at)) return true;
  return (head.isParted && head.follows(dash, end)) || (head.time !== undefined && head.follows(threadAndLogger, end));
}

function isLetterAt(head: HeadParts, at: number): boolean {
  return head.follows(letterLayout, at) || (head.numbers > 1 && head.follows(androidTag, at));
}

/** Whether a word directly behind the time is followed by prose. */
function isBare(head: HeadParts, end: number): boolean {
  return head.words.length === 0 && head.groups.length === 0 && isSpace(head.line.charCodeAt(end));
}

function startsTime(head: HeadParts, end: number): boolean {
  const at = head.spacesEnd(head.line[end] === ':' ? end + 1 : end);
  return timeEnd(head.line, head.line[at] === '[' ? at + 1 : at) > 0;
}

/** Words that may start a sentence, which then keeps them: `error opening file`. */
const loudWords = /^(?:trace|debug|info|warn|warning|error|fatal)$/i;
const markedLevel = /^(?:\*([A-Z]+)\*|([A-Z])!|([a-z]{4,13})\/([A-Za-z]\w*):)$/;
/** Sticky ones are asked where they are to match. */
const dash = /\s+--?\s/y;
/** NestJS's `LOG [Context]`, java.util.logging's `CONFIG [thread]`. */
const capitalsAndBracket = /[A-Z]+\s+\[/y;
const threadAndLogger = /\s+\[[^\]\n]*\]\s+\S+\s+--?\s/y;
/** A letter of etcd, MongoDB, Ruby's Semantic Logger or TensorFlow. */
const letterLayout = /[A-Z] (?:\| |[A-Z_-]{1,20} {1,10}\[|\[\d{1,10}:[^\]\n]{1,60}\] |[^\s:]{1,100}:\d{1,6}\] )/y;
const androidTag = /[A-Z] [^\s:]{1,60} {0,20}: /y;
