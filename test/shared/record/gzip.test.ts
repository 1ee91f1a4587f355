import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gunzip, isGzip } from '../../../shared/record/gzip.js';

describe('gunzip', () => {
  it('reads all members, whatever NUL padding stands between and behind them', () => {
    const padded = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(20));
    fc.assert(
      fc.property(fc.array(padded, { minLength: 1, maxLength: 5 }), (members) => {
        const data = Buffer.concat(members.flatMap(([bytes, padding]) => [gzipSync(bytes), Buffer.alloc(padding)]));
        expect(gunzip(data)).toEqual(Buffer.concat(members.map(([bytes]) => bytes)));
      }),
    );
  });

  it.each([
    ['text behind the member', Buffer.concat([gzipSync('a'), Buffer.from('text')])],
    ['text behind padding', Buffer.concat([gzipSync('a'), Buffer.alloc(3), Buffer.from('text')])],
    ['a cut member behind padding', Buffer.concat([gzipSync('a'), Buffer.alloc(3), gzipSync('b').subarray(0, 12)])],
  ])('refuses %s', (_, data) => {
    expect(() => gunzip(data)).toThrow();
  });

  it('bounds what all members together inflate to', () => {
    const half = gzipSync(Buffer.alloc(33 * 1024 * 1024));
    expect(() => gunzip(Buffer.concat([half, Buffer.alloc(2), half]))).toThrow(/larger than/);
  });
});

it('isGzip looks at the magic bytes', () => {
  expect(isGzip(gzipSync(''))).toBe(true);
  expect(isGzip(Buffer.from('{"log":"plain text"}'))).toBe(false);
});

it('refuses what inflates beyond reason', () => {
  expect(() => gunzip(gzipSync(Buffer.alloc(65 * 1024 * 1024)))).toThrow(/larger than/);
});
