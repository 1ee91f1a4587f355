import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firehose } from '../../../shared/limits.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import { PartitionPool } from '../../../shared/partitions/pool.js';
import { toBinary } from '../../../shared/text/binary.js';

it('gives every row back, in order, in its partition', async () => {
  const rows = fc.array(fc.tuple(fc.constantFrom(...logTypes), fc.json()), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(rows, async (all) => {
      const pool = new PartitionPool(1);
      for (const [type, row] of all) pool.add(type, toBinary(row));
      const groups = await pool.close();
      const expected = new Map<string, string>();
      for (const [type, row] of all) expected.set(type, `${expected.get(type) ?? ''}${row}\n`);
      expect(
        new Map(
          groups.map(({ partition: { type }, members }) => [type, gunzipSync(Buffer.concat(members)).toString()]),
        ),
      ).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it('cuts members that fit a record, and sorts the largest partition first', async () => {
  const pool = new PartitionPool(6);
  pool.add('app', '{}');
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251)).toString('base64');
  for (let row = 0; row < 20; row++) pool.add('error', JSON.stringify(noise));
  const [first, second] = await pool.close();
  expect(first?.partition.type).toBe('error');
  expect(first?.members.length).toBeGreaterThan(2);
  expect(Math.max(...(first?.members ?? []).map(({ length }) => length))).toBeLessThan(firehose.maxRecordBytes);
  expect(first?.bytes).toBe(first?.members.reduce((sum, { length }) => sum + length, 0));
  expect(second?.partition.type).toBe('app');
});
