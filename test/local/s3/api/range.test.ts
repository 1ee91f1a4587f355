import { expect, it } from '@jest/globals';
import { requestedRange } from '../../../../local/s3/api/range.js';

it.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=2-5', 10, { start: 2, end: 5 }],
  ['bytes=2-', 10, { start: 2, end: 9 }],
  ['bytes=2-99', 10, { start: 2, end: 9 }],
  ['bytes=-3', 10, { start: 7, end: 9 }],
  ['bytes=-99', 10, { start: 0, end: 9 }],
  [' Bytes = 2 - 5 ', 10, { start: 2, end: 5 }],
  [undefined, 10, undefined],
  // No ranges at all: the whole object (RFC 9110, 14.2).
  ['bytes=5-2', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=a-b', 10, undefined],
  ['lines=1-2', 10, undefined],
])('%s of %i bytes', (header, size, range) => expect(requestedRange(header, size)).toEqual(range));

it.each([
  ['bytes=10-', 10],
  ['bytes=10-20', 10],
  ['bytes=-0', 10],
  ['bytes=0-', 0],
  ['bytes=-1', 0],
])('%s of %i bytes is not satisfiable', (header, size) => {
  expect(() => requestedRange(header, size)).toThrow(
    expect.objectContaining({ code: 'InvalidRange', status: 416, headers: { 'content-range': `bytes */${size}` } }),
  );
});

it('several ranges are not implemented', () => {
  expect(() => requestedRange('bytes=0-1,3-4', 10)).toThrow(expect.objectContaining({ code: 'NotImplemented' }));
});
