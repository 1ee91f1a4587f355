import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecentTexts } from '../../../shared/lanes/recentTexts.js';

it('gives for each text what reading it gives, however alike texts are', () => {
  // Not every character decides where a text is looked for: these differ in others, too.
  const alike = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.constantFrom('a', 'b', '\u00e9')).map(([at, char]) => {
    const text = 'x'.repeat(60);
    return text.slice(0, at) + char + text.slice(at + 1);
  });
  const text = fc.oneof(alike, fc.string({ maxLength: 40 }), fc.constantFrom('', '0.004', '0.005'));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ maxLength: 5 }), text), { maxLength: 200 }), (lines) => {
      const texts = new RecentTexts((value) => `<${value}>`);
      for (const [before, value] of lines) {
        const line = `${before}${value} end`;
        expect(texts.get(line, before.length, before.length + value.length)).toBe(`<${value}>`);
        expect(texts.get(value)).toBe(`<${value}>`);
      }
    }),
  );
});

it('reads a text once while it is met again and again', () => {
  let reads = 0;
  const texts = new RecentTexts(() => ++reads);
  for (let turn = 0; turn < 100; turn++) {
    for (let agent = 0; agent < 200; agent++) texts.get(`Mozilla/5.0 (X11; Linux x86_64) Chrome/${agent}.0.0.0 Safari`);
  }
  expect(reads).toBe(200);
});

it('reads a text of many thousand characters each time', () => {
  let reads = 0;
  const texts = new RecentTexts(() => ++reads);
  const long = 'x'.repeat(100_000);
  expect([texts.get(long), texts.get(long), texts.get('short'), texts.get('short')]).toEqual([1, 2, 3, 3]);
});

it('forgets what it has read before it holds too much', () => {
  let reads = 0;
  const texts = new RecentTexts(() => ++reads);
  for (let n = 0; n < 20_000; n++) texts.get(`agent ${n}`);
  for (let n = 0; n < 20_000; n++) texts.get(`agent ${n}`);
  expect(reads).toBeGreaterThan(30_000);
});
