import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLoose } from '../../../../shared/parse/json/looseJson.js';
import { parseObject } from '../../../../shared/parse/json/object.js';
import { isLinear } from '../../../helpers/linear.js';

it.each([
  [String.raw`{"a":"GET /\x22\xC3\xA9\x5C HTTP/1.1"}`, { a: 'GET /"é\\ HTTP/1.1' }],
  [String.raw`{"a":"C:\Users\temp \"x\""}`, { a: 'C:\\Users\\temp "x"' }],
  ['{"a":"b\tc\nd"}', { a: 'b\tc\nd' }],
  ['{"a":"said "hi" there","b":1}', { a: 'said "hi" there', b: 1 }],
  ['{"a":,"b":-,"c":}', { a: null, b: '-', c: null }],
  ['{"a":0.001, 0.002,"b":10.0.0.1:80, 10.0.0.2:80}', { a: '0.001, 0.002', b: '10.0.0.1:80, 10.0.0.2:80' }],
  ['{"a":[1,,x,],"b":{"c":007},}', { a: [1, 'x'], b: { c: '007' } }],
  ['{"a":NaN,"b":12345678901234567890,}', { a: 'NaN', b: '12345678901234567890' }],
  ['{"a":1.50, "b":true ,"c":null}', { a: 1.5, b: true, c: null }],
])('reads %s', (text, object) => {
  expect(parseLoose(text)).toEqual({ object, rest: '' });
});

it.each([
  ['{"a":1}{"b":2}', '{"b":2}'],
  ['{"a":1} and words', 'and words'],
])('keeps what stands behind the object of %s', (text, rest) => {
  expect(parseLoose(text)).toEqual({ object: { a: 1 }, rest });
});

it.each(['', 'a', '{', '{a:1}', "{'a':1}", '{"a"}', '{"a":"b}', '{"a":1', '{"a":b"c"}', '[1]', '{'.repeat(200)])(
  'leaves %j',
  (text) => {
    expect(parseLoose(text)).toBeUndefined();
  },
);

it('leaves an object that is nested over a hundred levels deep', () => {
  expect(parseLoose(`${'{"a":'.repeat(5000)}1,${'}'.repeat(5000)}`)).toBeUndefined();
});

it('reads JSON proper as it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (object) => {
      const json = JSON.stringify(object);
      expect(parseLoose(json)).toEqual({ object: parseObject(json), rest: '' });
    }),
  );
});

it('is linear on hostile texts', () => {
  for (const piece of ['{"a":', '"a":', '"a":"b",', '"a":"b" ', '\\"', '"\\', ',', ', ', '" ', ' ', 'x', '\\x22']) {
    for (const start of ['{', '{"a":', '{"a":"', '{"a":[']) {
      expect(isLinear((size) => parseLoose(start + piece.repeat(size)), 100_000)).toBe(true);
    }
  }
});
