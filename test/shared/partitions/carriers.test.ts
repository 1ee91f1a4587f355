import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logTypes } from '../../../shared/line/schema/index.js';
import { assignCarriers } from '../../../shared/partitions/carriers.js';
import type { PartitionGroup } from '../../../shared/partitions/pool.js';
import type { ReadRecord } from '../../../shared/record/read.js';

const partition = { type: 'app' } as const;

const readRecords: fc.Arbitrary<ReadRecord[]> = fc
  .array(fc.constantFrom('lines', 'partition', 'failed'), { maxLength: 20 })
  .map((kinds) =>
    kinds.map((kind, index): ReadRecord => {
      const recordId = `record-${index}`;
      if (kind === 'partition')
        return { recordId, kind, partition, data: Buffer.from(`passed ${index}`).toString('base64'), bytes: 8 };
      return kind === 'lines' ? { recordId, kind, bytes: 1 } : { recordId, kind: 'failed', reason: 'broken' };
    }),
  );
const groups: fc.Arbitrary<PartitionGroup[]> = fc
  .array(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 3 }), { maxLength: 20 })
  .map((all) =>
    all.map((members, index) => ({
      partition: { type: logTypes[index % 3] ?? 'app' },
      members: members.map((member) => Buffer.from(member)),
      bytes: members.reduce((sum, { length }) => sum + length, 0),
    })),
  );

describe('assignCarriers', () => {
  it('answers each record once and in order, carries or leaves over each group once, within the budget', () => {
    fc.assert(
      fc.property(readRecords, groups, fc.integer({ min: 4000, max: 12_000 }), (records, all, budget) => {
        const { answers, leftOver } = assignCarriers(records, all, budget);
        expect(answers.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId));

        const carried = answers.filter((answer, index) => answer.result === 'Ok' && records[index]?.kind === 'lines');
        const delivered = [
          ...carried.map(({ data }) => data),
          ...leftOver.map(({ members }) => Buffer.concat(members).toString('base64')),
        ];
        expect(delivered.sort()).toEqual(all.map(({ members }) => Buffer.concat(members).toString('base64')).sort());

        for (const [index, record] of records.entries()) {
          const answer = answers[index];
          if (record.kind === 'failed') expect(answer?.result).toBe('ProcessingFailed');
          if (record.kind === 'partition')
            expect(answer).toMatchObject({ result: 'Ok', data: record.data, metadata: { partitionKeys: partition } });
        }
        expect(JSON.stringify({ records: answers }).length).toBeLessThanOrEqual(
          Math.max(budget, JSON.stringify({ records: assignCarriers(records, [], budget).answers }).length),
        );
      }),
    );
  });

  it('leaves over only what finds no record or no room', () => {
    const group = (bytes: number): PartitionGroup => ({ partition, members: [Buffer.alloc(bytes)], bytes });
    const records: ReadRecord[] = [
      { recordId: 'a', kind: 'lines', bytes: 1 },
      { recordId: 'b', kind: 'lines', bytes: 1 },
    ];
    expect(assignCarriers(records, [group(9), group(8), group(7)]).leftOver).toEqual([group(7)]);
    expect(assignCarriers(records, [group(9000), group(30)], 1000).leftOver).toEqual([group(9000)]);
  });
});
