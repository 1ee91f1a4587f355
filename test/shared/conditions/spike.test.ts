import { describe, expect, it } from '@jest/globals';
import { aRule, MINUTE } from '../../helpers/alerts.js';
import { lines, observed, type WindowCase } from '../../helpers/windows.js';

describe('spike: 3 times the 5 minutes before, at least 10 lines', () => {
  const rule = aRule({ type: 'spike', window: 5 * MINUTE, factor: 3, minCount: 10, minPrevious: 1, lateness: 0 });

  it.each<WindowCase>([
    ['three times as many', [lines(0, 10), lines(300, 29), lines(310, 1)], [[10, 10, 0], 'quiet', [30, 30, 10]]],
    ['not three times as many', [lines(0, 10), lines(300, 29)], [[10, 10, 0], 'quiet']],
    ['too few lines to speak of', [lines(0, 2), lines(300, 9)], ['quiet', 'quiet']],
    ['nothing before counts as one', [lines(0, 10)], [[10, 10, 0]]],
    [
      'what is told once is not told again',
      [lines(0, 1), lines(300, 12), lines(310, 5)],
      ['quiet', [12, 12, 1], [5, 17, 1]],
    ],
    [
      'the window before is the one right before',
      [lines(0, 50), lines(900, 12)],
      [
        [50, 50, 0],
        [12, 12, 0],
      ],
    ],
    [
      'steady traffic',
      [lines(0, 9), lines(150, 9), lines(300, 9), lines(450, 9)],
      ['quiet', [18, 18, 0], 'quiet', 'quiet'],
    ],
  ])('%s', (_name, batches, expected) => {
    expect(observed(rule, batches)).toEqual(expected);
  });

  it('compares with at least min_previous', () => {
    const busy = aRule({ ...rule, type: 'spike', minPrevious: 20 });
    expect(observed(busy, [lines(0, 59), lines(1, 1)])).toEqual(['quiet', [60, 60, 0]]);
  });
});
