import { describe, expect, test } from '@jest/globals';
import { Counts } from '../../../shared/redact/counts.js';

describe('Counts', () => {
  test('gives how often each rule was added, and starts again', () => {
    const counts = new Counts();
    for (const rule of ['passwords', 'tokens', 'passwords']) counts.add(rule);
    expect([...counts.take()]).toEqual([
      ['passwords', 2],
      ['tokens', 1],
    ]);
    counts.add('tokens');
    expect([...counts.take()]).toEqual([['tokens', 1]]);
  });

  test('leaves out what is added within without(), and gives its result', () => {
    const counts = new Counts();
    counts.add('passwords');
    const result = counts.without(() => {
      counts.add('passwords');
      return 'tried';
    });
    counts.add('tokens');
    expect(result).toBe('tried');
    expect([...counts.take()]).toEqual([
      ['passwords', 1],
      ['tokens', 1],
    ]);
  });

  test('counts again after what was tried has thrown', () => {
    const counts = new Counts();
    const fail = () => {
      throw new RangeError('too deep');
    };
    expect(() => counts.without(fail)).toThrow(RangeError);
    counts.add('tokens');
    expect([...counts.take()]).toEqual([['tokens', 1]]);
  });
});
