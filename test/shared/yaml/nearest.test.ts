import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestWord } from '../../../shared/yaml/nearest.js';

describe('nearestWord', () => {
  const words = ['service', 'severity', 'message', 'by'];

  it.each([
    ['sevice', 'service'],
    ['Severity', 'severity'],
    ['messgae', 'message'],
    ['bx', 'by'],
    ['runbook', undefined],
    ['', undefined],
  ])('takes %j for %j', (word, nearest) => {
    expect(nearestWord(word, words)).toBe(nearest);
  });

  // A third of the letters may be wrong: two of six, one of five.
  it.each([
    ['a letter replaced', 'abXde', 'abcde'],
    ['a letter too many', 'abXcd', 'abcd'],
    ['a letter too few', 'abde', 'abcde'],
    ['the first letter too many', 'Xabcd', 'abcd'],
    ['the first letter missing', 'bcde', 'abcde'],
    ['the last letter too many', 'abcdX', 'abcd'],
    ['the last letter missing', 'abcd', 'abcde'],
    ['two neighbours swapped', 'abdce', 'abcde'],
    ['the first two swapped', 'bacde', 'abcde'],
    ['the last two swapped', 'abced', 'abcde'],
    ['two letters replaced', 'aXcdXf', 'abcdef'],
    ['two pairs swapped', 'badcef', 'abcdef'],
    ['two letters too many', 'abcXdX', 'abcd'],
    ['two letters too few', 'abcdef', 'abXcdeXf'],
  ])('finds a word with %s', (_, word, candidate) => {
    expect(nearestWord(word, [candidate])).toBe(candidate);
  });

  it.each([
    ['two letters replaced of five', 'aXcXe', 'abcde'],
    ['two letters too many of five', 'abcXX', 'abc'],
    ['two letters too few of five', 'abcde', 'abXcXde'],
    ['two letters swapped that are no neighbours', 'cbade', 'abcde'],
    ['neighbours of two places mixed', 'bcade', 'abcde'],
    ['two pairs swapped of five', 'badce', 'abcde'],
    ['three letters replaced of eight', 'XbXdXfgh', 'abcdefgh'],
  ])('takes a word with %s for another', (_, word, candidate) => {
    expect(nearestWord(word, [candidate])).toBeUndefined();
  });

  it('takes the nearest, and the first of those as near', () => {
    expect(nearestWord('abcdef', ['abXdXf', 'abcdXf', 'abcdeX'])).toBe('abcdXf');
  });

  it('finds every word itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => expect(nearestWord(word, ['service', word])).toBe(word)),
    );
  });
});
