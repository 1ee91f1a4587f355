import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readLines, timeOf } from '../../../local/backtest/storedRows.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { fromBinary } from '../../../shared/text/binary.js';

async function linesOf(...members: string[]) {
  const lines: string[] = [];
  const bytes = await readLines(Readable.from(members.map((member) => gzipSync(member))), (line) =>
    lines.push(fromBinary(line)),
  );
  return { lines, bytes };
}

it('reads members that were joined as one', async () => {
  expect(await linesOf('a\nb\n', 'c\n', 'grün\n')).toEqual({ lines: ['a', 'b', 'c', 'grün'], bytes: 12 });
});

it('reads lines whatever pieces they come in', async () => {
  const text = fc.string({ unit: 'binary' }).map((line) => line.replace(/[\n\uFFFD]/g, '.'));
  // Lines longer than the pieces that are inflated at a time.
  const line = fc.oneof({ weight: 20, arbitrary: text }, fc.constantFrom('ü'.repeat(200_000), 'x'.repeat(600_000)));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(line, { minLength: 1 }), { minLength: 1 }), async (members) => {
      const { lines } = await linesOf(...members.map((each) => `${each.join('\n')}\n`));
      expect(lines).toEqual(members.flat().filter((each) => each !== ''));
    }),
    { numRuns: 30 },
  );
});

it('says that an object is broken', async () => {
  const whole = gzipSync('a\n');
  await expect(readLines(Readable.from([whole.subarray(0, -4)]), () => undefined)).rejects.toThrow(/end of file/);
});

it('reads the time of a row as it was written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { minLength: 1 }), (times) => {
      for (const time of times) expect(timeOf(`{"ts":"${formatTimestamp(time)}","service":"a"}`)).toBe(time);
    }),
  );
});

it.each(['', '{}', '{"message":"{\\"ts\\""}', '{"ts":"soon"}', '{"ts":null}'])('finds no time in %j', (line) => {
  expect(timeOf(line)).toBeNaN();
});
