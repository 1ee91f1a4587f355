import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../../../shared/text/pattern.js';

it.each([
  '(?i)out of memory|oom-?kill',
  '(?i)^[a-f0-9]{4}x$',
  '(?i)\\bcart\\w+\\d{2}',
  '(?i)(?<name>a-z)+[^b-d]\\x41\\u0042',
  '(?i)straße|É[à-ü]?',
  '(?i)[A-Z][a-b-]z',
  '(?i)\\x4F\\u0075t[\\x42\\u004F]',
  '(?i)[\\x30-\\x39]\\x5a',
])('%s ignores case without the flag', (source) => {
  const pattern = compilePattern(source);
  const reference = new RegExp(source.slice(4), 'i');
  expect(pattern.flags).toBe('');
  const letters = fc.constantFrom(...'aAbBcCdDfFzZxX01 -éÉàÀßoOuUtT');
  const words = fc.constantFrom('Out OF memory', 'OOMKILL', 'CARTs12', 'a-Z', 'A-zaB', '12aFX', 'STRAßE');
  fc.assert(
    fc.property(fc.array(fc.oneof(letters, words)), (parts) => {
      const text = parts.join('');
      expect(pattern.test(text)).toBe(reference.test(text));
    }),
    { numRuns: 1000 },
  );
});

it('keeps case without (?i), and refuses what is not valid', () => {
  expect(compilePattern('abc').test('ABC')).toBe(false);
  expect(() => compilePattern('(?i)(a')).toThrow('/(a/: Unterminated group');
});
