import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fingerprints } from '../../../local/backtest/fingerprints.js';

it('tells what it has, as a set of strings does', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 3 })), (texts) => {
      const [fingerprints, set] = [new Fingerprints(), new Set<string>()];
      const isNew = texts.map((text) => set.size < set.add(text).size);
      expect(texts.map((text) => fingerprints.add(text))).toEqual(isNew);
    }),
  );
});

it('keeps what it has while it grows', () => {
  const fingerprints = new Fingerprints();
  const names = Array.from({ length: 50_000 }, (_, index) => `79c18xUJqbXDR8q6mS4GS","line":${index}}`);
  expect(names.filter((name) => !fingerprints.add(name))).toEqual([]);
  expect(names.filter((name) => fingerprints.add(name))).toEqual([]);
});
