import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deaggregate } from '../../../../../local/firehose/transform/processors/deaggregation.js';

const json = { kind: 'deaggregation', subRecords: 'JSON' } as const;
const delimited = (delimiter: string) =>
  ({ kind: 'deaggregation', subRecords: 'DELIMITED', delimiter: Buffer.from(delimiter) }) as const;
const texts = (parts: readonly Buffer[]) => parts.map(String);
const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()).map((value) => JSON.stringify(value));
const between = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n');

describe('JSON', () => {
  it('finds the objects of any concatenation, without what is between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(object, between), { minLength: 1, maxLength: 20 }), (given) => {
        const record = Buffer.from(given.flat().join(''));
        expect(texts(deaggregate(record, json))).toEqual(given.map(([text]) => text));
      }),
    );
  });

  it.each([
    ['no JSON', 'hello'],
    ['an array', '[{"a":1},{"a":2}]'],
    ['an object cut short', '{"a":1}{"a":'],
    ['text between the objects', '{"a":1},{"a":2}'],
    ['nothing', ''],
    ['line ends only', '\n\n'],
  ])('hands a record with %s on whole', (_, text) => {
    expect(texts(deaggregate(Buffer.from(text), json))).toEqual([text]);
  });
});

describe('DELIMITED', () => {
  it.each([
    ['####', 'a####b\n####c', ['a', 'b', 'c']],
    ['\n', 'a\n\nb\r\n', ['a', 'b']],
    ['|', '|', ['|']],
  ])('splits at %j: %j', (delimiter, text, parts) => {
    expect(texts(deaggregate(Buffer.from(text), delimited(delimiter)))).toEqual(parts);
  });
});

it('never loses a byte but line ends and delimiters', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.constantFrom(json, delimited(','), delimited('\n')), (bytes, processor) => {
      const kept = (data: Buffer) => data.toString('latin1').replace(/[\s,]/g, '');
      expect(kept(Buffer.concat(deaggregate(Buffer.from(bytes), processor)))).toBe(kept(Buffer.from(bytes)));
    }),
  );
});

it('splits a record of 500 and hands one of 501 on whole', () => {
  const of = (count: number) => Buffer.from('{"a":1}\n'.repeat(count));
  expect(deaggregate(of(500), json)).toHaveLength(500);
  expect(deaggregate(of(501), json)).toEqual([of(501)]);
});
