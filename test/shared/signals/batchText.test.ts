import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqs } from '../../../shared/limits.js';
import { readBatch, writeBatch } from '../../../shared/signals/batchText.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';

function batchOf(keys: readonly string[]): SignalBatch {
  const [first, last] = [1_764_000_000_000, 1_764_000_001_000];
  const signals = keys.map((key) => ({
    rule: 'r',
    key,
    labels: { service: key },
    bucket: first,
    count: 1,
    first,
    last,
    samples: [],
  }));
  return { version: 1, id: 'b', messages: 1, signals };
}

function compressed(text: string): string {
  return JSON.stringify({ version: 2, brotli: brotliCompressSync(text).toString('base64') });
}

describe('the text of a batch of signals', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.boolean(), (keys, isLarge) => {
        const batch = batchOf(isLarge ? [...keys, 'x'.repeat(sqs.billedTogether)] : keys);
        expect(readBatch(writeBatch(batch))).toEqual(batch);
      }),
    );
  });

  it('is JSON for as long as it is billed as one request', () => {
    const batch = batchOf(['web']);
    expect(JSON.parse(writeBatch(batch))).toEqual(batch);
  });

  it('is compressed above that', () => {
    const batch = batchOf(Array.from({ length: 1500 }, (_, index) => `service-${index}`));
    expect(JSON.stringify(batch).length).toBeGreaterThan(sqs.billedTogether);
    expect(writeBatch(batch).length).toBeLessThan(sqs.billedTogether / 2);
    expect(writeBatch(batch)).toMatch(/^\{"version":2,/);
  });

  it('stays JSON where it compresses to nothing less, and so fits a message that its JSON fits', () => {
    // Of 90 characters: what base64 adds to it takes more than compression of these saves.
    const printable = (byte: number) => String.fromCharCode(35 + (byte % 90)).replace('\\', '~');
    const noise = Array.from({ length: 3000 }, (_, index) =>
      [...createHash('sha256').update(`${index}`).digest()].map(printable).join(''),
    );
    const { signals, ...rest } = batchOf(['web']);
    const batch = { ...rest, signals: signals.map((signal) => ({ ...signal, key: noise.join('') })) };
    expect(writeBatch(batch)).toBe(JSON.stringify(batch));
    expect(readBatch(writeBatch(batch))).toEqual(batch);
  });

  it('is compressed up to the largest batch that fits a message as JSON', () => {
    const room = sqs.maxMessageBytes - JSON.stringify(batchOf([''])).length;
    // The key is in its labels as well.
    const batch = batchOf(['x'.repeat(Math.floor(room / 2))]);
    expect(JSON.stringify(batch).length).toBeGreaterThan(sqs.maxMessageBytes - 2);
    expect(writeBatch(batch)).toMatch(/^\{"version":2,/);
    expect(readBatch(writeBatch(batch))).toEqual(batch);
  });

  it('is read as versions before wrote it, whatever its size', () => {
    const batch = batchOf(['x'.repeat(sqs.billedTogether)]);
    expect(readBatch(JSON.stringify(batch))).toEqual(batch);
  });

  it.each([
    ['no JSON', 'hello'],
    ['another version', '{"version":3,"id":"b","signals":[]}'],
    ['no signals', '{"version":1,"id":"b"}'],
    ['null', 'null'],
    ['what is not compressed', '{"version":2,"brotli":"hello"}'],
    ['compressed text that is no batch', compressed('[]')],
    ['what is compressed twice', compressed(compressed(JSON.stringify(batchOf([]))))],
    ['more than a message may hold', compressed(JSON.stringify(batchOf(['x'.repeat(sqs.maxMessageBytes)])))],
  ])('is not %s, which is not quoted', (_, text) => {
    expect(() => readBatch(text)).toThrow(/^the message is not a signal batch of version 1 or 2;/);
  });
});
