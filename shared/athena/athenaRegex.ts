/**
 * A regular expression of a rule (JavaScript's, with a leading `(?i)`) as Athena takes it: Trino runs Joni with the syntax
 * of Java, in which classes nest and intersect, `$` also stands before a line's last break, and more letters mean
 * something behind a backslash. Left as they are: `.`, which in JavaScript leaves out `\r`, U+2028 and U+2029 besides
 * `\n`; `\s`, which there knows blanks outside ASCII; and `\b` beside letters outside ASCII.
 */
export function athenaRegex(source: string): string {
  let inClass = false;
  return source.replace(token, (text: string, at: number) => {
    if (text.startsWith('\\')) return spelled(text);
    if (!inClass) {
      if (text === '$') return '\\z';
      if (text === '[^]') return '[\\s\\S]';
      if (text === '[]') return '[^\\s\\S]';
      inClass = text.startsWith('[');
      return text;
    }
    if (text === ']') inClass = false;
    if (text === '[' || text === '[^]' || text === '[]') {
      if (text.endsWith(']')) inClass = false;
      return `\\${text.replace('^', '\\^')}`;
    }
    if (text === '&' && source[at - 1] === '&') return '\\&';
    // `[\d-z]` has a hyphen, no range.
    return text === '-' && /\\[dDwWsS]$/.test(source.slice(0, at)) ? '\\-' : text;
  });
}

/** Escapes whole, classes' beginnings, and any other character by itself. */
const token = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|k<[^>]*>|[\s\S])|\[\^?\]|\[\^?|[\s\S]/gi;

/** Letters that mean nothing to JavaScript behind a backslash are themselves. */
function spelled(text: string): string {
  const letter = text[1] ?? '';
  if (text.length > 2 || !/[A-Za-z]/.test(letter) || /[dDwWsSbBnrtvf]/.test(letter)) return text;
  return letter;
}
