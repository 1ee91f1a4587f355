import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { queryKeys } from '../../../../local/firehose/destination/metadataQuery.js';

describe('queryKeys', () => {
  it.each([
    ['{k: .k}', ['k']],
    [' {customer: .id, "day": .at | todate} ', ['customer', 'day']],
    ['{a: (.b, .c), d: {e: 1, f: [2, 3]}}', ['a', 'd']],
    ['{a: "x, y: \\"}", b}', ['a', 'b']],
    ['{(.name): 1}', []],
    ['.a', []],
  ])('finds the keys of %s', (query, keys) => {
    expect(queryKeys(query)).toEqual(keys);
  });

  it('finds every key, whatever its value', () => {
    const key = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/);
    const members = fc.uniqueArray(fc.tuple(key, fc.json()), { selector: ([name]) => name });
    fc.assert(
      fc.property(members, (given) => {
        const query = `{${given.map(([name, value]) => `${name}: ${value}`).join(', ')}}`;
        expect(queryKeys(query)).toEqual(given.map(([name]) => name));
      }),
    );
  });

  it('reads any text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(Array.isArray(queryKeys(`{${text}}`))).toBe(true)));
  });
});
