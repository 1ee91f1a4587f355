import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gunzip, gzipMember, isGzip, labelMember, readLabel } from '../../../shared/record/gzip.js';

const partition = { type: 'access' } as const;
const key = 'a key of the deployment';

describe('a labelled member', () => {
  it('carries its partition and stays the same gzip file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(1, 6, 9), async (bytes, level) => {
        const labelled = labelMember(await gzipMember(bytes, level), partition, key);
        expect(readLabel(labelled, ['a newer key', key])).toEqual({ kind: 'ours', partition });
        expect(readLabel(labelled, ['another key'])).toEqual({ kind: 'forged' });
        expect(gunzipSync(labelled)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('can be concatenated with others', async () => {
    const member = await gzipMember(Buffer.from('a\n'), 6);
    expect(gunzip(Buffer.concat([labelMember(member, partition, key), member])).toString()).toBe('a\na\n');
  });

  it('is told from any other data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) =>
        expect(readLabel(Buffer.from(bytes), [key])).toBeUndefined(),
      ),
    );
    expect(readLabel(gzipSync('x'), [key])).toBeUndefined();
  });

  it('is read from no cut or changed header', async () => {
    const labelled = labelMember(await gzipMember(Buffer.from('x'), 6), partition, key);
    const headerLength = labelled.indexOf('type=access ') + 'type=access '.length + 64;
    for (let end = 0; end < headerLength; end++) expect(readLabel(labelled.subarray(0, end), [key])).toBeUndefined();
    // The header's magic, flags and length, and the subfield's id and length; the rest of the header is the time and the like.
    for (const at of [0, 1, 2, 3, 10, 11, 12, 13, 14, 15]) {
      const changed = Buffer.from(labelled);
      changed[at] = (changed[at] as number) ^ 1;
      expect([at, readLabel(changed, [key])]).toEqual([at, undefined]);
    }
    for (const other of ['debug', 'access/dt=2026-11-22/hour=16', '../../../etc/passwd']) {
      expect(readLabel(labelMember(gzipSync('x'), { type: other as 'app' }, key), [key])).toBeUndefined();
    }
  });
});

describe('the signature of a label', () => {
  it('is broken by any other byte in the member or its partition', async () => {
    const labelled = labelMember(await gzipMember(Buffer.from('{"message":"a"}\n'), 6), partition, key);
    const start = labelled.indexOf('type=');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: labelled.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = Buffer.from(labelled);
          changed[at] = (changed[at] as number) ^ by;
          expect(readLabel(changed, [key])?.kind).not.toBe('ours');
        },
      ),
    );
  });

  it('is believed by nobody without a key', async () => {
    const labelled = labelMember(await gzipMember(Buffer.from('x'), 6), partition, '');
    expect(readLabel(labelled, [])).toEqual({ kind: 'forged' });
  });
});

describe('gunzip', () => {
  it('reads all members, whatever NUL padding stands between and behind them', () => {
    const padded = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(20));
    fc.assert(
      fc.property(fc.array(padded, { minLength: 1, maxLength: 5 }), (members) => {
        const data = Buffer.concat(members.flatMap(([bytes, padding]) => [gzipSync(bytes), Buffer.alloc(padding)]));
        expect(gunzip(data)).toEqual(Buffer.concat(members.map(([bytes]) => bytes)));
      }),
    );
  });

  it.each([
    ['text behind the member', Buffer.concat([gzipSync('a'), Buffer.from('text')])],
    ['text behind padding', Buffer.concat([gzipSync('a'), Buffer.alloc(3), Buffer.from('text')])],
    ['a cut member behind padding', Buffer.concat([gzipSync('a'), Buffer.alloc(3), gzipSync('b').subarray(0, 12)])],
  ])('refuses %s', (_, data) => {
    expect(() => gunzip(data)).toThrow();
  });

  it('bounds what all members together inflate to', () => {
    const half = gzipSync(Buffer.alloc(33 * 1024 * 1024));
    expect(() => gunzip(Buffer.concat([half, Buffer.alloc(2), half]))).toThrow(/larger than/);
  });
});

it('isGzip looks at the magic bytes', () => {
  expect(isGzip(gzipSync(''))).toBe(true);
  expect(isGzip(Buffer.from('{"log":"plain text"}'))).toBe(false);
});

it('refuses what inflates beyond reason', () => {
  expect(() => gunzip(gzipSync(Buffer.alloc(65 * 1024 * 1024)))).toThrow(/larger than/);
});
