import { LogFormatError } from './value.js';

/**
 * Takes the format out of `LogFormat "…" combined` or `CustomLog logs/access.log "…"`; or out of the string alone, with or
 * without its quotes.
 *
 * @throws LogFormatError when there is none in it.
 */
export function readApacheDirective(pasted: string): string {
  const text = pasted.replace(/\\\r?\n/g, '').trim();
  const [first, second] = text.split(/^\s*(?=LogFormat\s|CustomLog\s|TransferLog\s)/im).filter(isDirective);
  if (first === undefined) {
    const line = unbroken(text);
    return isQuoted(line) ? (wordsOf(line)[0] ?? '') : line.replace(/\\(["\\])/g, '$1');
  }
  if (second !== undefined && logFormat.test(first) && logFormat.test(second)) {
    throw new LogFormatError('it holds two LogFormat directives; make a format of each');
  }
  const words = wordsOf(unbroken(first));
  const format = words[logFormat.test(first) ? 1 : 2];
  if (format === undefined || !format.includes('%')) {
    throw new LogFormatError(
      `the ${words[0]} has no format in it, only the name of one; paste the LogFormat of that name`,
    );
  }
  return format;
}

function isDirective(text: string): boolean {
  return /^(?:LogFormat|CustomLog|TransferLog)\s/i.test(text);
}

const logFormat = /^LogFormat\s/i;

/** A line of a log has no breaks: those are of whoever pasted the format. */
function unbroken(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

/** A format may itself start with a value in quotes: those around all of it have escaped ones within, or nothing behind. */
function isQuoted(text: string): boolean {
  const [whole] = /^(?:"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')/.exec(text) ?? [];
  if (whole === undefined) return false;
  const rest = text.slice(whole.length);
  return /^\s*[\w-]*$/.test(rest) && (text[0] === "'" || /\\"/.test(whole));
}

/** The words of a line of Apache's configuration, without their quotes. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [whole, double, single] of text.matchAll(word)) {
    if (/^["']/.test(whole) && double === undefined && single === undefined) {
      throw new LogFormatError(`the quote before "${whole.slice(1, 21)}" is never closed; close it`);
    }
    words.push(double?.replace(/\\(["\\])/g, '$1') ?? single?.replace(/\\(['\\])/g, '$1') ?? whole);
  }
  return words;
}

const word = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|\S+/g;
