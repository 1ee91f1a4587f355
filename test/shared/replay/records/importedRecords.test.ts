import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firehose } from '../../../../shared/limits.js';
import { importedRecords } from '../../../../shared/replay/records/importedRecords.js';
import { chunksOf } from '../../../helpers/replayWorld.js';

async function read(body: Buffer): Promise<{ contents: string[]; problems: string[] }> {
  const [contents, problems]: [string[], string[]] = [[], []];
  for await (const found of importedRecords(chunksOf(body, 65_536))) {
    if ('problem' in found) problems.push(found.problem);
    else {
      expect(found.data.length).toBeLessThan(firehose.maxRecordBytes);
      contents.push(gunzipSync(found.data).toString('latin1'));
    }
  }
  return { contents, problems };
}

describe('importedRecords', () => {
  it('loses no byte, and cuts at line ends alone', async () => {
    const line = fc
      .tuple(fc.string({ maxLength: 20 }), fc.constantFrom(1, 10, 20_000))
      .map(([text, times]) => text.replace(/\n/g, ' ').repeat(times));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), fc.boolean(), async (lines, isGzip, hasEnd) => {
        const body = Buffer.from(lines.join('\n') + (hasEnd ? '\n' : ''));
        const { contents, problems } = await read(isGzip ? gzipSync(body) : body);
        expect(problems).toEqual([]);
        expect(contents.join('')).toBe(body.toString('latin1'));
        for (const content of contents.slice(0, -1)) expect(content.endsWith('\n')).toBe(true);
      }),
    );
  });

  it('puts thousands of lines into a record', async () => {
    const body = Buffer.from('2026-11-22T16:41:02Z GET /cart 200\n'.repeat(100_000));
    expect((await read(body)).contents).toHaveLength(4);
  });

  it('says that a line is too long, and takes the others', async () => {
    const long = randomBytes(1_100_000).toString('latin1').replaceAll('\n', ' ');
    const { contents, problems } = await read(Buffer.from(`a\n${long}\nb\n`, 'latin1'));
    expect(contents).toEqual(['a\n', 'b\n']);
    expect(problems).toEqual(['a line is longer than a record of Firehose']);
  });
});
