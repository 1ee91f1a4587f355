import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileWordScanner } from '../../../shared/text/wordScanner.js';

const word = (shortest: number) =>
  fc.string({ unit: fc.constantFrom(...'abk-_.:'), minLength: shortest, maxLength: 24 });

it('offers every word of three characters or more that a plain search finds, in any case', () => {
  // Long words alone are looked for by more characters at a time than where a short one is among them.
  const words = fc
    .constantFrom(3, 4, 7, 8, 12)
    .chain((shortest) => fc.array(word(shortest), { minLength: 1, maxLength: 6 }));
  const noise = fc.string({ unit: fc.constantFrom(...'abkABK-_.:'), maxLength: 8 });
  const piece = fc.record({ noise, nth: fc.nat(5), inCapitals: fc.boolean(), isCut: fc.boolean() });
  fc.assert(
    fc.property(words, fc.array(piece, { maxLength: 5 }), fc.nat(8), fc.nat(8), (words, pieces, skip, cut) => {
      const text = pieces
        .map(({ noise, nth, inCapitals, isCut }) => {
          const whole = words[nth % words.length] ?? '';
          const part = isCut ? whole.slice(1) : whole;
          return noise + (inCapitals ? part.toUpperCase() : part);
        })
        .join('');
      const start = Math.min(skip, text.length);
      const end = Math.max(start, text.length - cut);
      const isWithin = (each: string, at: number) => at >= start && at + each.length <= end;
      const isAt = (each: string, at: number) => isWithin(each, at) && text.toLowerCase().startsWith(each, at);
      const places = [...text].map((_, at) => at);
      const expected = words.flatMap((each) => places.filter((at) => isAt(each, at)).map((at) => `${each} ${at}`));

      const offered = new Set<string>();
      const scan = compileWordScanner(
        words.map((each) => ({
          word: each,
          confirm: (_text, after) => {
            offered.add(`${each} ${after - each.length}`);
            return false;
          },
        })),
      );
      expect(scan(text, start, end)).toBe(false);
      expect(offered).toEqual(new Set(expected));
      expect(compileWordScanner(words.map((each) => ({ word: each })))(text, start, end)).toBe(expected.length > 0);
    }),
    { numRuns: 500 },
  );
});

it('goes on when what follows a word does not confirm it', () => {
  const scan = compileWordScanner([{ word: 'key', confirm: (text, after) => text[after] === '=' }]);
  expect(scan('key: key=1', 0, 10)).toBe(true);
  expect(scan('key: keys=1', 0, 11)).toBe(false);
});
