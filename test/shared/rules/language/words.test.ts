import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillTitle, titleNames } from '../../../../shared/rules/language/title.js';
import { formatDuration, parseStatedDuration } from '../../../../shared/text/statedDuration.js';

describe('durations', () => {
  it.each([
    ['90s', 90_000, '90s'],
    ['60s', 60_000, '1m'],
    ['10m', 600_000, '10m'],
    ['2h', 7_200_000, '2h'],
    ['7d', 604_800_000, '7d'],
    ['0s', 0, '0s'],
  ])('%s is %d ms', (text, milliseconds, shortest) => {
    expect(parseStatedDuration(text)).toBe(milliseconds);
    expect(formatDuration(milliseconds)).toBe(shortest);
  });

  it.each(['', '10', 'm', '1.5h', '-1m', '10 m', '1w', '1h30m'])('%j is none', (text) => {
    expect(parseStatedDuration(text)).toBeUndefined();
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 604_800 }), (seconds) =>
        expect(parseStatedDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000),
      ),
    );
  });
});

describe('titles', () => {
  it('fills in the names and shows the gaps', () => {
    const values: Record<string, string> = { service: 'pay', 'fields.a.b': '{service}', level: '' };
    expect(fillTitle('{service} {fields.a.b} {level} {x} {X}', (name) => values[name])).toBe(
      'pay {service} (no level) (no x) {X}',
    );
    expect(titleNames('{service} {fields.a.b} {X}')).toEqual(['service', 'fields.a.b']);
  });
});
