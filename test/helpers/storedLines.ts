import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { duckDbEngine } from '../../functions/adapters/duckDbEngine.js';
import type { Bucket } from '../../local/backtest/buckets.js';
import { viewDefinition } from '../../shared/athena/views.js';
import { compaction } from '../../shared/bounds.js';
import { compactType } from '../../shared/compact/compactType.js';
import type { WindowLength } from '../../shared/compact/windows.js';
import { arrivedHour, landedPrefix } from '../../shared/line/partition.js';
import { type LogType, logTypes } from '../../shared/line/schema/index.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';
import { MemoryCatalog, MemoryStore } from './compaction/memoryStore.js';

export interface StoredLine {
  readonly type: LogType;
  /** ms since the epoch. */
  readonly ts: number;
  /** When it arrived, when not at once; ms since the epoch. */
  readonly arrival?: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** As many landed objects of each prefix as there are lists of lines, a gzip member for each line. */
export function storedBucket(...lists: (readonly StoredLine[])[]): Bucket {
  return bucketOf(contentsOf(lists));
}

/** A bucket in memory with these objects. */
export function bucketOf(contents: ReadonlyMap<string, Uint8Array>): Bucket {
  return {
    list: async (folder) =>
      [...contents].flatMap(([key, { length: size }]) => (key.startsWith(folder) ? [{ key, size }] : [])),
    open: async (key) => Readable.from([contents.get(key) ?? Buffer.of()]),
    file: async (key) => `${key} is no file`,
    forget: async () => undefined,
    close: async () => undefined,
  };
}

/** Landed objects in a data folder. */
export async function writeStored(data: string, ...lists: (readonly StoredLine[])[]): Promise<void> {
  await writeObjects(data, contentsOf(lists));
}

/**
 * The same after compaction: what landed in windows that have been closed for 20 minutes is Parquet, too.
 *
 * @param now when it ran, ms since the epoch
 */
export async function writeCompacted(
  data: string,
  { now, window = 'hour' }: { readonly now: number; readonly window?: WindowLength },
  ...lists: (readonly StoredLine[])[]
): Promise<void> {
  const store = new MemoryStore(() => now);
  for (const [key, body] of contentsOf(lists)) store.put(key, body);
  for (const type of logTypes) {
    await compactType(
      type,
      { id: 'test', until: Number.MAX_SAFE_INTEGER },
      {
        store,
        catalog: new MemoryCatalog(),
        engine: duckDbEngine({ memoryMB: 500, threads: 1, unpackedBytes: 1e9 }),
        now: () => now,
      },
      {
        window,
        landedDays: 14,
        retentionDays: 395,
        closingTime: compaction.closingTime,
        manifestBytes: 1000,
        unpackedBytes: 1e9,
        view: (type, boundary) => viewDefinition(type, 'test', boundary),
      },
    );
  }
  await writeObjects(data, new Map([...store.objects].map(([key, { body }]) => [key, body])));
}

async function writeObjects(data: string, contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [key, body] of contents) {
    const path = join(data, 's3', 'logs-bucket', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
  }
}

function contentsOf(lists: readonly (readonly StoredLine[])[]): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (const [index, lines] of lists.entries()) {
    for (const { type, ts, arrival = ts, columns } of lines) {
      const key = `${landedPrefix({ type }, arrivedHour(arrival))}${index}.json.gz`;
      const row = `${JSON.stringify({ ts: formatTimestamp(ts), ...columns })}\n`;
      contents.set(key, Buffer.concat([contents.get(key) ?? Buffer.of(), gzipSync(row)]));
    }
  }
  return contents;
}
