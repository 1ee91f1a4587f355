import { LogFormatError } from './value.js';

/**
 * Takes the format out of `LogFormat "…" combined` or `CustomLog logs/access.log "…"`; or out of the string alone, with or
 * without its quotes.
 *
 * @throws LogFormatError when there is none in it.
 */
export function readApacheDirective(pasted: string): string {
  const text = pasted.replace(/\\\r?\n/g, '').trim();
  const [, name] = /^(LogFormat|CustomLog|TransferLog)\s/i.exec(text) ?? [];
  if (name === undefined) return isQuoted(text) ? (wordsOf(text)[0] ?? '') : text.replace(/\\(["\\])/g, '$1');
  const words = wordsOf(text);
  const format = words[/^LogFormat$/i.test(name) ? 1 : 2];
  if (format === undefined || !format.includes('%')) {
    throw new LogFormatError(`the ${name} has no format in it, only the name of one; paste the LogFormat of that name`);
  }
  return format;
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
