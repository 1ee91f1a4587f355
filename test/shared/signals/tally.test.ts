import { describe, expect, it } from '@jest/globals';
import { addSpan, joinSamples, tallyOf } from '../../../shared/signals/tally.js';
import { aSignal, MINUTE, T0 } from '../../helpers/alerts.js';

const sample = (message: string, ts = T0) => ({ ts, service: 'pay', message });

describe('tallyOf', () => {
  it('adds up a key, with samples of the newest buckets first', () => {
    const older = aSignal({ bucket: T0, count: 2, first: T0, last: T0 + 1, samples: [sample('a'), sample('b')] });
    const newer = aSignal({
      bucket: T0 + MINUTE,
      count: 3,
      first: T0 + MINUTE,
      last: T0 + MINUTE,
      samples: [sample('c')],
    });
    expect(tallyOf([older, newer])).toEqual({
      ...{ labels: { service: 'pay' }, count: 5, first: T0, last: T0 + MINUTE },
      samples: [sample('c'), sample('a'), sample('b')],
    });
  });
});

describe('addSpan', () => {
  it('leaves out the times of a span without lines', () => {
    const some = { count: 2, first: 10, last: 20 };
    const none = { count: 0, first: 1, last: 99 };
    expect(addSpan(some, none)).toEqual(some);
    expect(addSpan(none, some)).toEqual(some);
    expect(addSpan(some, { count: 1, first: 5, last: 12 })).toEqual({ count: 3, first: 5, last: 20 });
    expect(addSpan(some, undefined)).toEqual(some);
  });
});

describe('joinSamples', () => {
  it('keeps three, and none twice', () => {
    const samples = joinSamples([sample('a', 5), sample('b')], [sample('a', 1), sample('c'), sample('d')]);
    expect(samples).toEqual([sample('a', 5), sample('b'), sample('c')]);
  });
});
