import { describe, expect, it } from '@jest/globals';
import { counted, oneOf, percentText, spanText, utcText } from '../../../shared/text/wording.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

describe('wording', () => {
  it.each<[number, string]>([
    [0, '1s'],
    [59 * SECOND, '59s'],
    [60 * SECOND, '1m'],
    [187 * SECOND, '3m 7s'],
    [2 * HOUR + 5 * 60 * SECOND + 9 * SECOND, '2h 5m'],
    [23 * HOUR, '23h'],
    [24 * HOUR, '1d'],
    [100 * HOUR, '4d 4h'],
  ])('reads %d ms as %s', (milliseconds, expected) => {
    expect(spanText(milliseconds)).toBe(expected);
  });

  it('counts', () => {
    expect([counted(0, 'line'), counted(1, 'line'), counted(4310, 'line')]).toEqual([
      '0 lines',
      '1 line',
      '4,310 lines',
    ]);
  });

  it('shows parts and times', () => {
    expect([percentText(0.125), percentText(1 / 3), percentText(1)]).toEqual(['12.5 %', '33.33 %', '100 %']);
    expect(utcText(Date.UTC(2026, 0, 5, 9, 0, 0, 999))).toBe('2026-01-05T09:00:00Z');
  });
});

it('says one of what is counted', () => {
  expect(['requests', 'GB', 'alarms', 'objects', 'units'].map(oneOf)).toEqual([
    'a request',
    'a GB',
    'an alarm',
    'an object',
    'a unit',
  ]);
});
