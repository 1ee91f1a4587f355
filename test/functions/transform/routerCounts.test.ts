import { describe, expect, it } from '@jest/globals';
import { RouterCounts } from '../../../functions/transform/routerCounts.js';

const counters = { lines: 900, retries: 9, dropped: 9, paused: 1, chunks: 3, diskBytes: 4096 };

describe('what routers say in one invocation', () => {
  it('is added up: what is new of each, and the fullest disk', () => {
    const counts = new RouterCounts();
    counts.add({
      run: 1,
      number: 5,
      time: 2000,
      now: counters,
      since: { ...counters, lines: 10, retries: 1, dropped: 0 },
    });
    const fuller = { ...counters, paused: 2, diskBytes: 8192 };
    counts.add({ run: 2, number: 9, time: 1000, now: fuller, since: { ...fuller, lines: 5, retries: 0, dropped: 7 } });
    expect(counts).toMatchObject({ canaries: 2, lines: 15, retries: 1, dropped: 7, paused: 3, mostDiskBytes: 8192 });
    expect(counts.lagAt(4000)).toBe(3000);
  });

  it('is the number of canaries alone when the routers could not be asked', () => {
    const counts = new RouterCounts();
    counts.add({ run: 1, number: 5, time: undefined, now: undefined, since: undefined });
    expect(counts).toMatchObject({ canaries: 1, lines: 0, retries: 0, dropped: 0, paused: 0, mostDiskBytes: 0 });
    expect(counts.lagAt(4000)).toBeUndefined();
  });
});
