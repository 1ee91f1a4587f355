import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseExactly } from '../../../../shared/parse/json/exactJson.js';

describe('a number', () => {
  it.each([
    '12345678901234567890',
    '-9007199254740993',
    '0.1234567890123456789',
    '1e400',
    '1E-400',
    '3e-324',
    '123456789.123456789e5',
  ])('%s, which a double can not hold, keeps its digits', (number) => {
    expect(parseExactly(`{"a":[${number}],"b":${number}}`)).toEqual({ a: [number], b: number });
  });

  it.each([
    '1795365696256123000',
    '9007199254740992',
    '1e300',
    '0.10000000000000000000',
    '1.50',
    '0e999',
    '-0',
    '1795365696.256123',
  ])('%s, which a double holds, stays a number', (number) => {
    expect(parseExactly(`{"a":${number}}`)).toEqual({ a: Number(number) });
  });

  it.each(['{"a":[1,%]}', '{"a":[[%]]}', '{"a" : %}', '{"a":  %}', '[ %]', '{"a":[{"b":1}, %]}', '{"a":\t%}'])(
    'is found in %s',
    (text) => {
      expect(JSON.stringify(parseExactly(text.replace('%', '12345678901234567890')))).toContain(
        '"12345678901234567890"',
      );
    },
  );

  it('of any length keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        const { a } = parseExactly(`{"a":${value}}`) as { a: number | string };
        expect(BigInt(a)).toBe(value);
      }),
    );
  });

  it('within a string is left alone', () => {
    const text = JSON.stringify({ a: '12345678901234567890 "1e400', 12345678901234567890123: 'b' });
    expect(parseExactly(text)).toEqual(JSON.parse(text));
  });
});

describe('a key that stands twice', () => {
  it.each([
    ['{"a":1,"a":2}', { 'a#1': 1, a: 2 }],
    ['{"a":1,"b":0,"a":2,"a":[3]}', { 'a#1': 1, b: 0, 'a#2': 2, a: [3] }],
    ['{"x":[{"a":{"k":1,"k":2}},{"a":1}]}', { x: [{ a: { 'k#1': 1, k: 2 } }, { a: 1 }] }],
    ['{ "a" : 1 , "a" : 2 }', { 'a#1': 1, a: 2 }],
    ['{"a":1,"\\u0061":2}', { 'a#1': 1, a: 2 }],
    ['{"a#1":0,"a":1,"a":2}', { 'a#1': 0, 'a#2': 1, a: 2 }],
    ['{"a\\\\":1,"b":1,"b":2}', { 'a\\': 1, 'b#1': 1, b: 2 }],
    ['{"":1,"":2}', { '#1': 1, '': 2 }],
  ])('%s keeps every value', (text, expected) => {
    expect(parseExactly(text)).toEqual(expected);
  });

  it('under any name loses nothing', () => {
    const key = fc.constantFrom('a', 'b', 'a#1', '"', '\\', 'a":', 'é');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, fc.nat()), { maxLength: 8 }),
        fc.constantFrom(':', ' : '),
        (entries, colon) => {
          const text = `{${entries.map(([name, value]) => JSON.stringify(name) + colon + value).join(',')}}`;
          const parsed = parseExactly(text) as Record<string, number>;
          expect(Object.values(parsed).sort()).toEqual(entries.map(([, value]) => value).sort());
          expect(parsed).toMatchObject(Object.fromEntries(entries));
        },
      ),
    );
  });
});

it('keeps keys that differ by case only, which are harmless inside `fields`, a string to Athena', () => {
  expect(parseExactly('{"Id":1,"id":2}')).toEqual({ Id: 1, id: 2 });
});

it('gives what JSON.parse gives for any other text', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      expect(parseExactly(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('walks a long and hostile text once', () => {
  for (const piece of ['\\"', '\\\\', '\\":', '"\\u00e9', '1', '0.']) {
    const inner = JSON.stringify(piece.repeat(100_000));
    expect(parseExactly(`{"n":12345678901234567890,"a":${inner}}`)).toEqual({
      n: '12345678901234567890',
      a: piece.repeat(100_000),
    });
  }
  const digits = '1'.repeat(300_000);
  expect(parseExactly(`[${digits}]`)).toEqual([digits]);
  expect(() => parseExactly('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(RangeError);
});
