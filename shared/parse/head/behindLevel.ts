import { type Group, opensGroup, type Sign } from './headCursor.js';
import { type HeadParts, MOST_PARTS, place } from './headParts.js';
import { isCaller, isEmpty, isLogger, isNumber, isQualified, isUuid } from './headWords.js';
import { readJoined } from './joinedHead.js';
import { readLogger, readMarkedLogger } from './loggerBeforeMessage.js';

/** Reads on from the level to the message; false when there turns out to be no head. */
export function readBehindLevel(head: HeadParts): boolean {
  if (!head.levelIsBracketed) readSuffixes(head);
  const joint = head.jointAt();
  if (joint !== undefined) return readJoined(head, joint) && head.time !== undefined;
  const levelIsFirst = head.time === undefined;
  const sign = head.skipSeparators();
  if (levelIsFirst && !readTimeBehind(head)) return isThreadFirst(head, sign);
  const end = levelIsFirst ? head.skipSeparators() : sign;
  if (end === '') {
    if (levelIsFirst || !readUsualNames(head)) readNames(head, levelIsFirst);
  } else if (end === '-') readDashedLogger(head);
  return true;
}

/** `ERROR[7][C-0001]` of Asterisk, `ERROR[11-22|16:41:02.123]` of go-ethereum. */
function readSuffixes(head: HeadParts): void {
  while (head.line[head.at] === '[') {
    const group = head.readGroup();
    if (!group) return;
    if (head.withoutTime(group.text, group.start) === '' || head.readDetail(group.text)) continue;
    head.fields.push(['context', group.text]);
  }
}

/** The time of a level that comes first, with a thread between the two or not. */
function readTimeBehind(head: HeadParts): boolean {
  if (head.readTime()) return true;
  const start = head.at;
  const group = head.readGroup();
  if (group && head.withoutTime(group.text, group.start) === '') return true;
  if (group) {
    head.at = head.spacesEnd(head.at);
    head.groups.push(group);
    if (head.readTime()) return true;
    head.groups.pop();
  }
  head.at = start;
  return false;
}

/** Without a time, a name in brackets before the level and a sign behind it tell a head from prose. */
function isThreadFirst(head: HeadParts, sign: Sign): boolean {
  if (head.groups.length !== 1 || head.words.length > 0) return false;
  return sign === ':' || (sign === '' && readMarkedLogger(head, true));
}

/** A thread in brackets and a logger with a colon or dash, or the latter alone: most heads at once, in half the time. */
function readUsualNames(head: HeadParts): boolean {
  if (head.words.length > 0 || head.groups.length > 0 || head.thread !== undefined || head.hasCaller) return false;
  const [whole = '', thread, behindThread, logger = behindThread ?? ''] = head.match(usualNames) ?? [];
  if (whole === '' || head.logger !== undefined || !isLogger(logger) || isRequest(thread)) return false;
  head.thread = thread;
  return head.takeLogger(logger, whole);
}

function readNames(head: HeadParts, levelIsFirst: boolean): void {
  if (readDetails(head, levelIsFirst)) return;
  const start = head.at;
  const groups = readGroups(head);
  if (
    (groups.length > 0 && head.skipSeparators() !== '') ||
    (!isLoggerAndThread(groups) && readLogger(head, groups.length > 0, levelIsFirst))
  ) {
    placeGroups(head, groups);
    return;
  }
  // Nothing behind them says that they belong to the head: those do that say so themselves.
  const other = groups.findIndex((group, index) => !isName(head, group, index, groups));
  const own = other < 0 ? groups : groups.slice(0, other);
  head.at = head.spacesEnd(own.at(-1)?.end ?? start);
  placeGroups(head, own);
}

/** `[org.jboss.msc] (MSC service thread 1-1) ` of WildFly, before a message that may start with its number: `MSC000001: `. */
function isLoggerAndThread([logger, thread]: readonly Group[]): boolean {
  return logger?.open === '[' && isQualified(logger.text) && thread?.open === '(';
}

/** Places in the source, ids and pairs; true when a sign behind them ends the head. */
function readDetails(head: HeadParts, levelIsFirst: boolean): boolean {
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const end = head.wordEnd(head.at);
    const word = head.line.slice(head.at, end);
    const name = word.endsWith(':') || word.endsWith(']') ? word.slice(0, -1) : word;
    if (!head.hasCaller && name.includes(':') && isCaller(name)) head.takeDetail(name, head.at + name.length);
    else if (levelIsFirst && isUuid(name)) head.takeDetail(name, end);
    else if (!readErlang(head, levelIsFirst) && !readPairs(head)) return false;
    if (head.line[head.at] === ']') head.at++;
    if (head.skipSeparators() !== '') return true;
  }
  return false;
}

/** The process of Erlang's loggers, with CouchDB's node before it and its request behind it. */
function readErlang(head: HeadParts, levelIsFirst: boolean): boolean {
  if (!levelIsFirst && head.line[head.at] !== '<') return false;
  const [whole = '', node, pid, ref] = head.match(erlang) ?? [];
  if (whole === '') return false;
  head.fields.push(['node', node], ['pid', pid], ['ref', ref]);
  head.at += whole.length;
  return true;
}

/** Elixir's metadata, which may stand on either side of its level. Elsewhere pairs belong to the message. */
function readPairs(head: HeadParts): boolean {
  if (!head.levelIsBracketed || head.match(pairsBeforeText) === null) return false;
  while (head.readPair()) head.at = head.spacesEnd(head.at);
  return true;
}

function readGroups(head: HeadParts): Group[] {
  const groups: Group[] = [];
  for (;;) {
    const group = groups.length < MOST_PARTS ? head.readGroup() : undefined;
    if (!group) return groups;
    groups.push(group);
    const at = head.spacesEnd(head.at);
    // A sign behind the last of them is the caller's to see.
    if (!opensGroup(head.line[at])) return groups;
    head.at = at;
  }
}

/** Whether a group behind the level is a name, and not the start of the message. */
function isName(head: HeadParts, { text, open }: Group, index: number, groups: readonly Group[]): boolean {
  if (open === '(') return index > 0 || groups[1]?.open === '[';
  if (open !== '[') return false;
  return isEmpty(text) || isCaller(text) || (head.words.length === 0 && (isLogger(text) || place.test(text)));
}

function placeGroups(head: HeadParts, groups: readonly Group[]): void {
  const names = groups.filter(({ open, text }) => open === '[' && !isEmpty(text) && !isNumber(text) && !isCaller(text));
  const isFree =
    head.logger === undefined && head.words.length === 0 && !head.groups.some(({ text }) => isQualified(text));
  const logger = isFree ? (names.find(({ text }) => isQualified(text)) ?? names[0]) : undefined;
  for (const [index, group] of groups.entries()) {
    const { text, open } = group;
    if (isEmpty(text) || (group === logger && head.readPlace(text))) continue;
    if (group === logger) head.logger = text;
    else if (!head.readDetail(text))
      head.placeContext(text, open !== '[' || index === 0 || isGlued(group, groups[index - 1]));
  }
}

function readDashedLogger(head: HeadParts): void {
  const [whole = '', logger] = head.words.length === 0 ? (head.match(dashedLogger) ?? []) : [];
  if (logger === undefined) return;
  head.logger ??= logger;
  head.at += whole.length;
}

/** A request's id in brackets, where others have their thread. */
function isRequest(text = ''): boolean {
  return text.startsWith('req-') || isUuid(text);
}

/** Elasticsearch puts its node apart from its logger, others the thread beside it. */
function isGlued(group: Group, before: Group | undefined): boolean {
  return before?.end === group.start - 1;
}

const usualNames = /(?:\[([A-Za-z][\w.-]*)\] +([\w.$/-]+)(?:: | +--? )|([\w.$/-]+): )/y;
const erlang = /(?:([^\s@]{1,60}@[^\s@]{1,60}) )?<([\d.]{1,30})> (?:([\da-f]{10}|-{8}) )?/y;
const pairsBeforeText = /(?:[A-Za-z_][\w.-]*=[^\s"]* )+(?![A-Za-z_][\w.-]*=)\S/y;
const dashedLogger = /([a-z_][\w.]*|[\w$]+(?:(?:\.|::|\/)[\w$]+)+) - /y;
