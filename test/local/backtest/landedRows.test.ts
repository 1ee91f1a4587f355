import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { landedLines, timeOf } from '../../../local/backtest/landedRows.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { fromBinary } from '../../../shared/text/binary.js';

async function linesOf(object: Readable, key = 'a.json.gz'): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of landedLines(object, key)) lines.push(...some.map(fromBinary));
  return lines;
}

it('reads members that were joined as one', async () => {
  const members = ['a\nb\n', 'c\n', 'grün\n'].map((text) => gzipSync(text));
  expect(await linesOf(Readable.from(members))).toEqual(['a', 'b', 'c', 'grün']);
});

it('reads an object that is not gzipped', async () => {
  expect(await linesOf(Readable.from([Buffer.from('a\ngr'), Buffer.from('ün\n')]), 'a.json')).toEqual(['a', 'grün']);
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

describe.each(['a.json.gz', 'a.json'])('an object %s that fails before it is read', (key) => {
  const failing = (when: 'before' | 'behind') => {
    const object = new Readable({ read: () => undefined });
    // An error of a destroyed stream is thrown where nobody listens.
    if (when === 'before') object.on('error', () => undefined).destroy(new Error('the line was cut'));
    const lines = landedLines(object, key);
    if (when === 'behind') object.destroy(new Error('the line was cut'));
    return { object, lines };
  };

  it.each(['before', 'behind'] as const)('says so to its reader, %s it is opened', async (when) => {
    const { object, lines } = failing(when);
    if (!object.closed) await finished(object).catch(() => undefined);
    await expect(lines.next()).rejects.toThrow('the line was cut');
  });

  it('is nobody’s error when it has no reader', async () => {
    const { object } = failing('behind');
    // An error that nobody takes ends the process, and this test with it. To listen here would be to take it.
    while (!object.closed) await new Promise(setImmediate);
    expect(object.errored?.message).toBe('the line was cut');
  });
});

it('closes an object that is not read to its end', async () => {
  const object = Readable.from([gzipSync('a\n'), gzipSync('b\n')]);
  for await (const _ of landedLines(object, 'a.json.gz')) break;
  if (!object.closed) await finished(object).catch(() => undefined);
  expect(object.destroyed).toBe(true);
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
