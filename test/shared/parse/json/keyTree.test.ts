import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyTree } from '../../../../shared/parse/json/keyTree.js';

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const tree = new KeyTree<{ id: string; host: string }>({
  id: { paths: ['id', 'request.id', 'http.request.id'], read: text },
  host: { paths: ['request.host', 'request'], read: text },
});

it.each([
  ['the best name first', { 'request.id': 'b', id: 'a' }, 'a', [['request.id', 'b']]],
  ['a nested value', { http: { request: { id: 'a' }, x: 1 } }, 'a', [['http', { x: 1 }]]],
  ['a value of another kind', { id: 7, request: { id: 'a' } }, 'a', [['id', 7]]],
  ['nothing', { http: { request: 'GET' } }, undefined, [['http', { request: 'GET' }]]],
  ['the last of two spellings of a name', { 'request.id': 'a', request: { id: 'b' } }, 'b', [['request.id', 'a']]],
  ['the same key in another place', { request: { id: 'a' }, x: { id: 'b' } }, 'a', [['x', { id: 'b' }]]],
])('takes %s', (_, object, expected, rest) => {
  const found = tree.find(object);
  expect(found.take('id')).toBe(expected);
  expect(found.rest()).toEqual(rest);
});

it('leaves what was only looked at', () => {
  const found = tree.find({ id: 'a', request: 'b' });
  expect(found.peek('id')).toBe('a');
  expect(found.take('host')).toBe('b');
  expect(found.rest()).toEqual([['id', 'a']]);
});

it('leaves an object whole when nothing is taken, whatever its keys', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('id', 'request', '__proto__')), fc.json()),
      (object) => {
        expect(tree.find(object).rest()).toEqual(Object.entries(object));
      },
    ),
  );
});
