import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileWordScanner } from '../../../shared/text/wordScanner.js';

const word = fc.string({ unit: fc.constantFrom(...'abk-_.:'), minLength: 3, maxLength: 8 });

it('finds a word of three characters or more wherever a plain search finds it, in any case', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abkABK-_.:'), maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 6 }),
      text,
      fc.nat(8),
      fc.nat(8),
      (words, text, skip, cut) => {
        const start = Math.min(skip, text.length);
        const end = Math.max(start, text.length - cut);
        const part = text.slice(start, end).toLowerCase();
        const scan = compileWordScanner(words.map((each) => ({ word: each })));
        expect(scan(text, start, end)).toBe(words.some((each) => part.includes(each)));
      },
    ),
    { numRuns: 300 },
  );
});

it('goes on when what follows a word does not confirm it', () => {
  const scan = compileWordScanner([{ word: 'key', confirm: (text, after) => text[after] === '=' }]);
  expect(scan('key: key=1', 0, 10)).toBe(true);
  expect(scan('key: keys=1', 0, 11)).toBe(false);
});
