import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEntries, type Entry, encodeEntry } from '../../../../local/firehose/stream/entry.js';

const data = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const sequence = fc.integer({ min: 1, max: 1e9 });
const arrival = fc.integer({ min: 0, max: 2e12 });
const object = fc.record(
  { bucket: fc.string(), staged: fc.uuid(), key: fc.string({ unit: 'grapheme' }), contentEncoding: fc.string() },
  { requiredKeys: ['bucket', 'staged', 'key'] },
);
const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant('opened' as const), nextSequence: sequence }),
  fc.record({
    kind: fc.constant('accepted' as const),
    records: fc.array(fc.record({ sequence, arrival, data }), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('accepted' as const),
    records: fc.array(fc.record({ sequence, arrival, data }), { maxLength: 4 }),
    invocations: fc.array(fc.uuid(), { minLength: 1, maxLength: 3 }),
    backup: fc.constant(true as const),
  }),
  fc.record({ kind: fc.constant('sealed' as const), batch: sequence, records: fc.array(sequence) }),
  fc.record({
    kind: fc.constant('transformed' as const),
    batch: sequence,
    invocations: fc.array(fc.uuid(), { maxLength: 4 }),
    outputs: fc.array(
      fc.record({
        sequence,
        arrival,
        kind: fc.constantFrom('lines' as const, 'failure' as const),
        prefix: fc.string({ unit: 'grapheme' }),
        data,
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: fc.constant('delivered' as const), outputs: fc.array(sequence), object }),
  fc.record({ kind: fc.constant('backedUp' as const), records: fc.array(sequence), object }),
);

const encoded = (entries: readonly Entry[]) => entries.map((entry) => Buffer.concat(encodeEntry(entry)));

describe('the journal entry codec', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), (entries) => {
        const bytes = Buffer.concat(encoded(entries));
        expect(decodeEntries(bytes)).toEqual({ entries, length: bytes.length });
      }),
    );
  });

  it('recovers exactly the whole entries of a journal that is cut at any byte', () => {
    fc.assert(
      fc.property(
        fc.array(anyEntry, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (entries, at) => {
          const frames = encoded(entries);
          const bytes = Buffer.concat(frames);
          const cut = Math.floor(bytes.length * at);
          let whole = 0;
          let length = 0;
          for (const frame of frames) {
            if (length + frame.length > cut) break;
            length += frame.length;
            whole++;
          }
          expect(decodeEntries(bytes.subarray(0, cut))).toEqual({ entries: entries.slice(0, whole), length });
        },
      ),
    );
  });

  it('stops before an entry with any damaged byte', () => {
    fc.assert(
      fc.property(
        fc.array(anyEntry, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (entries, at, flip) => {
          const frames = encoded(entries);
          const bytes = Buffer.concat(frames);
          const place = Math.floor(bytes.length * at);
          bytes.writeUInt8(bytes.readUInt8(place) ^ flip, place);
          let end = 0;
          const damaged = frames.findIndex((frame) => {
            end += frame.length;
            return place < end;
          });
          expect(decodeEntries(bytes).entries).toEqual(entries.slice(0, damaged));
        },
      ),
    );
  });

  it('takes the zeros behind a power cut for a torn tail', () => {
    const frame = Buffer.concat(encodeEntry({ kind: 'opened', nextSequence: 7 }));
    const decoded = decodeEntries(Buffer.concat([frame, Buffer.alloc(4096)]));
    expect(decoded).toEqual({ entries: [{ kind: 'opened', nextSequence: 7 }], length: frame.length });
  });
});
