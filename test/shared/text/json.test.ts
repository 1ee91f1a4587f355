import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBinary } from '../../../shared/text/binary.js';
import { stringify, unescapeBinaryJson } from '../../../shared/text/json.js';

it('is what JSON.stringify gives where there is no lone surrogate', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      fc.pre(json.isWellFormed() && !/\\ud/.test(json));
      expect(stringify(value)).toBe(json);
    }),
  );
});

it('writes lone surrogates as the text of their escapes', () => {
  expect(JSON.parse(stringify('a\ud800b'))).toBe(String.raw`a\ud800b`);
  expect(JSON.parse(stringify(String.raw`\ud800`))).toBe(String.raw`\ud800`);
  expect(JSON.parse(stringify('\\\udfff\\\\'))).toBe(String.raw`\\udfff\\`);
  expect(JSON.parse(stringify('😀'))).toBe('😀');
});

it('gives well-formed text that parses, whatever the string', () => {
  const anything = fc
    .array(fc.constantFrom('\\', 'u', 'd', '8', '0', '\ud800', '\udc00', '"', '\n', 'x'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(anything, (text) => {
      const back: string = JSON.parse(stringify({ [text]: text }))[
        Object.keys(JSON.parse(stringify({ [text]: text })))[0] ?? ''
      ];
      expect(back.isWellFormed()).toBe(true);
      if (text.isWellFormed()) expect(back).toBe(text);
    }),
  );
});

it('gives the text of a literal in a binary string, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
      expect(unescapeBinaryJson(toBinary(JSON.stringify(text).slice(1, -1)))).toBe(text);
    }),
  );
});

it.each(['a"b', 'a\\', 'a\nb', '\u0000'])('gives nothing for %j, which is no literal', (literal) => {
  expect(unescapeBinaryJson(literal)).toBeUndefined();
});
