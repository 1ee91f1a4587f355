import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { work } from '../../../shared/compact/work.js';
import { happenings } from '../../helpers/compaction/happenings.js';
import { Simulation } from '../../helpers/compaction/simulation.js';

describe('compaction, with faults and kills at any call, late and repeated objects, deploys and deletions', () => {
  it('never shows a line twice, misses none that was in time, and ends with each line once', async () => {
    await fc.assert(
      fc.asyncProperty(happenings(), (all) => new Simulation(work).live(all)),
      { numRuns: 100 },
    );
  });
});
