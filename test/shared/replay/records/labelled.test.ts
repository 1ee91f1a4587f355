import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firehose } from '../../../../shared/limits.js';
import { decodeRecord } from '../../../../shared/record/decode.js';
import { labelMember, readLabel } from '../../../../shared/record/label.js';
import { type Labelling, labelled } from '../../../../shared/replay/records/labelled.js';

const object = { bucket: 'logs', key: 'failed/a', etag: '"e"', size: 1, modified: 1_764_000_000_000 };
const partition = { type: 'access' } as const;
const row = '{"ts":"2026-11-22 16:41:02.000","message":"a","record":"79cb5MCQ3Ft63A3psr5LG","line":1}\n';
const by: Labelling = { alerts: 'off', keys: ['new', 'old'] };

function dataOf(data: Buffer, position = 0, labelling = by): Buffer {
  const made = labelled({ data, arrival: 5 }, object, position, labelling);
  if ('problem' in made) throw new Error(made.problem);
  return made.data;
}

describe('labelled', () => {
  it('changes nothing of what a record holds, and says what becomes of it, so that it fits the stream', () => {
    const forms = fc.constantFrom(
      (text: Buffer) => text,
      (text: Buffer) => gzipSync(text),
      (text: Buffer) => Buffer.concat([gzipSync(text), gzipSync(text), Buffer.alloc(3)]),
    );
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 500 }),
        forms,
        fc.constantFrom('off', 'shadow', 'send'),
        (text, form, alerts) => {
          const data = form(Buffer.from(text));
          const before = decodeRecord(data.toString('base64'), []);
          const after = decodeRecord(dataOf(data, 3, { ...by, alerts }).toString('base64'), by.keys);
          expect(after).toEqual({
            ...before,
            identity: { name: expect.stringMatching(/^[\w-]{16}$/), time: 5 },
            alerts,
          });
        },
      ),
    );
  });

  it('names a record by its object and its place there, however often', () => {
    const name = (position: number) => readLabel(dataOf(Buffer.from('a'), position), ['new'])?.label;
    expect(name(1)).toEqual(name(1));
    expect(name(1)).not.toEqual(name(2));
  });

  it('keeps the name of a record that had one, with what is asked for now', () => {
    const once = dataOf(gzipSync('a'));
    const again = labelled({ data: once }, { ...object, key: 'failed/b' }, 7, {
      alerts: 'send',
      keys: ['newer', 'new'],
    });
    expect('data' in again && readLabel(again.data, ['newer'])).toEqual({
      kind: 'ours',
      label: { ...readLabel(once, ['new'])?.label, alerts: 'send' },
    });
  });

  it('believes no name that was signed by somebody else', () => {
    const identity = { name: 'AAAAAAAAAAAAAAAA', time: 1 };
    const forged = labelMember(gzipSync('a'), { kind: 'replay', identity, alerts: 'off' }, 'guessed');
    expect(readLabel(dataOf(forged), ['new'])).toMatchObject({ kind: 'ours', label: { identity: { time: 5 } } });
    expect(gunzipSync(dataOf(forged)).toString()).toBe('a');
  });

  it('leaves the rows of a partition as they are, whoever has signed them', () => {
    for (const key of ['new', 'another']) {
      const rows = labelMember(gzipSync('{}\n'), { kind: 'partition', partition }, key);
      expect(dataOf(rows)).toEqual(rows);
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'the record is empty'],
    ['broken gzip', gzipSync('aaaa').subarray(0, 15), 'the gzip data is broken'],
    ['rows of the transform', gzipSync(row), 'it holds rows of the transform'],
    ['zstd', Buffer.from('28b52ffd2000', 'hex'), 'the data is compressed with zstd'],
  ])('says why %s can not be put back', (_, data, problem) => {
    expect(labelled({ data }, object, 0, by)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('compresses harder what leaves no room for a label, and says when that is in vain', () => {
    const text = `${randomBytes(600_000).toString('hex')}\n`;
    const large = gzipSync(text, { level: 1 });
    const padded = Buffer.concat([gzipSync(text, { level: 0 }).subarray(0, 0), large]);
    expect(dataOf(padded).length).toBeLessThanOrEqual(firehose.maxRecordBytes);
    const random = gzipSync(randomBytes(firehose.maxRecordBytes - 400));
    expect(labelled({ data: random }, object, 0, by)).toMatchObject({ problem: expect.stringContaining('no room') });
  });
});
