import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { StoredObjects } from '../../local/backtest/storedObjects.js';
import { partitionOf, partitionPath } from '../../shared/line/partition.js';
import type { LogType } from '../../shared/line/schema/index.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';

const HOUR = 3_600_000;

export interface StoredLine {
  readonly type: LogType;
  /** ms since the epoch. */
  readonly ts: number;
  /** The hour since the epoch that it is stored under, when that is not its own. */
  readonly hour?: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** As many objects of each partition as there are lists of lines, a gzip member for each line. */
export function storedObjects(...lists: (readonly StoredLine[])[]): StoredObjects {
  const contents = contentsOf(lists);
  return {
    list: async (partition) => [...contents.keys()].filter((name) => name.startsWith(`${partitionPath(partition)}/`)),
    open: async (name) => Readable.from(contents.get(name) ?? []),
  };
}

/** The same as a data folder holds them. */
export async function writeStored(data: string, ...lists: (readonly StoredLine[])[]): Promise<void> {
  for (const [name, members] of contentsOf(lists)) {
    const path = join(data, 's3', 'logs-bucket', 'logs', `${name}.json.gz`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.concat(members));
  }
}

function contentsOf(lists: readonly (readonly StoredLine[])[]): Map<string, Buffer[]> {
  const contents = new Map<string, Buffer[]>();
  for (const [index, lines] of lists.entries()) {
    for (const { type, ts, hour = Math.floor(ts / HOUR), columns } of lines) {
      const name = `${partitionPath(partitionOf(type, hour))}/${index}`;
      const row = `${JSON.stringify({ ts: formatTimestamp(ts), ...columns })}\n`;
      contents.set(name, [...(contents.get(name) ?? []), gzipSync(row)]);
    }
  }
  return contents;
}
