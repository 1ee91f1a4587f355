import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf, maxStageLength, stageMistake } from '../../../shared/deploy/names.js';

const account = '111122223333';

describe('a stage', () => {
  it('has a name that the bucket and the database can have in theirs', () => {
    for (const stage of ['dev', 'prod', 'prodeu', 'x1', 'a'.repeat(maxStageLength)]) {
      expect([stage, stageMistake(stage)]).toEqual([stage, undefined]);
    }
    for (const stage of ['', 'Prod', 'prod-eu', 'prod_eu', '1st', 'a'.repeat(maxStageLength + 1)]) {
      expect([stage, stageMistake(stage)]).toEqual([stage, expect.stringContaining('lower-case')]);
    }
  });

  it('is told what it could be called', () => {
    expect(stageMistake('prod-eu')).toMatch(/, such as prodeu$/);
    expect(stageMistake('Prod')).toMatch(/, such as prod$/);
    expect(stageMistake('---')).toMatch(/at most \d+$/);
  });

  it('makes names that S3, Athena and Lambda take, whenever it is taken', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.constantFrom('us-east-1', 'ap-southeast-7'), (stage, region) => {
        fc.pre(stageMistake(stage) === undefined);
        expect(bucketOf({ stage, account, region })).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
        expect(`firesplit_${stage}`).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(`firesplit-${stage}-replayWorker`.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('proposes only what would be taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (stage) => {
        const proposed = stageMistake(stage)?.match(/, such as (.*)$/)?.[1];
        if (proposed !== undefined) expect(stageMistake(proposed)).toBeUndefined();
      }),
    );
  });
});
