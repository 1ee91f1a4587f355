import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { landedLines, timeOf } from '../../../local/backtest/landedRows.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { fromBinary } from '../../../shared/text/binary.js';

async function linesOf(object: Readable): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of landedLines(object)) lines.push(...some.map(fromBinary));
  return lines;
}

it('reads members that were joined as one', async () => {
  const members = ['a\nb\n', 'c\n', 'grün\n'].map((text) => gzipSync(text));
  expect(await linesOf(Readable.from(members))).toEqual(['a', 'b', 'c', 'grün']);
});

it('says that an object is broken', async () => {
  const whole = gzipSync('a\n');
  await expect(linesOf(Readable.from([whole.subarray(0, -4)]))).rejects.toThrow(/end of file/);
});

it('says that an object could not be read to its end', async () => {
  const broken = new Readable({
    read() {
      this.destroy(new Error('the line was cut'));
    },
  });
  await expect(linesOf(broken)).rejects.toThrow('the line was cut');
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
