import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Batch, batchesOf, type Considered } from '../../../shared/forward/batches.js';
import { httpForm } from '../../../shared/forward/forms/http.js';

const form = httpForm({});

const considered = fc.oneof(
  { weight: 5, arbitrary: fc.nat(300).map((length) => ({ kind: 'row', length }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unwanted' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unreadable' } as const) },
);

type Given =
  | { readonly kind: 'row'; readonly length: number }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'unreadable' };

async function* rowsOf(given: readonly Given[]): AsyncGenerator<Considered> {
  for (const [number, each] of given.entries()) {
    if (each.kind === 'unwanted') yield { kind: 'unwanted' };
    else if (each.kind !== 'row') yield { kind: 'unreadable', line: Buffer.from(`${number}`) };
    else {
      const columns = { number, text: 'x'.repeat(each.length) };
      yield { kind: 'row', row: { type: 'app', ts: undefined, id: `${number}`, columns } };
    }
  }
}

async function batches(...args: Parameters<typeof batchesOf>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batchesOf(...args)) all.push(batch);
  return all;
}

describe('batchesOf', () => {
  it('keeps to the room, keeps the order, and loses nothing, from wherever it begins', async () => {
    const rooms = fc.record({
      maxEntries: fc.integer({ min: 1, max: 10 }),
      maxBytes: fc.integer({ min: 1, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(considered, { maxLength: 60 }), rooms, fc.nat(60), async (given, room, from) => {
        const all = await batches(rowsOf(given), form, room, from);
        const wanted = [...given.keys()].filter((number) => number >= from);
        const numbers = (kind: string) => wanted.filter((number) => given[number]?.kind === kind);
        expect(all.flatMap(({ entries }) => entries.map(({ number }) => number))).toEqual(numbers('row'));
        expect(all.flatMap(({ unreadable }) => unreadable.map(({ number }) => number))).toEqual(numbers('unreadable'));
        expect(all.reduce((sum, { unwanted }) => sum + unwanted, 0)).toBe(numbers('unwanted').length);
        // Each ends where the next one begins, and the last with the object.
        if (wanted.length > 0) expect(all.at(-1)?.end).toBe(given.length);
        for (const [at, { entries, end }] of all.entries()) {
          expect(entries.every(({ number }) => number < end && number >= (all[at - 1]?.end ?? from))).toBe(true);
          expect(entries.length).toBeLessThanOrEqual(room.maxEntries);
          const bytes = Buffer.byteLength(form.body(entries));
          if (entries.length > 1) expect(bytes).toBeLessThanOrEqual(room.maxBytes);
        }
      }),
    );
  });

  it('fills requests as far as the room goes', async () => {
    const given = Array.from({ length: 25 }, () => ({ kind: 'row', length: 10 }) as const);
    const all = await batches(rowsOf(given), form, { maxEntries: 10, maxBytes: 100_000 }, 0);
    expect(all.map(({ entries }) => entries.length)).toEqual([10, 10, 5]);
  });
});
