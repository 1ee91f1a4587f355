import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { editParameters } from '../../../shared/deploy/editParameters.js';

const shipped = await readFile('infra/parameters.yml', 'utf8');

describe('parameters of a stage', () => {
  it('come behind what the file says, without what holds for every stage', () => {
    const edited = editParameters(shipped, 'prod', { stream: 'logs', retentionDays: 730, kmsKey: undefined });
    expect(edited).toBe(`${shipped}\nprod:\n  retentionDays: 730\n`);
    expect(editParameters(shipped, 'prod', { stream: 'logs' })).toBe(shipped);
  });

  it('change the section that is there, and no line beside it', () => {
    const before = `${shipped}\nprod:\n  # as the auditors ask\n  retentionDays: 731\n`;
    const after = editParameters(before, 'prod', { retentionDays: 800, stream: 'logs-prod' });
    expect(after).toBe(`${before.replace('731', '800')}  stream: logs-prod\n`);
  });

  it('take back what differed, to the value of every stage', () => {
    const before = `${shipped}\nprod:\n  retentionDays: 730\n`;
    expect(parse(editParameters(before, 'prod', { retentionDays: 395 })).prod).toEqual({ retentionDays: 395 });
  });

  it('read back as they were given, and change nothing twice', () => {
    const values = fc.record({ stream: fc.string(), retentionDays: fc.nat(), bucket: fc.string() });
    fc.assert(
      fc.property(values, (given) => {
        const once = editParameters(shipped, 'prod', given);
        const { default: every, prod = {} } = parse(once);
        expect({ ...every, ...prod }).toMatchObject(given);
        expect(editParameters(once, 'prod', given)).toBe(once);
      }),
    );
  });
});
