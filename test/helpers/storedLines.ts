import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { LandedObjects } from '../../local/backtest/storedObjects.js';
import { arrivedHour, landedPrefix } from '../../shared/line/partition.js';
import type { LogType } from '../../shared/line/schema/index.js';
import { formatTimestamp } from '../../shared/line/timestamp.js';

export interface StoredLine {
  readonly type: LogType;
  /** ms since the epoch. */
  readonly ts: number;
  /** When it arrived, when not at once; ms since the epoch. */
  readonly arrival?: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** As many objects of each prefix as there are lists of lines, a gzip member for each line. */
export function storedObjects(...lists: (readonly StoredLine[])[]): LandedObjects {
  const contents = contentsOf(lists);
  return {
    list: async (prefix) => [...contents.keys()].filter((name) => name.startsWith(prefix)),
    open: async (name) => Readable.from(contents.get(name) ?? []),
  };
}

/** The same as a data folder holds them. */
export async function writeStored(data: string, ...lists: (readonly StoredLine[])[]): Promise<void> {
  for (const [name, members] of contentsOf(lists)) {
    const path = join(data, 's3', 'logs-bucket', `${name}.json.gz`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.concat(members));
  }
}

function contentsOf(lists: readonly (readonly StoredLine[])[]): Map<string, Buffer[]> {
  const contents = new Map<string, Buffer[]>();
  for (const [index, lines] of lists.entries()) {
    for (const { type, ts, arrival = ts, columns } of lines) {
      const name = `${landedPrefix({ type }, arrivedHour(arrival))}${index}`;
      const row = `${JSON.stringify({ ts: formatTimestamp(ts), ...columns })}\n`;
      contents.set(name, [...(contents.get(name) ?? []), gzipSync(row)]);
    }
  }
  return contents;
}
