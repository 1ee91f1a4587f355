import { describe, expect, it } from '@jest/globals';
import { Infra } from '../../../local/infra/infra.js';
import { keptDays } from '../../../local/infra/keptDays.js';
import { projectRoot } from '../../../local/infra/project.js';
import { compaction } from '../../../shared/bounds.js';

describe('keptDays', () => {
  it('reads the lifecycle rules of the bucket that is deployed', async () => {
    const infra = await Infra.load(projectRoot(), { region: 'r', id: '0', stage: 'test', queueUrl: (name) => name });
    expect(keptDays(infra)).toEqual({ landed: 14, parquet: 395, indexes: compaction.indexDays });
  });

  it('names the rule that is missing', () => {
    const properties = { LifecycleConfiguration: { Rules: [{ Prefix: 'logs/', ExpirationInDays: '14' }] } };
    const infra = { resource: () => ({ properties }) } as unknown as Infra;
    expect(() => keptDays(infra)).toThrow('no lifecycle rule that expires parquet/');
  });
});
