import type { Word } from '../text/wordScanner.js';

/** A prefix that stands where a token may begin and goes on like one: names of files and packages soon end. */
export function prefixWord(word: string, belongs: (code: number) => boolean): Word {
  return {
    word,
    confirm: (text, after, end) => mayBegin(text, after - word.length) && goesOn(text, after, end, belongs),
  };
}

/** As {@link tokenStart} has it; what looks like an escape is taken for one. */
function mayBegin(text: string, start: number): boolean {
  if (!isLetterOrDigit(text.charCodeAt(start - 1))) return true;
  return text[start - 2] === '\\' || text[start - 3] === '%' || text[start - 6] === '\\';
}

/** The shortest token has so many characters behind its prefix, and more. */
const leastFollowing = 10;

export function goesOn(text: string, after: number, end: number, belongs: (code: number) => boolean): boolean {
  if (after + leastFollowing > end) return false;
  for (let at = after; at < after + leastFollowing; at++) if (!belongs(text.charCodeAt(at))) return false;
  return true;
}

export function isTokenChar(code: number): boolean {
  // `$%+-./`, `=` and `_`
  return (
    isLetterOrDigit(code) ||
    (code >= 0x24 && code <= 0x25) ||
    (code >= 0x2b && code <= 0x2f) ||
    code === 0x3d ||
    code === 0x5f
  );
}

function isLetterOrDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
