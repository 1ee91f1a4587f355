import { expect, it } from '@jest/globals';
import { wordsOfKeys } from '../../../shared/redact/keys.js';
import { minWord } from '../../../shared/text/wordScanner.js';

const key = (length: number) => 'pinkeyword'.slice(0, length);

it('a key one letter too short is looked for with what ends it', () => {
  const words = wordsOfKeys([key(minWord - 1)]);
  expect(words).toContainEqual({ word: `${key(minWord - 1)}=` });
  expect(words?.every(({ word, confirm }) => word.length === minWord && confirm === undefined)).toBe(true);
});

it('a key that is long enough is looked for by itself, and then held to what stands behind it', () => {
  expect(wordsOfKeys([key(minWord)])).toEqual([{ word: key(minWord), confirm: expect.any(Function) }]);
});

it.each([[[key(minWord - 2)]], [[`${key(minWord - 1)}*`]], [[key(minWord), key(1)]]])(
  'no words tell a line with %j',
  (globs) => {
    expect(wordsOfKeys(globs)).toBeUndefined();
  },
);
