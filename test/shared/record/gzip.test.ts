import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gunzip, gzipMember, isGzip, labelMember, readLabel } from '../../../shared/record/gzip.js';

const partition = { type: 'access', dt: '2026-11-22', hour: '16' } as const;

describe('a labelled member', () => {
  it('carries its partition and stays the same gzip file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(1, 6, 9), async (bytes, level) => {
        const labelled = labelMember(await gzipMember(bytes, level), partition);
        expect(readLabel(labelled)).toEqual(partition);
        expect(gunzipSync(labelled)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('can be concatenated with others', async () => {
    const member = await gzipMember(Buffer.from('a\n'), 6);
    expect(gunzip(Buffer.concat([labelMember(member, partition), member])).toString()).toBe('a\na\n');
  });

  it('is told from any other data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => expect(readLabel(Buffer.from(bytes))).toBeUndefined()),
    );
    expect(readLabel(gzipSync('x'))).toBeUndefined();
  });

  it('is read from no cut or changed header', async () => {
    const labelled = labelMember(await gzipMember(Buffer.from('x'), 6), partition);
    const headerLength = labelled.indexOf('hour=16') + 'hour=16'.length;
    for (let end = 0; end < headerLength; end++) expect(readLabel(labelled.subarray(0, end))).toBeUndefined();
    for (const other of ['type=debug/dt=2026-11-22/hour=16', '../../../etc/passwd']) {
      expect(readLabel(labelMember(gzipSync('x'), { type: other as 'app', dt: '', hour: '' }))).toBeUndefined();
    }
  });
});

it('isGzip looks at the magic bytes', () => {
  expect(isGzip(gzipSync(''))).toBe(true);
  expect(isGzip(Buffer.from('{"log":"plain text"}'))).toBe(false);
});

it('refuses what inflates beyond reason', () => {
  expect(() => gunzip(gzipSync(Buffer.alloc(65 * 1024 * 1024)))).toThrow(/larger than/);
});
