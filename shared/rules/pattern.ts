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
  return source.replace(token, (text, range?: string) => {
    if (text === '[') inClass = true;
    if (text === ']') inClass = false;
    if (inClass) return range || text.length === 1 ? withOtherCase(text) : text;
    return range || text.length === 1 ? Array.from(text, inBrackets).join('') : text;
  });
}

/** Escapes, group names and counts as they are; ranges such as `a-z`; any other character by itself. */
const token =
  /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|k<[^>]*>|[\s\S])|\(\?<[^>=!]*>|\{[\d,]*\}|((?:[a-z]-[a-z])|(?:[A-Z]-[A-Z]))|[\s\S]/g;

function inBrackets(char: string): string {
  const both = withOtherCase(char);
  return both === char ? char : `[${both}]`;
}

/** `a` to `aA`, `a-z` to `a-zA-Z`. */
function withOtherCase(text: string): string {
  const swapped = Array.from(text, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase()));
  return swapped.join('') === text || swapped.some((char) => char.length !== 1) ? text : text + swapped.join('');
}
