import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from '../../../local/meter/lines.js';

const line = fc.string({ minLength: 1, maxLength: 9000 }).map((text) => `${text.replaceAll('\n', ' ')}\n`);

describe('linesOf', () => {
  it('finds the same lines however they are put into records', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const rawBytes = Buffer.byteLength(lines.join(''));
        const billedBytes = lines.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 5120) * 5120, 0);
        const found = { lines: lines.length, rawBytes, billedBytes };
        const aggregate = gzipSync(lines.join(''));
        expect(await linesOf(lines.map((text) => Buffer.from(text)))).toEqual({ ...found, sentBytes: rawBytes });
        expect(await linesOf([aggregate])).toEqual({ ...found, sentBytes: aggregate.length });
        const members = Buffer.concat(lines.map((text) => gzipSync(text)));
        expect(await linesOf([members])).toEqual({ ...found, sentBytes: members.length });
      }),
      { numRuns: 30 },
    );
  });

  it('takes a record without a newline for a line, and no blank line for one', async () => {
    expect(await linesOf([Buffer.from('a'), Buffer.from('b\nc\n\n')])).toMatchObject({ lines: 3, rawBytes: 5 });
  });

  it('takes what is broken as it is', async () => {
    const cut = gzipSync('a line\n'.repeat(1000)).subarray(0, 20);
    const found = await linesOf([cut]);
    expect(found.sentBytes).toBe(20);
    expect(found.rawBytes).toBe(20);
  });
});
