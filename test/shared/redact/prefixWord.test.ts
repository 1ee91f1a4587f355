import { expect, it } from '@jest/globals';
import { goesOn, isHexDigit, isTokenChar } from '../../../shared/redact/prefixWord.js';

const ascii = Array.from({ length: 128 }, (_, code) => code);
const those = (belongs: (code: number) => boolean) => String.fromCharCode(...ascii.filter(belongs));
const letters = (first: string) => Array.from({ length: 26 }, (_, at) => String.fromCharCode(first.charCodeAt(0) + at));

it('a token has letters, digits and $%+,-./=_', () => {
  const word = `0123456789${letters('A').join('')}_${letters('a').join('')}`;
  expect(those(isTokenChar)).toBe(`$%+,-./${word.replace('9A', '9=A')}`);
});

it('hexadecimal digits are of either case', () => {
  expect(those(isHexDigit)).toBe('0123456789ABCDEFabcdef');
});

it.each([
  ['0123456789', true],
  ['012345678', false],
  ['012345678 9', false],
])('%j goes on like a token: %j', (text, goes) => {
  expect(goesOn(text, 0, text.length, isTokenChar)).toBe(goes);
});
