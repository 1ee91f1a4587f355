/**
 * A regular expression of a rule or of the configuration: JavaScript syntax, and a leading `(?i)` to ignore case as in
 * RE2 and Athena.
 *
 * Case is ignored by spelling both cases out, because V8 can take an expression with the flag `i` or `u` to its
 * linear-time engine only in part: with the flag, `(a+)+$` would hang the function.
 *
 * @throws SyntaxError when the expression is not valid.
 */
export function compilePattern(source: string): RegExp {
  if (!source.startsWith(ignoreCase)) return new RegExp(source);
  const expression = source.slice(ignoreCase.length);
  // What is not valid is reported as it was written.
  new RegExp(expression);
  return new RegExp(bothCases(expression));
}

const ignoreCase = '(?i)';

function bothCases(source: string): string {
  let inClass = false;
  return source.replace(token, (text, code: string | undefined, range: string | undefined, offset: number) => {
    if (text === '[') inClass = true;
    if (text === ']') inClass = false;
    if (code) return ofCode(text, code, inClass, isRangeEnd(source, offset, text.length));
    if (inClass) return range || text.length === 1 ? withOtherCase(text) : text;
    return range || text.length === 1 ? Array.from(text, inBrackets).join('') : text;
  });
}

/** Escapes, group names and counts as they are; characters by their code; ranges such as `a-z`; any other character by itself. */
const token =
  /\\(?:(x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4})|c[A-Za-z]|k<[^>]*>|[\s\S])|\(\?<[^>=!]*>|\{[\d,]*\}|((?:[a-z]-[a-z])|(?:[A-Z]-[A-Z]))|[\s\S]/g;

/** `\x41` to `[\x41\u0061]`. In a class, an end of a range stays as it is: there is no other case of half a range. */
function ofCode(text: string, code: string, inClass: boolean, isEnd: boolean): string {
  const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
  const other = withOtherCase(char).slice(char.length);
  if (other === '' || (inClass && isEnd)) return text;
  const both = `${text}\\u${other.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return inClass ? both : `[${both}]`;
}

function isRangeEnd(source: string, offset: number, length: number): boolean {
  return source[offset - 1] === '-' || (source[offset + length] === '-' && source[offset + length + 1] !== ']');
}

function inBrackets(char: string): string {
  const both = withOtherCase(char);
  return both === char ? char : `[${both}]`;
}

/** `a` to `aA`, `a-z` to `a-zA-Z`. */
function withOtherCase(text: string): string {
  const swapped = Array.from(text, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));
  return swapped.join('') === text || swapped.some((char) => char.length !== 1) ? text : text + swapped.join('');
}
