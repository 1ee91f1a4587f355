import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessColumns, Fields } from '../../../../shared/line/parsed.js';
import { putNumber, readCount, readDecimal } from '../../../../shared/parse/values/number.js';

it.each([
  ['0', 0],
  ['007', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['9007199254740992', undefined],
  ['9223372036854775807', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['-1', undefined],
  ['', undefined],
])('reads the count %j as %j', (text, count) => {
  expect(readCount(text)).toBe(count);
});

it.each([
  ['4.123', 4.123],
  ['-1', -1],
  ['1e3', 1000],
  ['9007199254740993', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
  ['', undefined],
])('reads the decimal %j as %j', (text, value) => {
  expect(readDecimal(text)).toBe(value);
});

it('puts a number into its column exactly, or its text into the fields', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 70n }), (bytes) => {
      const columns: AccessColumns = {};
      const fields: Fields = [];
      putNumber(columns, fields, 'bytes', String(bytes));
      const kept = columns.bytes === undefined ? fields : [['bytes', String(BigInt(columns.bytes))]];
      expect(kept).toEqual([['bytes', String(bytes)]]);
    }),
  );
});

it.each(['-', ''])('puts nothing anywhere for %j', (text) => {
  const columns: AccessColumns = {};
  const fields: Fields = [];
  putNumber(columns, fields, 'status', text);
  expect([columns, fields]).toEqual([{}, []]);
});

it.each(['2000', '20', 'OK', '99999999999'])('keeps the status %j as text', (text) => {
  const columns: AccessColumns = {};
  const fields: Fields = [];
  putNumber(columns, fields, 'status', text);
  expect([columns, fields]).toEqual([{}, [['status', text]]]);
});
