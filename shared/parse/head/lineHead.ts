import type { Fields } from '../../line/parsed.js';
import { isDigit } from '../values/time.js';
import { timeEnd } from './headTime.js';
import {
  isCaller,
  isLevelLetter,
  isLevelName,
  isLevelWord,
  isLogger,
  isNumber,
  isPlainWord,
  isQualified,
  isSubject,
  isUuid,
} from './headWords.js';

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
  return new HeadReader(line, Math.min(newline < 0 ? line.length : newline, LONGEST_HEAD)).read();
}

/** Spares most lines without a head the reader: those that start with a word which is no level and has no time behind it. */
function mayHaveHead(line: string): boolean {
  if (isDigit(line.charCodeAt(0)) || closing[line[0] ?? ''] !== undefined) return true;
  let end = 0;
  let hasSign = false;
  for (; end < line.length; end++) {
    const code = line.charCodeAt(end);
    if (isSpace(code) || code === BAR || code === OPEN_BRACKET || end > LONGEST_WORD) break;
    if (code === EQUALS) return false;
    hasSign ||= code === COLON || code === COMMA || code === SEMICOLON;
  }
  if (hasSign && joined.test(line)) return true;
  const word = line.slice(0, line.charCodeAt(end - 1) === COLON ? end - 1 : end);
  if (isLevelWord(word)) return true;
  while (isSpace(line.charCodeAt(end))) end++;
  return timeEnd(line, end) > 0 || namedTime.test(line);
}

const LONGEST_WORD = 100;

/** Characters. Behind them nothing belongs to a head. */
const LONGEST_HEAD = 500;
const MOST_PARTS = 10;

/** What stands in brackets of any kind. */
interface Group {
  readonly text: string;
  /** Where the text starts. */
  readonly start: number;
  /** Behind the closing bracket. */
  readonly end: number;
  readonly open: string;
}

/** What parts the values of a head that has one sign between any two of them. */
type Joint = '::' | ':' | '|' | ',' | ';';
/** What parts a head from its message. */
type Sign = '' | '-' | ':';

class HeadReader {
  private at = 0;
  private time: string | undefined;
  private level: string | undefined;
  private logger: string | undefined;
  private thread: string | undefined;
  private requestId: string | undefined;
  private readonly fields: [key: string, value: unknown][] = [];
  private numbers = 0;
  private hasCaller = false;
  /** What stands before the level and may be a logger: the last one is. */
  private readonly words: string[] = [];
  /** The same in brackets: a thread, unless it looks like a logger. */
  private readonly groups: Group[] = [];
  private levelIsBracketed = false;
  /** The message starts with the level itself. */
  private keepsLevel = false;
  /** Its joints have been read up to the message. */
  private isRead = false;
  /** A dash or a colon stands behind what was read last. */
  private isParted = false;

  constructor(
    private readonly line: string,
    private readonly limit: number,
  ) {}

  read(): LineHead | undefined {
    if (!this.readUntilLevel() || this.level === undefined) return undefined;
    if (!this.keepsLevel && !this.isRead && !this.readBehindLevel()) return undefined;
    this.placeNames(this.level);
    const { time, level, logger, requestId, thread, fields, at } = this;
    if (thread !== undefined) fields.unshift(['thread', thread]);
    return { time, level, logger, requestId, fields, end: at };
  }

  private placeNames(level: string): void {
    if (this.words.length === 0 && this.groups.length === 0) return;
    const context: string[] = [];
    this.logger ??= this.words.pop();
    context.push(...this.words);
    for (const { text } of this.groups) {
      if (isEmpty(text)) continue;
      // Gunicorn and Envoy put the process and the level in brackets, Log4net only its thread.
      if (isNumber(text) && this.levelIsBracketed && this.readDetail(text)) continue;
      // Winston's labels stand before `info:`, spdlog's loggers before `[info]`.
      const isLabel = (this.isParted || this.levelIsBracketed) && isLowerCase(level) && isLogger(text);
      const isName = isLabel || isQualified(text);
      if (this.logger === undefined && isName) this.logger = text;
      else if (this.thread === undefined) this.thread = text;
      else context.push(text);
    }
    if (context.length > 0) this.fields.push(['context', context.join(' ')]);
  }

  private readUntilLevel(): boolean {
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      if (!this.readPart()) return false;
      if (this.level !== undefined) return true;
      const joint = this.jointAt();
      if (joint !== undefined) return this.readJoined(joint);
      this.skipSeparators();
      // A word that begins a line begins a head only before a time.
      if (this.time === undefined && this.words.length > 0 && timeEnd(this.line, this.at) < 0) return false;
    }
    return false;
  }

  private readPart(): boolean {
    if (this.readTime() || this.readSplitTime()) return true;
    const group = this.readGroup();
    if (!group) return this.readWord();
    if (!this.readWithin(group) && (isNumber(group.text) || !this.readDetail(group.text))) this.groups.push(group);
    return true;
  }

  private readTime(): boolean {
    const end = this.time === undefined ? timeEnd(this.line, this.at) : -1;
    if (end < 0 || end > this.limit) return false;
    this.time = this.line.slice(this.at, end);
    this.at = end;
    return true;
  }

  /** fern's `[2026-11-22][16:41:02]`. */
  private readSplitTime(): boolean {
    const [whole = '', date, clock] = this.time === undefined ? (match(splitTime, this.line, this.at) ?? []) : [];
    if (whole === '') return false;
    this.time = `${date} ${clock}`;
    this.at += whole.length;
    return true;
  }

  /** A group that closes near, in the same line. */
  private readGroup(): Group | undefined {
    const open = this.line[this.at] ?? '';
    const close = closing[open];
    if (close === undefined) return undefined;
    const end = this.line.indexOf(close, this.at + 1);
    if (end < 0 || end >= this.limit) return undefined;
    const start = this.at + 1;
    this.at = end + 1;
    return { text: this.line.slice(start, end).trim(), start: this.spacesEnd(start), end: end + 1, open };
  }

  /** A level, a time, or several parts of the head: `[2026-11-22T16:41:02Z ERROR shop::pay]`, `[ERROR|auth|L83]`, `[worker 3/INFO]`. */
  private readWithin({ text, start, open }: Group): boolean {
    if (
      this.level === undefined &&
      (isLevelWord(text) || (this.time !== undefined && open === '[' && isLevelLetter(text)))
    ) {
      this.level = text;
      this.levelIsBracketed = true;
      return true;
    }
    const rest = this.time === undefined ? this.withoutTime(text, start) : text;
    const isTimed = rest !== text;
    if (!isTimed && !inner.test(text)) return false;
    const words = rest.split(inner).filter((word) => word !== '');
    // A letter with a time is Tornado's `[I 261122 16:41:02 web:12]`.
    const levelAt = words.findIndex(
      (word, index) => isLevelName(word) || (isTimed && index === 0 && isLevelLetter(word)),
    );
    if (!isTimed && (levelAt < 0 || this.level !== undefined)) return false;
    this.level ??= words[levelAt];
    const before = words.slice(0, Math.max(levelAt, 0));
    if (before.length > 0) this.thread = before.join(' ');
    for (const word of words.slice(levelAt + 1)) {
      if (!this.readDetail(word) && !this.readPlace(word)) this.words.push(word);
    }
    return true;
  }

  /** The text of a group without the time that it starts with, or has behind its first word. */
  private withoutTime(text: string, start: number): string {
    for (const at of [0, text.search(inner) + 1]) {
      const end = timeEnd(this.line, start + at) - start;
      if (end < 0 || end > text.length) continue;
      this.time = text.slice(at, end);
      return text.slice(0, at) + text.slice(end);
    }
    return text;
  }

  private readWord(): boolean {
    const { line, at } = this;
    const end = this.wordEnd(at);
    const word = line.slice(at, end);
    const name = word.endsWith(':') ? word.slice(0, -1) : word;
    if (isLevelName(name) || this.isLevelAt(name, at + name.length)) return this.takeLevel(name);
    if (this.time !== undefined && loudWords.test(name) && this.isBare(at + name.length)) {
      this.keepsLevel = true;
      this.level = name;
      return true;
    }
    if (this.time !== undefined && this.readMarkedLevel(word, end)) return true;
    const first = this.time === undefined && this.words.length === 0 ? joined.exec(word)?.[1] : undefined;
    if (first !== undefined)
      return isLevelWord(first) ? this.takeLevel(first) : this.takeWord(first, at + first.length);
    if (this.readPair() || this.takeDetail(name, end)) return true;
    // A sentence begins with plain words: one may be a logger, two are prose.
    if (!isLogger(name) || (isPlainWord(name) && this.words.some(isPlainWord))) return false;
    return this.takeWord(name, end);
  }

  /** `*ERROR*` of Apache Sling, `E!` of Telegraf, `critical/ApiListener:` of Icinga. */
  private readMarkedLevel(word: string, end: number): boolean {
    const [, starred, letter = '', named, logger] = markedLevel.exec(word) ?? [];
    const level = starred ?? named ?? letter;
    if (!isLevelWord(level) && !isLevelLetter(letter)) return false;
    this.level = level;
    this.logger ??= logger;
    this.at = end;
    return true;
  }

  /** Whether what stands around a word that is no certain level says that it is one. */
  private isLevelAt(word: string, end: number): boolean {
    const { line } = this;
    if (isLevelLetter(word)) return this.time !== undefined && this.isLetterAt(this.at);
    if (!isLevelWord(word)) return false;
    if (this.time === undefined && this.groups.length === 0) return this.words.length === 0 && this.startsTime(end);
    const isColon = line[end] === ':' && isSpace(line.charCodeAt(end + 1));
    // BIND: `general: error: `.
    if (isColon) return (this.words.length === 0 || line[this.at - 2] === ':') && !isSubject(word);
    if (this.time !== undefined && follows(capitalsAndBracket, line, this.at)) return true;
    return (
      (this.isParted && follows(dash, line, end)) || (this.time !== undefined && follows(threadAndLogger, line, end))
    );
  }

  private isLetterAt(at: number): boolean {
    return follows(letterLayout, this.line, at) || (this.numbers > 1 && follows(androidTag, this.line, at));
  }

  /** Whether a word directly behind the time is followed by prose. */
  private isBare(end: number): boolean {
    return this.words.length === 0 && this.groups.length === 0 && isSpace(this.line.charCodeAt(end));
  }

  private startsTime(end: number): boolean {
    const at = this.spacesEnd(this.line[end] === ':' ? end + 1 : end);
    return timeEnd(this.line, this.line[at] === '[' ? at + 1 : at) > 0;
  }

  private takeLevel(level: string): boolean {
    this.level = level;
    this.at += level.length;
    return true;
  }

  private takeWord(word: string, end: number): boolean {
    this.words.push(word);
    this.at = end;
    return true;
  }

  private takeDetail(word: string, end: number): boolean {
    if (!this.readDetail(word)) return false;
    this.at = end;
    return true;
  }

  /** A number, a request's id or a place in the source, which say by themselves what they are. */
  private readDetail(word: string): boolean {
    if (isNumber(word)) this.fields.push([numberKeys[this.numbers++] ?? 'number', Number(word)]);
    else if (isUuid(word) && this.requestId === undefined) this.requestId = word;
    else if (isCaller(word) && !this.hasCaller) {
      this.hasCaller = true;
      this.fields.push(['caller', word]);
    } else return false;
    return true;
  }

  /** `shop.views:52`, `main:o.a.z.s.ServerCnxnFactory@309`, `L83`. */
  private readPlace(word: string): boolean {
    const { thread, logger, number } = place.exec(word)?.groups ?? {};
    if (number === undefined || (logger !== undefined && this.logger !== undefined)) return false;
    this.logger ??= logger;
    this.thread ??= thread;
    this.fields.push(['line', Number(number)]);
    return true;
  }

  private readPair(): boolean {
    const [whole = '', key = '', quoted, bare] = match(pair, this.line, this.at) ?? [];
    if (whole === '') return false;
    if (key === 'request_id') this.requestId ??= quoted ?? bare;
    else this.fields.push([key, quoted ?? bare]);
    this.at += whole.length;
    return true;
  }

  /** The sign that parts this value from the next, when it parts all values of the head. */
  private jointAt(): Joint | undefined {
    const { line } = this;
    const sign = line[this.at];
    if (sign === ':' && line[this.at + 1] === ':') return '::';
    if (sign === ':' || sign === ',' || sign === ';') return isSpace(line.charCodeAt(this.at + 1)) ? undefined : sign;
    return line[this.spacesEnd(this.at)] === '|' ? '|' : undefined;
  }

  /** Reads value after value, each from joint to joint; false when none of them is a level. */
  private readJoined(joint: Joint): boolean {
    this.isRead = true;
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      const at = this.spacesEnd(this.at);
      if (!this.line.startsWith(joint, at)) break;
      this.at = this.spacesEnd(at + joint.length);
      this.isParted = true;
      // A colon before a space ends the head.
      if (joint === ':' && this.at > at + 1) break;
      if (this.readTime()) continue;
      const end = this.line.indexOf(joint, this.at);
      if (end < 0 || end > this.limit || !this.readValue(this.line.slice(this.at, end).trim(), joint, end)) break;
      this.at = end;
    }
    const [whole = '', logger, name, number] = match(functionAndLine, this.line, this.at) ?? [];
    if (joint === '|' && this.level !== undefined && whole !== '') this.takeFunction(whole, logger, name, number);
    return this.level !== undefined;
  }

  /** Loguru's `shop.checkout:run:52 - `. */
  private takeFunction(whole: string, logger?: string, name?: string, number?: string): void {
    this.logger ??= logger;
    this.fields.push(['function', name], ['line', Number(number)]);
    this.at += whole.length;
  }

  private readValue(value: string, joint: Joint, end: number): boolean {
    if (value === '') return joint === '|' || this.level !== undefined;
    if (this.level === undefined && ((isLevelWord(value) && !isSubject(value)) || isLevelLetter(value))) {
      this.level = value;
      return true;
    }
    if (this.level !== undefined && isNumber(value)) this.fields.push(['line', Number(value)]);
    else if (!this.readDetail(value)) return this.readJoinedName(value, joint, end);
    return true;
  }

  private readJoinedName(value: string, joint: Joint, end: number): boolean {
    if (!isLogger(value) || (joint === ':' && this.line[end + 1] === '/')) return false;
    if (this.level === undefined) this.words.push(value);
    else if (this.logger === undefined && (this.words.length === 0 || joint !== ':')) {
      this.logger = value;
      this.thread ??= this.words.pop();
    } else if (joint === '::') this.fields.push(['context', value]);
    // Of Python's and Jetty's layouts with colons only Jetty's names a thread behind the logger, and puts a point into its time.
    else if (this.thread !== undefined || this.words.length > 0 || (joint === ':' && this.time?.includes(',')))
      return false;
    else this.thread = value;
    return true;
  }

  /** Reads on from the level to the message; false when there turns out to be no head. */
  private readBehindLevel(): boolean {
    if (!this.levelIsBracketed) this.readSuffixes();
    const joint = this.jointAt();
    if (joint !== undefined) return this.readJoined(joint) && this.time !== undefined;
    const levelIsFirst = this.time === undefined;
    const sign = this.skipSeparators();
    if (levelIsFirst && !this.readTimeBehind()) return this.isThreadFirst(sign);
    const end = levelIsFirst ? this.skipSeparators() : sign;
    if (end === '') {
      if (levelIsFirst || !this.readUsualNames()) this.readNames(levelIsFirst);
    } else if (end === '-') this.readDashedLogger();
    return true;
  }

  /** `ERROR[7][C-0001]` of Asterisk, `ERROR[11-22|16:41:02.123]` of go-ethereum. */
  private readSuffixes(): void {
    while (this.line[this.at] === '[') {
      const group = this.readGroup();
      if (!group) return;
      if (this.withoutTime(group.text, group.start) === '' || this.readDetail(group.text)) continue;
      this.fields.push(['context', group.text]);
    }
  }

  /** The time of a level that comes first, with a thread between the two or not. */
  private readTimeBehind(): boolean {
    if (this.readTime()) return true;
    const start = this.at;
    const group = this.readGroup();
    if (group && this.withoutTime(group.text, group.start) === '') return true;
    if (group) {
      this.at = this.spacesEnd(this.at);
      this.groups.push(group);
      if (this.readTime()) return true;
      this.groups.pop();
    }
    this.at = start;
    return false;
  }

  /** Without a time, a name in brackets before the level and a sign behind it tell a head from prose. */
  private isThreadFirst(sign: Sign): boolean {
    if (this.groups.length !== 1 || this.words.length > 0) return false;
    return sign === ':' || (sign === '' && this.readMarkedLogger(true));
  }

  private readDashedLogger(): void {
    const [whole = '', logger] = this.words.length === 0 ? (match(dashedLogger, this.line, this.at) ?? []) : [];
    if (logger === undefined) return;
    this.logger ??= logger;
    this.at += whole.length;
  }

  /** A thread in brackets and a logger with a colon or dash, or the latter alone: most heads at once, in half the time. */
  private readUsualNames(): boolean {
    if (this.words.length > 0 || this.groups.length > 0 || this.thread !== undefined || this.hasCaller) return false;
    const [whole = '', thread, behindThread, logger = behindThread ?? ''] = match(usualNames, this.line, this.at) ?? [];
    if (whole === '' || this.logger !== undefined || !isLogger(logger) || isRequest(thread)) return false;
    this.thread = thread;
    return this.takeLogger(logger, whole);
  }

  private readNames(levelIsFirst: boolean): void {
    if (this.readDetails(levelIsFirst)) return;
    const start = this.at;
    const groups = this.readGroups();
    if ((groups.length > 0 && this.skipSeparators() !== '') || this.readLogger(groups.length > 0, levelIsFirst)) {
      this.placeGroups(groups);
      return;
    }
    // Nothing behind them says that they belong to the head: those do that say so themselves.
    const other = groups.findIndex((group, index) => !this.isName(group, index, groups));
    const own = other < 0 ? groups : groups.slice(0, other);
    this.at = this.spacesEnd(own.at(-1)?.end ?? start);
    this.placeGroups(own);
  }

  /** Places in the source, ids and pairs; true when a sign behind them ends the head. */
  private readDetails(levelIsFirst: boolean): boolean {
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      const end = this.wordEnd(this.at);
      const word = this.line.slice(this.at, end);
      const name = word.endsWith(':') || word.endsWith(']') ? word.slice(0, -1) : word;
      if (!this.hasCaller && name.includes(':') && isCaller(name)) this.takeDetail(name, this.at + name.length);
      else if (levelIsFirst && isUuid(name)) this.takeDetail(name, end);
      else if (!this.readErlang(levelIsFirst) && !this.readPairs()) return false;
      if (this.line[this.at] === ']') this.at++;
      if (this.skipSeparators() !== '') return true;
    }
    return false;
  }

  /** The process of Erlang's loggers, with CouchDB's node before it and its request behind it. */
  private readErlang(levelIsFirst: boolean): boolean {
    if (!levelIsFirst && this.line[this.at] !== '<') return false;
    const [whole = '', node, pid, ref] = match(erlang, this.line, this.at) ?? [];
    if (whole === '') return false;
    this.fields.push(['node', node], ['pid', pid], ['ref', ref]);
    this.at += whole.length;
    return true;
  }

  /** Elixir's metadata, which may stand on either side of its level. Elsewhere pairs belong to the message. */
  private readPairs(): boolean {
    if (!this.levelIsBracketed || match(pairsBeforeText, this.line, this.at) === null) return false;
    while (this.readPair()) this.at = this.spacesEnd(this.at);
    return true;
  }

  private readGroups(): Group[] {
    const groups: Group[] = [];
    for (;;) {
      const group = groups.length < MOST_PARTS ? this.readGroup() : undefined;
      if (!group) return groups;
      groups.push(group);
      const at = this.spacesEnd(this.at);
      // A sign behind the last of them is the caller's to see.
      if (closing[this.line[at] ?? ''] === undefined) return groups;
      this.at = at;
    }
  }

  /** Whether a group behind the level is a name, and not the start of the message. */
  private isName({ text, open }: Group, index: number, groups: readonly Group[]): boolean {
    if (open === '(') return index > 0 || groups[1]?.open === '[';
    if (open !== '[') return false;
    return isEmpty(text) || isCaller(text) || (this.words.length === 0 && (isLogger(text) || place.test(text)));
  }

  private placeGroups(groups: readonly Group[]): void {
    const names = groups.filter(
      ({ open, text }) => open === '[' && !isEmpty(text) && !isNumber(text) && !isCaller(text),
    );
    const isFree =
      this.logger === undefined && this.words.length === 0 && !this.groups.some(({ text }) => isQualified(text));
    const logger = isFree ? (names.find(({ text }) => isQualified(text)) ?? names[0]) : undefined;
    for (const [index, group] of groups.entries()) {
      const { text, open } = group;
      if (isEmpty(text) || (group === logger && this.readPlace(text))) continue;
      if (group === logger) this.logger = text;
      else if (!this.readDetail(text))
        this.placeContext(text, open !== '[' || index === 0 || isGlued(group, groups[index - 1]));
    }
  }

  private placeContext(text: string, mayBeThread = false): void {
    if (text === '') return;
    if (text.startsWith('req-')) this.requestId ??= text.split(' ', 1)[0];
    else if (mayBeThread && this.thread === undefined && this.groups.length === 0) this.thread = text;
    else this.fields.push(['context', text]);
  }

  /** The logger directly before the message, when what stands around it says that it is one. */
  private readLogger(hasGroups: boolean, levelIsFirst: boolean): boolean {
    if (this.logger !== undefined || this.words.length > 0 || this.groups.some(({ text }) => isQualified(text)))
      return false;
    const end = this.wordEnd(this.at);
    if (this.line.charCodeAt(end - 1) === COLON && this.readColonLogger(end)) return true;
    const sign = this.line[this.spacesEnd(end)];
    const isThreaded = hasGroups || this.groups.length > 0 || this.thread !== undefined;
    return (
      ((sign === '-' || sign === ':' || sign === '[') && this.readMarkedLogger(isThreaded)) ||
      (hasGroups && this.readClass()) ||
      this.readServerLogger(levelIsFirst) ||
      this.readDressedLogger()
    );
  }

  /** `billing: ` */
  private readColonLogger(end: number): boolean {
    const logger = this.line.slice(this.at, end - 1);
    return !this.hasCaller && isLogger(logger) && this.takeLogger(logger, this.line.slice(this.at, end));
  }

  /** `in app: ` of Flask, `request{id=7}: shop::pay: ` of Rust's tracing. */
  private readDressedLogger(): boolean {
    const [whole = '', span, logger] = match(dressedLogger, this.line, this.at) ?? [];
    if (logger === undefined || !isLogger(logger)) return false;
    if (span !== undefined) this.fields.push(['span', span.replace(/:? ?$/, '')]);
    return this.takeLogger(logger, whole);
  }

  /** A logger with a dash or colon apart from it, and Log4net's context between the two. */
  private readMarkedLogger(isThreaded: boolean): boolean {
    const [whole = '', logger = '', context] = match(markedLogger, this.line, this.at) ?? [];
    // Log4js has its categories behind a level in brackets.
    const isCategory = this.levelIsBracketed && isLowerCase(logger) && isLogger(logger);
    if (whole === '' || !(isThreaded || isCategory || isQualified(logger))) return false;
    if (context !== undefined && !isEmpty(context)) this.fields.push(['context', context]);
    return this.takeLogger(logger, whole);
  }

  private readClass(): boolean {
    const [whole = '', logger] = match(classBeforeText, this.line, this.at) ?? [];
    return logger !== undefined && this.takeLogger(logger, whole);
  }

  /** The loggers of servers whose layouts put other parts around them: OpenStack, Odoo, MongoDB, Django. */
  private readServerLogger(levelIsFirst: boolean): boolean {
    const { line, at, fields } = this;
    const isNumbered = this.numbers > 0;
    const isLettered = isLevelLetter(this.level ?? '');
    if (!isNumbered && !isLettered && !levelIsFirst && line[this.wordEnd(at) + 1] !== '[') return false;
    const openStack = match(loggerAndContext, line, at);
    if (openStack && (isNumbered || isQualified(openStack[1] ?? ''))) {
      this.placeContext(isEmpty(openStack[2] ?? '') ? '' : (openStack[2] ?? ''));
      return this.takeLogger(openStack[1], openStack[0]);
    }
    const odoo = isNumbered ? match(databaseAndLogger, line, at) : null;
    if (odoo) {
      if (odoo[1] !== '?') fields.push(['db', odoo[1]]);
      return this.takeLogger(odoo[2], odoo[0]);
    }
    const mongo = isLettered ? match(componentAndThread, line, at) : null;
    if (mongo) {
      this.thread = mongo[2];
      return this.takeLogger(mongo[1], mongo[0]);
    }
    const django = levelIsFirst ? match(moduleAndNumbers, line, at) : null;
    if (django) fields.push(['pid', Number(django[2])], ['tid', Number(django[3])]);
    return django !== null && this.takeLogger(django[1], django[0]);
  }

  private takeLogger(logger: string | undefined, whole: string): boolean {
    if (logger === undefined || !this.readPlace(logger)) this.logger = logger;
    this.at = this.spacesEnd(this.at + whole.length);
    return true;
  }

  /** Passes what parts two parts of the head, and says which sign was among it. */
  private skipSeparators(): Sign {
    const { line } = this;
    let sign: Sign = '';
    for (;;) {
      this.at = this.spacesEnd(this.at);
      const code = line.charCodeAt(this.at);
      if (code !== DASH && code !== COLON && code !== COMMA && code !== GREATER) break;
      let end = this.at + 1;
      while (code === DASH && line.charCodeAt(end) === DASH) end++;
      if (end < line.length && !isSpace(line.charCodeAt(end))) break;
      if (code !== COMMA) sign = code === COLON ? ':' : '-';
      this.at = end;
    }
    this.isParted = sign !== '';
    return sign;
  }

  private wordEnd(start: number): number {
    let end = start;
    for (; end < this.limit; end++) {
      const code = this.line.charCodeAt(end);
      if (isSpace(code) || code === BAR || code === OPEN_BRACKET) break;
    }
    return end;
  }

  private spacesEnd(start: number): number {
    let end = start;
    while (end < this.limit && isSpace(this.line.charCodeAt(end))) end++;
    return end;
  }
}

function match(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function follows(pattern: RegExp, line: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(line);
}

function isEmpty(text: string): boolean {
  return text === '' || text === '-' || text === '(null)';
}

/** A request's id in brackets, where others have their thread. */
function isRequest(text = ''): boolean {
  return text.startsWith('req-') || isUuid(text);
}

/** Elasticsearch puts its node apart from its logger, others the thread beside it. */
function isGlued(group: Group, before: Group | undefined): boolean {
  return before?.end === group.start - 1;
}

function isLowerCase(text: string): boolean {
  return text === text.toLowerCase();
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

const TAB = 9;
const SPACE = 32;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const SEMICOLON = 59;
const EQUALS = 61;
const GREATER = 62;
const OPEN_BRACKET = 91;
const BAR = 124;

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '<': '>', '{': '}' };
const numberKeys: readonly string[] = ['pid', 'tid'];
/** `Nov 22, 2026 …`, `Sun Nov 22 …`, `Sun, 22 Nov …` */
const namedTime = /^[A-Z][a-z]{2}[a-z]{0,6},? (?:\d\d?,? |[A-Z][a-z]{2} [ \d]\d )/;
/** What parts the values within a pair of brackets. */
const inner = /[\s|,]+|\/(?=[A-Z]+$)|:(?=\s|$)/;
/** Words that may start a sentence, which then keeps them: `error opening file`. */
const loudWords = /^(?:trace|debug|info|warn|warning|error|fatal)$/i;
/** `MainThread::ERROR::…`, `ERROR:2026-11-22 …`. */
const joined = /^([A-Za-z][\w.-]{0,60})(::|[:,;])(?=\d|[A-Z]{4,13}\2)/;
/** All of these are asked where they are to match. */
const markedLevel = /^(?:\*([A-Z]+)\*|([A-Z])!|([a-z]{4,13})\/([A-Za-z]\w*):)$/;
const dash = /\s+--?\s/y;
/** NestJS's `LOG [Context]`, java.util.logging's `CONFIG [thread]`. */
const capitalsAndBracket = /[A-Z]+\s+\[/y;
const threadAndLogger = /\s+\[[^\]\n]*\]\s+\S+\s+--?\s/y;
/** A letter of etcd, MongoDB, Ruby's Semantic Logger or TensorFlow. */
const letterLayout = /[A-Z] (?:\| |[A-Z_-]{1,20} {1,10}\[|\[\d{1,10}:[^\]\n]{1,60}\] |[^\s:]{1,100}:\d{1,6}\] )/y;
const androidTag = /[A-Z] [^\s:]{1,60} {0,20}: /y;
const splitTime = /\[(\d{4}-\d\d-\d\d)\]\[(\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\]/y;
const pair = /([A-Za-z_][\w.-]*)=(?:"([^"\n]*)"|([^\s"]*))(?=\s)/y;
const pairsBeforeText = /(?:[A-Za-z_][\w.-]*=[^\s"]* )+(?![A-Za-z_][\w.-]*=)\S/y;
const place = /^(?:(?:(?<thread>[^:\s]{1,60}):)?(?<logger>[A-Za-z_][\w.$]{0,100})[:@]|L)(?<number>\d{1,6})$/;
const functionAndLine = /([A-Za-z_][\w.]*):([\w.<>]+):(\d+) - /y;
const erlang = /(?:([^\s@]{1,60}@[^\s@]{1,60}) )?<([\d.]{1,30})> (?:([\da-f]{10}|-{8}) )?/y;
const dressedLogger = /(?:in |((?:[\w.:-]+\{[^{}\n]*\}:? ?)+))([\w.$/:@#*+-]+?):(?=\s|$)/y;
const usualNames = /(?:\[([A-Za-z][\w.-]*)\] +([\w.$/-]+)(?:: | +--? )|([\w.$/-]+): )/y;
const markedLogger = /(\S+)(?:\s+\[([^\]\n]*)\])?\s+(?:--?|:)\s+/y;
const dashedLogger = /([a-z_][\w.]*|[\w$]+(?:(?:\.|::|\/)[\w$]+)+) - /y;
/** As Tomcat and Solr write them behind a thread. */
const classBeforeText = /([\w$]+(?:\.[\w$<>]+)+) /y;
const loggerAndContext = /([A-Za-z_][\w.-]*) \[([^\]\n]*)\] /y;
const databaseAndLogger = /([\w?-]+) ([A-Za-z_][\w.]*): /y;
const componentAndThread = /([A-Z_-]+) +\[([^\]\n]+)\] /y;
const moduleAndNumbers = /([A-Za-z_][\w.]*) (\d{1,12}) (\d{1,20}) /y;
