import { keysInText } from './keys.js';

/**
 * Replaces the values that stand behind a key in text: `password=x`, `"password": "x"`, `\"password\":\"x\"`,
 * `password: x`, `?token=x&`, `token%3Dx`.
 *
 * @param options.proseAllowed a plain word after a colon and a space is left: `Unexpected token: foo` names no token.
 */
export function compileAssignments(
  keys: readonly string[],
  cover: (value: string) => string,
  options: { readonly proseAllowed?: boolean } = {},
): (text: string) => string {
  const assignment = new RegExp(`(${keysInText(keys)}${separator})(?:${values.join('|')})`, 'gi');
  return (text) =>
    text.replace(assignment, (whole, head: string, open = '', escaped, double, single, bare) => {
      const value: string = escaped ?? double ?? single ?? bare;
      if (value === '' || nothing.test(value)) return whole;
      if (options.proseAllowed && bare !== undefined && /:\s+$/.test(head) && word.test(value)) return whole;
      const quote = open || (double === undefined ? (single === undefined ? '' : "'") : '"');
      return head + quote + cover(value);
    });
}

/** Every part is bounded, so that the time stays in proportion to the text. */
const separator = String.raw`(?:\\{0,4}["'])?\]?\s{0,3}(?:=>|:=|%3D|[=:])\s{0,3}`;

/** The closing quote stays in the text, as does the punctuation that follows a bare value. */
const values = [
  String.raw`(\\{1,4}["'])((?:[^"'\\]|\\(?!\\*["']))*)`,
  String.raw`"((?:[^"\\]|\\[^])*)`,
  String.raw`'((?:[^'\\]|\\[^])*)`,
  String.raw`([^\s"'&\\]*[^\s"'&\\)\]},;])`,
];

/** Values that keep no secret, what was redacted already among them. */
const nothing = /^(?:null|undefined|none|nil|true|false|\*+|[{[(]+|\[redacted)$/i;
const word = /^[A-Za-z]+[.:!?]?$/;
