import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCut } from '../../../../shared/parse/json/cutJson.js';
import { isObject } from '../../../../shared/parse/json/object.js';
import { isLinear } from '../../../helpers/linear.js';

it.each([
  ['{"a":1,"b":"x', { a: 1, b: 'x' }, '"b":"'],
  ['{"a":1,"b":{"c":["x","y', { a: 1, b: { c: ['x', 'y'] } }, '"'],
  ['{"a":1,"b":"x\\u00e', { a: 1, b: 'x' }, '"b":"\\u00e'],
  ['{"a":1,"b":"x\\\\u00e', { a: 1, b: 'x\\u00e' }, '"b":"'],
  ['{"a":1,"b":"x\\', { a: 1, b: 'x' }, '"b":"\\'],
  ['{"a":1,"b', { a: 1 }, '"b'],
  ['{"a":"x", "b":{"c":2,"d":3', { a: 'x', b: { c: 2 } }, '"d":3'],
  ['{"a":[1,"x",["y"],{"z":', { a: [1, 'x', ['y']] }, '{"z":'],
  ['{"a":"\\\\","b":"\\"', { a: '\\', b: '"' }, '"b":"'],
  ['{"a":[],"b":NaN,"c":tr', { a: [], b: 'NaN' }, '"c":tr'],
])('reads %s up to where it was cut', (text, object, rest) => {
  expect(parseCut(text)).toEqual({ object, rest });
});

it.each(['', '{', '{"a":1}', '{"a":1,', '{"a":1} more', '{a:1,"b', '[1,2', '{"a"'])('leaves %j', (text) => {
  expect(parseCut(text)?.object ?? {}).toEqual({});
});

it('finds in any part of an object what the object has, and loses no text', () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(objects, fc.nat(), (object, length) => {
      const json = JSON.stringify(object);
      const cut = parseCut(json.slice(0, length % json.length));
      if (!cut) return;
      expect(json).toContain(cut.rest.slice(0, cut.rest.lastIndexOf('"') + 1));
      expect(isPartOf(cut.object, JSON.parse(json))).toBe(true);
    }),
  );
});

it('is linear on hostile texts', () => {
  for (const piece of ['{"a":', '[', '"a":"b",', '\\"', '"\\', ',', '{"a":1,']) {
    expect(isLinear((times) => parseCut(`{"a":1,"b":${piece.repeat(times)}`), 50_000)).toBe(true);
  }
});

/** A list may have fewer elements, an object fewer members, and a text be shorter. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string' && typeof whole === 'string') return whole.startsWith(part);
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((each, index) => isPartOf(each, whole[index]));
  }
  if (!isObject(part)) return Object.is(part, whole);
  return isObject(whole) && Object.entries(part).every(([key, value]) => isPartOf(value, whole[key]));
}
