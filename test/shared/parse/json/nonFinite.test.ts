import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoteNonFinite } from '../../../../shared/parse/json/nonFinite.js';
import { parseObject } from '../../../../shared/parse/json/object.js';

it.each([
  ['{"a":NaN}', '{"a":"NaN"}'],
  ['{"a":[-Infinity,Infinity, NaN]}', '{"a":["-Infinity","Infinity", "NaN"]}'],
  ['{"NaN":"NaN \\" NaN","b":NaN}', '{"NaN":"NaN \\" NaN","b":"NaN"}'],
  ['{"a":"NaN"}', undefined],
  ['{"a":"NaN', undefined],
])('quotes %s', (text, expected) => {
  expect(quoteNonFinite(text)).toBe(expected);
});

it('reads any object of numbers as Python writes it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.constantFrom(NaN, Infinity, -Infinity, 'NaN', 7, null)), (object) => {
      const members = Object.entries(object).map(
        ([key, value]) => `${JSON.stringify(key)}:${typeof value === 'number' ? value : JSON.stringify(value)}`,
      );
      const expected = Object.entries(object).map(([key, value]) => [
        key,
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ]);
      expect(parseObject(`{${members.join(',')}}`)).toEqual(Object.fromEntries(expected));
    }),
  );
});
