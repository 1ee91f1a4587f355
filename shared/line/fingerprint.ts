import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { detach } from '../text/detach.js';
import type { EntryColumns } from './parsed.js';

/**
 * 16 hexadecimal digits that are equal for the same error: its exception, its logger, its message without what varies
 * (numbers, ids, addresses, quoted values) and the functions of its stack, without the line numbers and generated
 * names that change with every deploy.
 */
export function fingerprint(columns: EntryColumns): string {
  const { exception, message = '', logger = '', stack } = columns;
  const isBare = exception === undefined && stack === undefined && message.length <= LONGEST_BARE;
  if (!isBare || message.includes('\n')) return digestOf(fingerprintText(columns));
  // No message of one line holds what parts it from its logger.
  const key = `${logger}\n${message}`;
  const known = ofBare.get(key);
  if (known !== undefined) return known;
  const digest = digestOf(fingerprintText(columns));
  if (ofBare.size >= MAX_BARE) ofBare.clear();
  ofBare.set(key, digest);
  return digest;
}

/**
 * Fingerprints of messages without a trace, by logger and message. What varies in the lines of a server is mostly in their
 * fields, and their messages repeat: to look one up took 0.6 µs instead of 4.9 (Node 20, 200 messages of 75 characters).
 */
const ofBare = new Map<string, string>();
const MAX_BARE = 1000;
/** Characters. */
const LONGEST_BARE = 200;

function digestOf(text: string): string {
  const known = seen.get(text);
  if (known) return known;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  if (seen.size < 10_000) seen.set(text, digest);
  return digest;
}

/** Errors repeat: hashing is left out for those this container has met. */
const seen = new Map<string, string>();

/** What is equal in the same error, a line each: its exception, its logger, its message and the functions of its stack. */
export function fingerprintText({ exception, message = '', logger, stack }: EntryColumns): string {
  const end = message.indexOf('\n');
  const headline = end < 0 ? message : message.slice(0, end);
  // A trace that the collector joined to the message, and that no format has split from it.
  const trace = stack ?? (end < 0 ? '' : message.slice(end + 1));
  return [
    template(exception ?? '', false),
    template(logger ?? '', false),
    // In JSON everything stands in quotes, what tells errors apart too.
    template(headline, !headline.startsWith('{')),
    frames(trace.slice(0, maxStack)),
  ].join('\n');
}

/** Characters that are looked at: two errors that agree so far are the same. */
const maxText = 500;
const maxStack = 32_768;

/**
 * A text with `#` in place of whatever varies. Several such in a row are one, so that `1.2.3`, `10.0.0.1:80`, a date
 * and a list of any length come out alike.
 *
 * @param quotes whether quoted values vary
 */
function template(whole: string, quotes: boolean): string {
  const text = whole.slice(0, maxText);
  let result = '';
  /** Where the last part that varies ended: so far the text is in the result. */
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    let start = at;
    let end = at + 1;
    if (isWordCode(code)) {
      const idEnd = uuidEnd(text, at) ?? ipv6End(text, at);
      end = idEnd ?? wordEnd(text, at);
      start = idEnd ? at : variableStart(text, at, end);
      if (start < end) end = unitEnd(text, end);
    } else if (code === COLON && text.charCodeAt(at + 1) === COLON && !isWordCode(text.charCodeAt(at - 1))) {
      end = ipv6End(text, at) ?? end;
      start = end > at + 1 ? at : end;
    } else if (quotes && (code === DOUBLE_QUOTE || code === BACKTICK || code === QUOTE)) {
      end = quoteEnd(text, at, code) ?? end;
      start = end > at + 1 ? at : end;
    } else if (code === AT) {
      end += domain.exec(text.slice(at + 1, at + 256))?.[0].length ?? 0;
      start = end > at + 1 ? at : end;
    } else start = end;
    if (start < end) {
      // The first half of an e-mail address has been read as words.
      if (code === AT) result = `${(result + text.slice(copied, start)).replace(mailbox, '')}#`;
      else if (copied === 0 || !isJoined(text, copied, start))
        result += `${text.slice(copied, signStart(text, start))}#`;
      copied = end;
    }
    at = end;
  }
  return result + text.slice(copied);
}

const domain = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/;
const mailbox = /[\w.%+#-]{1,64}$/;

function uuidEnd(text: string, start: number): number | undefined {
  uuid.lastIndex = start;
  return uuid.test(text) ? uuid.lastIndex : undefined;
}

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/iy;

/** The end of an IPv6 address, in full or with `::`; `a::b` of a programming language has no digit. Of most words with a colon behind them their next character tells. */
function ipv6End(text: string, start: number): number | undefined {
  let end = start;
  while (end < start + 5 && isHex(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) !== COLON || !isHexOrColon(text.charCodeAt(end + 1))) return undefined;
  const [run = ''] = hexAndSigns.exec(text.slice(start, start + LONGEST_IPV6)) ?? [];
  // A colon or a full stop behind it belongs to the sentence.
  for (const address of [run, run.slice(0, -1)]) {
    if (isIPv6(address) && /\d/.test(address)) return start + address.length;
  }
  return undefined;
}

const hexAndSigns = /^[\da-f:.]*/i;
const LONGEST_IPV6 = 46;

/** The unit of a duration or a size belongs to its number: `1.5 GB` and `900 MB` are as alike as `1.5GB` and `900MB`. */
function unitEnd(text: string, start: number): number {
  const next = text.charCodeAt(start + 1);
  // The first letters of the units spare most words the expression.
  if (text.charCodeAt(start) !== SPACE || !unitStarts.includes(next)) return start;
  const [whole = ''] = unit.exec(text.slice(start, start + LONGEST_UNIT)) ?? [];
  return start + whole.length;
}

const unit =
  /^ (?:[nuµμm]?s|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|millis|milliseconds?|microseconds?|nanoseconds?|[KMGTkmgt]?i?B|bytes?)(?![\w-])/;
const unitStarts = [...'nuµμmshdKMGTkgtBb'].map((letter) => letter.charCodeAt(0));
const LONGEST_UNIT = 16;

function wordEnd(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++;
  return end;
}

/**
 * Where the part of a word begins that varies; its end if none does. A word without digits stays, unless it is a run of hexadecimal letters. `node12` and `user7` are a name with a
 * number; every other word with a digit is an id, a number or an amount: `17`, `30ms`, `0xcafe`, `8fJ2kQ9z`.
 */
function variableStart(text: string, start: number, end: number): number {
  let firstDigit = -1;
  let isHex = end - start >= SHORTEST_HEX;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      if (firstDigit < 0) firstDigit = at;
    } else if (firstDigit >= 0) return start;
    else if (isHex && !isHexLetter(code)) isHex = false;
  }
  if (isHex) return start;
  return firstDigit < 0 ? end : firstDigit;
}

/** What Git abbreviates a commit to. */
const SHORTEST_HEX = 7;

/** Whether nothing but separators and a space stands between two parts that vary. */
function isJoined(text: string, from: number, to: number): boolean {
  const end = to > from && text.charCodeAt(to - 1) === SPACE ? to - 1 : to;
  for (let at = from; at < end; at++) if (!isSeparator(text.charCodeAt(at))) return false;
  return true;
}

/** A sign belongs to its number, unless it joins it to a word. */
function signStart(text: string, start: number): number {
  const sign = text.charCodeAt(start - 1);
  return (sign === MINUS || sign === PLUS) && !isWordCode(text.charCodeAt(start - 2)) ? start - 1 : start;
}

/** The end of a quoted value; undefined when the mark quotes nothing: an apostrophe, or one that is never closed. */
function quoteEnd(text: string, start: number, code: number): number | undefined {
  if (code === QUOTE && start > 0 && isWordCode(text.charCodeAt(start - 1))) return undefined;
  const mark = text[start] ?? '';
  let end = text.indexOf(mark, start + 1);
  // The apostrophe of `can't` closes nothing.
  while (code === QUOTE && end >= 0 && isWordCode(text.charCodeAt(end + 1))) end = text.indexOf(mark, end + 1);
  // Ruby and shells open with a backtick and close with an apostrophe.
  if (end < 0 && code === BACKTICK) end = text.indexOf("'", start + 1);
  return end < 0 ? undefined : end + 1;
}

/** Where it happened: the innermost frames of the program's own functions, and what each wrapped exception was. */
function frames(stack: string): string {
  if (stack === '') return '';
  // Python prints the innermost frame last.
  const isReversed = stack.includes('most recent call last');
  const found: string[] = [];
  for (let start = 0; start < stack.length; ) {
    const newline = stack.indexOf('\n', start);
    const end = newline < 0 ? stack.length : newline;
    const line = stack.slice(start, Math.min(end, start + maxText));
    if (frame.test(line) && !runtimeFrame.test(line)) found.push(line);
    if (!isReversed && found.length === frameCount) break;
    start = end + 1;
  }
  const causes = [...stack.matchAll(cause)].map(([, type = '']) => template(type, false));
  return [...found.slice(isReversed ? -frameCount : 0).map(frameTemplate), ...causes].join('\n');
}

const frameCount = 5;
/** Node.js, Java, .NET, Rust; Python; Go; PHP, Dart; Ruby; Elixir. */
const frame =
  /^(?:\s+at |\s+File "|\t\S+\.go:\d|#\d+ |(?:\s+from )?[^\s:]+:\d+:in |\s+(?:\([^)\s]+(?: [^)\s]+)?\) )?[\w./-]+\.(?:exs?|erl):\d+: )/;
/** Calls through reflection and lambdas, which the JVM compiles after a while, and what differs between versions of Node.js. */
const runtimeFrame = /^\s+at .*(?:(?:java\.lang|sun|jdk\.internal)\.reflect\.|invoke\.LambdaForm|node:internal)/;
const cause = /^Caused by: ([\w.$]+)/gm;

/** A frame without its place in the file, the version of its library and the names that compilers make up. */
function frameTemplate(line: string): string {
  const known = frameTemplates.get(line);
  if (known !== undefined) return known;
  const named = line.trim().replace(place, '').replace(generated, '').replace(chunkHash, '#.');
  const result = template(named, false);
  if (frameTemplates.size < 10_000) frameTemplates.set(detach(line), detach(result));
  return result;
}

/** The frames of a program are few. */
const frameTemplates = new Map<string, string>();

/** Java's `(A.java:5) ~[a.jar:1]`, .NET's ` in /src/A.cs:line 5` and Go's ` +0x1d`, none of which is always there. */
const place =
  /\((?:[\w$-]+\.(?:java|kt|scala|groovy|clj)(?::\d+)?|Unknown Source|Native Method|<generated>)\)(?: ~?\[[^\]]*\])?$| in \S+:line \d+$| \+0x[\da-f]+$/;
/** `A$$Lambda$12/0x00007f`, `A$$EnhancerBySpringCGLIB$$1a2b3c`. */
const generated = /\$\$(?:Lambda|\w*CGLIB)[^.(]*/g;
/** `main.3f2a9c1b.js`, `index-DiwrgTda.js`: bundlers put a hash of the content into the file's name. */
const chunkHash = /[.-](?=[a-z_]*[A-Z\d])\w{8,}\.(?=[mc]?js\b)/g;

function isWordCode(code: number): boolean {
  // Letters outside ASCII belong to words too.
  return isDigit(code) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHex(code: number): boolean {
  return isDigit(code) || isHexLetter(code);
}

function isHexOrColon(code: number): boolean {
  return isHex(code) || code === COLON;
}

function isHexLetter(code: number): boolean {
  return (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/** What stands between the parts of one number, date, address or list: `.,:;_-+`. */
function isSeparator(code: number): boolean {
  return code === 46 || code === 44 || code === 58 || code === 59 || code === 95 || code === MINUS || code === PLUS;
}

const SPACE = 32;
const DOUBLE_QUOTE = 34;
const QUOTE = 39;
const PLUS = 43;
const MINUS = 45;
const COLON = 58;
const AT = 64;
const BACKTICK = 96;
