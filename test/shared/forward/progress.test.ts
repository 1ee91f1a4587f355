import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { claim, finished, held, left, type Progress, settled } from '../../../shared/forward/progress.js';

const worker = { worker: 'w1', until: 1000 };

describe('claim', () => {
  it.each([
    ['nothing noted', undefined, 0, { answer: 'yours', progress: { rows: 0, done: false, claim: worker } }],
    [
      'what another left',
      { rows: 7, done: false },
      0,
      { answer: 'yours', progress: { rows: 7, done: false, claim: worker } },
    ],
    ['what is done', { rows: 7, done: true }, 0, { answer: 'done' }],
    [
      'what another holds',
      { rows: 7, done: false, claim: { worker: 'w2', until: 50 } },
      49,
      { answer: 'busy', until: 50 },
    ],
    [
      'what another held',
      { rows: 7, done: false, claim: { worker: 'w2', until: 50 } },
      50,
      { answer: 'yours', progress: { rows: 7, done: false, claim: worker } },
    ],
    [
      'what it holds itself',
      { rows: 7, done: false, claim: { worker: 'w1', until: 50 } },
      0,
      { answer: 'yours', progress: { rows: 7, done: false, claim: worker } },
    ],
  ] as const)('of %s', (_what, progress, now, answer) => {
    expect(claim(progress, worker, now)).toEqual(answer);
  });
});

describe('progress', () => {
  it('never goes back, and once done stays so, whatever happens in whatever order', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('claim' as const), worker: fc.constantFrom('w1', 'w2'), now: fc.nat(100) }),
      fc.record({ do: fc.constantFrom('settle' as const, 'finish' as const), rows: fc.nat(100) }),
      fc.record({ do: fc.constantFrom('leave' as const, 'hold' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let progress: Progress = { rows: 0, done: false };
        for (const each of steps) {
          const before = progress;
          if (each.do === 'claim') {
            const answer = claim(progress, { worker: each.worker, until: each.now + 30 }, each.now);
            if (answer.answer === 'yours') progress = answer.progress;
            // Whoever is not let in finds another there who may be at it, or nothing to do.
            else expect(progress.done || (progress.claim?.until ?? 0) > each.now).toBe(true);
          } else if (!progress.done) {
            if (each.do === 'settle') progress = settled(progress, each.rows, 1000);
            if (each.do === 'finish') progress = finished(progress, each.rows);
            if (each.do === 'leave') progress = left(progress);
            if (each.do === 'hold') progress = held(progress, 1000);
          }
          expect(progress.rows).toBeGreaterThanOrEqual(before.rows);
          expect(progress.done || !before.done).toBe(true);
        }
      }),
    );
  });
});
