import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { type AsyncZippable, zip } from 'fflate';
import snappy from 'snappyjs';
import type { Compression } from '../stream/streamConfig.js';

/**
 * Compresses an object as Firehose does. `Snappy` is the stream format of snappy-java and not Google's framing format,
 * `HADOOP_SNAPPY` the blocks of Hadoop's codec: https://github.com/floci-io/floci/issues/2328 compares them with AWS's.
 */
export async function compress(chunks: readonly Buffer[], compression: Compression): Promise<readonly Uint8Array[]> {
  switch (compression) {
    case 'UNCOMPRESSED':
      return chunks;
    case 'GZIP':
      return gzip(chunks);
    case 'ZIP':
      return [await zipped({ [randomUUID()]: Buffer.concat(chunks) })];
    case 'Snappy':
      return [xerialHeader, ...(await snappyBlocks(chunks, (_, raw) => [raw]))];
    case 'HADOOP_SNAPPY':
      return snappyBlocks(chunks, (block, raw) => [block, raw]);
  }
}

/** The Content-Encoding that the delivered object carries. */
export function contentEncoding(compression: Compression): string | undefined {
  return contentEncodings[compression];
}

const contentEncodings: { readonly [compression in Compression]: string | undefined } = {
  UNCOMPRESSED: undefined,
  GZIP: 'gzip',
  ZIP: 'zip',
  Snappy: 'snappy-java',
  HADOOP_SNAPPY: 'hadoop-snappy',
};

async function gzip(chunks: readonly Buffer[]): Promise<Buffer[]> {
  const stream = createGzip();
  const compressed: Buffer[] = [];
  const writing = (async () => {
    for (const chunk of chunks) if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
    stream.end();
  })();
  for await (const chunk of stream) compressed.push(chunk as Buffer);
  await writing;
  return compressed;
}

const zipped = promisify((files: AsyncZippable, done: (error: Error | null, archive: Uint8Array) => void) =>
  zip(files, done),
);

/** `0x82 SNAPPY 0x00`, the version and the oldest compatible version of snappy-java's SnappyOutputStream. */
const xerialHeader = Buffer.from('82534e41505059000000000100000001', 'hex');

/** What both of snappy-java's streams compress at a time. */
const snappyBlockBytes = 32 * 1024;

/** Blocks compressed before other work gets a turn: about a millisecond's worth. */
const blocksInARow = 8;

async function snappyBlocks(
  chunks: readonly Buffer[],
  /** Those of the block and its raw compression whose lengths come first. */
  measured: (block: Buffer, raw: Buffer) => readonly Buffer[],
): Promise<Buffer[]> {
  const data = Buffer.concat(chunks);
  const frames: Buffer[] = [];
  for (let offset = 0, count = 1; offset < data.length; offset += snappyBlockBytes, count++) {
    const block = data.subarray(offset, offset + snappyBlockBytes);
    const raw = snappy.compress(block);
    frames.push(lengths(measured(block, raw)), raw);
    if (count % blocksInARow === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return frames;
}

/** Big-endian, as Java writes them. */
function lengths(measured: readonly Buffer[]): Buffer {
  const bytes = Buffer.alloc(4 * measured.length);
  for (const [index, { length }] of measured.entries()) bytes.writeUInt32BE(length, 4 * index);
  return bytes;
}
