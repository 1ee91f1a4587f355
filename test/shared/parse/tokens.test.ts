import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberOrText, tokenize } from '../../../shared/parse/tokens.js';

it.each([
  ['a "b c" [d e] - f="g h"', ['a', 'b c', 'd e', '-', 'f="g h"']],
  ['"a "b"c"', ['a "b"c']],
  [String.raw`"a \" b" "c\\"`, [String.raw`a \" b`, String.raw`c\\`]],
  ['a  b', ['a', 'b']],
  ['"" []', ['', '']],
  ['', []],
  ['"a', undefined],
  ['[a', undefined],
  ['x="a', undefined],
])('tokenize(%j) is %j', (line, expected) => {
  expect(tokenize(line)?.map(({ value }) => value)).toEqual(expected);
});

it('gives back every value and its place', () => {
  const token = fc.oneof(
    fc.stringMatching(/^[a-z0-9.-]{1,8}$/).map((value) => ({ value, raw: value, form: 'bare' })),
    fc.stringMatching(/^[a-z ]{0,8}$/).map((value) => ({ value, raw: `"${value}"`, form: 'quoted' })),
    fc.stringMatching(/^[a-z ]{0,8}$/).map((value) => ({ value, raw: `[${value}]`, form: 'bracketed' })),
  );
  fc.assert(
    fc.property(fc.array(token), (tokens) => {
      expect(tokenize(tokens.map(({ raw }) => raw).join(' '))).toEqual(tokens);
    }),
  );
});

it('makes a number of nothing that would change by it', () => {
  for (const text of ['007', '1e5', '0x1f', '12345678901234567', '1.1234567', '', '-', '--1'])
    expect(numberOrText(text)).toBe(text);
  fc.assert(fc.property(fc.nat(), (value) => expect(numberOrText(String(value))).toBe(value)));
});
