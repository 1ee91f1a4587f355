import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backupRecords } from '../../../../shared/replay/records/backupRecords.js';
import { chunksOf } from '../../../helpers/replayWorld.js';

async function read(body: Buffer): Promise<{ members: Buffer[]; problems: string[] }> {
  const [members, problems]: [Buffer[], string[]] = [[], []];
  for await (const found of backupRecords(chunksOf(body))) {
    if ('problem' in found) problems.push(found.problem);
    else members.push(found.data);
  }
  return { members, problems };
}

/** Lines of text, as one record. */
const text = fc
  .array(
    fc.string({ unit: 'grapheme', maxLength: 40 }).map((line) => line.replace(/[\0\n]/g, ' ')),
    { minLength: 1, maxLength: 5 },
  )
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

/** How a collector sends it. */
const forms = {
  plain: (content: string) => Buffer.from(content),
  gzip: (content: string) => gzipSync(content),
  padded: (content: string) => Buffer.concat([gzipSync(content), Buffer.alloc(5)]),
  named: (content: string) => withName(gzipSync(content)),
};

/** With the file's name in its header, as `gzip` writes it. */
function withName(member: Buffer): Buffer {
  const header = Buffer.from(member.subarray(0, 10));
  header[3] = 8;
  return Buffer.concat([header, Buffer.from('app.log\0'), member.subarray(10)]);
}

const records = fc.array(fc.tuple(text, fc.constantFrom(...(Object.keys(forms) as (keyof typeof forms)[]))), {
  minLength: 1,
  maxLength: 8,
});

describe('backupRecords', () => {
  it('gives all that was joined in its order, and each gzip member as it was, compressed once more or not', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.boolean(), async (all, isCompressed) => {
        const joined = Buffer.concat(all.map(([content, form]) => forms[form](content)));
        const { members, problems } = await read(isCompressed ? gzipSync(joined) : joined);
        expect(problems).toEqual([]);
        expect(members.map((member) => gunzipSync(member).toString()).join('')).toBe(
          all.map(([content]) => content).join(''),
        );
        const sent = all.filter(([, form]) => form === 'gzip').map(([content]) => gzipSync(content).toString('base64'));
        // With nothing beside it, a member that was compressed once more looks like one that was not.
        if (all.length > 1)
          expect(members.map((member) => member.toString('base64'))).toEqual(expect.arrayContaining(sent));
      }),
    );
  });

  it('says that a member is broken and goes on with the next one', async () => {
    const broken = gzipSync('b'.repeat(1000));
    broken.fill(0xff, 12, 18);
    const { members, problems } = await read(Buffer.concat([gzipSync('a\n'), broken, gzipSync('c\n')]));
    expect(members.map((member) => gunzipSync(member).toString())).toEqual(['a\n', 'c\n']);
    expect(problems).toEqual([expect.stringContaining('a gzip member is broken')]);
  });

  it('cuts text that no record could hold', async () => {
    const randomLines = Array.from({ length: 2000 }, () => `${randomBytes(400).toString('hex')}\n`).join('');
    const { members } = await read(gzipSync(randomLines));
    expect(members.map((member) => gunzipSync(member).toString()).join('')).toBe(randomLines);
    for (const member of members) expect(member.length).toBeLessThan(1_024_000);
  });
});
