/**
 * A rule's regular expression: JavaScript syntax, and a leading `(?i)` to ignore case as in RE2 and Athena.
 *
 * @throws SyntaxError when the expression is not valid.
 */
export function compilePattern(source: string): RegExp {
  return source.startsWith('(?i)') ? new RegExp(source.slice('(?i)'.length), 'i') : new RegExp(source);
}
