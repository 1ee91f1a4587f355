import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import snappy from 'snappyjs';
import { compress, contentEncoding } from '../../../../local/firehose/delivery/compression.js';

const chunks = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.integer({ min: 0, max: 70_000 }).map((length) => Buffer.alloc(length, 'a line of a log\n')),
  ),
  { maxLength: 6 },
);

const uncompress = {
  UNCOMPRESSED: (bytes: Buffer) => bytes,
  GZIP: (bytes: Buffer) => gunzipSync(bytes),
  ZIP: (bytes: Buffer) => Buffer.concat(Object.values(unzipSync(bytes))),
  Snappy: (bytes: Buffer) => {
    expect(bytes.subarray(0, 16).toString('latin1')).toBe('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01');
    return blocks(bytes.subarray(16), 4);
  },
  HADOOP_SNAPPY: (bytes: Buffer) => blocks(bytes, 8),
};

/** Blocks behind one length (compressed) or two (uncompressed, compressed). */
function blocks(bytes: Buffer, headerBytes: 4 | 8): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const start = offset + headerBytes;
    const end = start + bytes.readUInt32BE(start - 4);
    const block = snappy.uncompress(bytes.subarray(start, end));
    if (headerBytes === 8) expect(bytes.readUInt32BE(offset)).toBe(block.length);
    expect(block.length).toBeLessThanOrEqual(32 * 1024);
    parts.push(block);
    offset = end;
  }
  return Buffer.concat(parts);
}

describe('compress', () => {
  it.each([
    ['UNCOMPRESSED', undefined],
    ['GZIP', 'gzip'],
    ['ZIP', 'zip'],
    ['Snappy', 'snappy-java'],
    ['HADOOP_SNAPPY', 'hadoop-snappy'],
  ] as const)('%s holds the chunks end to end, with Content-Encoding %s', async (compression, encoding) => {
    expect(contentEncoding(compression)).toBe(encoding);
    await fc.assert(
      fc.asyncProperty(chunks, async (given) => {
        const compressed = Buffer.concat(await compress(given, compression));
        expect(uncompress[compression](compressed).equals(Buffer.concat(given))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('puts one file with a UUID for its name into a ZIP', async () => {
    const [archive = Buffer.alloc(0)] = await compress([Buffer.from('x')], 'ZIP');
    expect(Object.keys(unzipSync(archive))).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  });
});
