import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesIn } from '../../../local/backtest/lines.js';
import { fromBinary } from '../../../shared/text/binary.js';

it('reads lines whatever pieces they come in', async () => {
  const text = fc.string({ unit: 'binary' }).map((line) => line.replace(/[\n\uFFFD]/g, '.'));
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(text), fc.boolean(), cuts, async (lines, isEnded, at) => {
      const whole = Buffer.from(lines.join('\n') + (isEnded ? '\n' : ''));
      const places = [0, ...at.sort((a, b) => a - b), whole.length];
      async function* pieces() {
        for (let index = 1; index < places.length; index++) yield whole.subarray(places[index - 1], places[index]);
      }
      const read: string[] = [];
      for await (const some of linesIn(pieces())) read.push(...some);
      expect(read.map(fromBinary)).toEqual(
        Buffer.from(whole)
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      );
    }),
  );
});
