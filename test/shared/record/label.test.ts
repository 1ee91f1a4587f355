import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gunzip, gzipMember } from '../../../shared/record/gzip.js';
import { alertModes, type Label, labelMember, readLabel, withoutLabel } from '../../../shared/record/label.js';

const label: Label = { kind: 'partition', partition: { type: 'access' } };
const key = 'a key of the deployment';

describe('a labelled member', () => {
  it('carries its partition and stays the same gzip file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.constantFrom(1, 6, 9), async (bytes, level) => {
        const labelled = labelMember(await gzipMember(bytes, level), label, key);
        expect(readLabel(labelled, ['a newer key', key])).toEqual({ kind: 'ours', label });
        expect(readLabel(labelled, ['another key'])).toEqual({ kind: 'forged', label });
        expect(gunzipSync(labelled)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('can be concatenated with others', async () => {
    const member = await gzipMember(Buffer.from('a\n'), 6);
    expect(gunzip(Buffer.concat([labelMember(member, label, key), member])).toString()).toBe('a\na\n');
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
    const labelled = labelMember(await gzipMember(Buffer.from('x'), 6), label, key);
    const headerLength = labelled.indexOf('type=access ') + 'type=access '.length + 64;
    for (let end = 0; end < headerLength; end++) expect(readLabel(labelled.subarray(0, end), [key])).toBeUndefined();
    // The header's magic, flags and length, and the subfield's id and length; the rest of the header is the time and the like.
    for (const at of [0, 1, 2, 3, 10, 11, 12, 13, 14, 15]) {
      const changed = Buffer.from(labelled);
      changed[at] = (changed[at] as number) ^ 1;
      expect([at, readLabel(changed, [key])]).toEqual([at, undefined]);
    }
    for (const other of ['debug', 'access/dt=2026-11-22/hour=16', '../../../etc/passwd']) {
      expect(
        readLabel(labelMember(gzipSync('x'), { kind: 'partition', partition: { type: other as 'app' } }, key), [key]),
      ).toBeUndefined();
    }
  });
});

describe('the signature of a label', () => {
  it('is broken by any other byte in the member or its partition', async () => {
    const labelled = labelMember(await gzipMember(Buffer.from('{"message":"a"}\n'), 6), label, key);
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
    const labelled = labelMember(await gzipMember(Buffer.from('x'), 6), label, '');
    expect(readLabel(labelled, [])).toEqual({ kind: 'forged', label });
  });
});

describe('a label', () => {
  const labels: fc.Arbitrary<Label> = fc.oneof(
    fc.constant(label),
    fc.record({
      kind: fc.constant('replay' as const),
      alerts: fc.constantFrom(...alertModes),
      identity: fc.record({ name: fc.stringMatching(/^[\w-]{16}$/), time: fc.nat(2_000_000_000_000) }),
    }),
  );

  it('of any kind is read as it was written, and goes without a trace', () => {
    fc.assert(
      fc.property(labels, fc.uint8Array({ maxLength: 200 }), (written, bytes) => {
        const member = gzipSync(bytes);
        const labelled = labelMember(member, written, key);
        expect(readLabel(labelled, [key])).toEqual({ kind: 'ours', label: written });
        expect(gunzipSync(withoutLabel(labelled))).toEqual(Buffer.from(bytes));
        expect(withoutLabel(labelled).length).toBe(member.length);
      }),
    );
  });
});
