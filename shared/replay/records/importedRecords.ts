import { gzipSync } from 'node:zlib';
import { replay } from '../../bounds.js';
import { firehose } from '../../limits.js';
import { inflated } from './inflated.js';
import { linesOf } from './lines.js';
import type { Found } from './sourceRecord.js';

/** The lines of any object, gzip or not, as records that aggregate as many of them as a collector's do. */
export async function* importedRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Found> {
  yield* aggregated(linesOf(inflated(chunks)));
}

/** Puts lines together, up to the size of a record. */
export async function* aggregated(lines: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Found> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const line of lines) {
    if (bytes > 0 && bytes + line.length > replay.maxImportedBytes) {
      yield packed(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(line);
    bytes += line.length;
  }
  if (bytes > 0) yield packed(batch);
}

function packed(lines: readonly Buffer[]): Found {
  const data = gzipSync(Buffer.concat(lines), { level: replay.gzipLevel });
  if (data.length <= firehose.maxRecordBytes - replay.labelBytes) return { data };
  return { problem: 'a line is longer than a record of Firehose' };
}
