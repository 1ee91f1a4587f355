import { expect, it } from '@jest/globals';
import { fingerprint } from '../../shared/fingerprint.js';

it.each([
  ['order 17 failed for user 9', 'order 18 failed for user 100'],
  ['cannot read "a.json"', 'cannot read "b.json"'],
  ["no such key: 'x'", "no such key: 'y'"],
  ['job 0f8fad5b-d9cb-469f-a165-70867728950e died', 'job 7c9e6679-7425-40de-944b-e07fc1f90ae7 died'],
  ['block 0xdeadbeef at 10.0.0.1:80', 'block 0xcafe at 10.0.0.2:8080'],
  ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8', 'commit 1234567890abcdef1234567890abcdef12345678'],
])('is the same for %j and %j', (a, b) => {
  expect(fingerprint({ message: a })).toBe(fingerprint({ message: b }));
});

it('survives moved line numbers', () => {
  const stack = (line: number) =>
    `TypeError: no\n    at charge (/app/src/pay.js:${line}:7)\n    at run (/app/src/main.js:${line + 5}:1)`;
  expect(fingerprint({ message: 'no', stack: stack(10) })).toBe(fingerprint({ message: 'no', stack: stack(99) }));
});

it('tells different errors apart', () => {
  const all = [
    { message: 'disk full' },
    { message: 'disk gone' },
    { message: 'disk full', exception: 'IOError' },
    { message: 'disk full', logger: 'db' },
    { message: 'disk full', stack: 'x\n    at a (b.js:1)' },
  ];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
  for (const each of all) expect(fingerprint(each)).toMatch(/^[0-9a-f]{16}$/);
});
