import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLine } from '../../../shared/parse/index.js';
import { stringify } from '../../../shared/text/json.js';

it.each([
  ['a number beyond 2^53', '{"msg":"x","id":12345678901234567890}', { id: '12345678901234567890' }],
  ['a key twice', '{"msg":"x","id":1,"id":2}', { 'id#1': 1, id: 2 }],
  // Athena reads `fields` as a string: only its own columns must not differ by case.
  ['keys that differ by case', '{"msg":"x","Id":1,"id":2,"ID":3}', { Id: 1, id: 2, ID: 3 }],
  ['a NUL', '{"msg":"x","a":"b\\u0000c"}', { a: 'b\0c' }],
  ['half of a surrogate pair', '{"msg":"x","a":"b\\ud83d"}', { a: 'b\\ud83d' }],
  ['__proto__', '{"msg":"x","__proto__":{"a":1},"constructor":2}', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
])('keeps %s in `fields`', (_, line, expected) => {
  expect(JSON.parse(store(line).fields)).toEqual(expected);
});

it.each(['"a\\u0000b"', '"\\ud83d"', '"\\udc00\\\\ud83d"'])('stores the message %s as valid JSON', (message) => {
  expect(store(`{"msg":${message}}`).message.isWellFormed()).toBe(true);
});

it('stores any JSON line as a row that is valid JSON and Unicode', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
      const { fields } = store(`{"level":"error","x":${json}}`);
      expect(fields.isWellFormed()).toBe(true);
      JSON.parse(fields);
    }),
  );
});

/** The line as a row holds it: its fields are JSON within JSON. */
function store(line: string): { message: string; fields: string } {
  const { columns, fields } = parseLine(line);
  return JSON.parse(stringify({ ...columns, fields: stringify(Object.fromEntries(fields)) }));
}
